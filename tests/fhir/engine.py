"""A consent engine that reads R4 Consents and `PROFILE.md`, and nothing of ours: no import from the service.

It answers one question about one resource: does the outermost provision, with its exceptions, permit?
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache


@dataclass
class Asker:
    """Who asks, as a directory would know them: identifiers as (system, value), proven ones apart from claimed ones."""

    account: tuple[str, str]
    accounts: set[tuple[str, str]]
    claimed: set[tuple[str, str]]
    proven: set[tuple[str, str]]
    sure: bool
    peer: bool

    @property
    def every_name(self):
        return self.accounts | self.claimed


@dataclass
class Question:
    """What is asked: places as (kind, id); None is what the forum did not say."""

    action: str
    at: int
    platform: str
    on_person: bool
    places: dict[str, str]
    written: list[int | None]
    patient_first: bool | None


class Engine:
    """Decides by one Consent."""

    def __init__(self, consent):
        self.consent = consent
        contained = {it["resourceType"]: it for it in consent.get("contained", ())}
        self.team = contained.get("CareTeam", {}).get("participant", [])
        self.welcome = [
            it["valuePeriod"] for it in consent.get("extension", ()) if it["url"].endswith("/peers-welcome")
        ]

    def permits(self, asker, question):
        root = self.consent["provision"]
        assert root["type"] == "deny"
        return any(self._stands(inner, asker, question) for inner in root.get("provision", ()))

    def _stands(self, provision, asker, question):
        """A provision counts if it matches and none of its exceptions counts."""
        if not self._matches(provision, asker, question):
            return False
        return not any(self._stands(inner, asker, question) for inner in provision.get("provision", ()))

    def _matches(self, provision, asker, question):
        denies = provision["type"] == "deny"
        return (
            _contact(provision, question, denies)
            and _action(provision, question)
            and _within(provision.get("period", {}), question.at)
            and _place(provision, question, denies)
            and _written(provision, question, denies)
            and any(self._means(actor["reference"], asker, question, provision) for actor in provision["actor"])
        )

    def _means(self, reference, asker, question, provision):
        name, denies = _name(reference), provision["type"] == "deny"
        welcomed = self._welcomed(asker, question) and not _has(provision, "any-capacity")
        if name == "others":
            return "others" in self._classes(asker, question, denies) and not welcomed
        if name == "care-team":
            return "care-team" in self._classes(asker, question, denies) and (denies or not asker.peer)
        if name[0].endswith("/ns/professional"):
            return name in asker.accounts if denies else name == asker.account
        if welcomed:
            return False
        return name in asker.claimed if denies else name in asker.proven and not asker.peer

    def _classes(self, asker, question, denies):
        begun = [it for it in self.team if _has_begun(it, question.at) and _name(it["member"]) in asker.every_name]
        if not begun:
            return {"others"}
        surely = {asker.account} | asker.proven
        if asker.sure and any(
            _within(it.get("period", {}), question.at) and _name(it["member"]) in surely for it in begun
        ):
            return {"care-team"}
        return {"others", "care-team"} if denies else set()

    def _welcomed(self, asker, question):
        return asker.peer and any(_within(period, question.at) for period in self.welcome)


def _name(reference):
    if "reference" in reference:
        return reference["reference"].removeprefix("#")
    identifier = reference["identifier"]
    if identifier["system"].endswith("/ns/actor-group"):
        return identifier["value"]
    return identifier["system"], identifier["value"]


def _has(provision, modifier):
    return any(it["url"].endswith(f"/{modifier}") for it in provision.get("modifierExtension", ()))


def _contact(provision, question, denies):
    for extension in provision.get("modifierExtension", ()):
        if extension["url"].endswith("/any-capacity"):
            continue
        assert extension["url"].endswith("/contact"), "a modifier that is not understood"
        if question.patient_first is None:
            return denies
        if question.patient_first is not (extension["valueCode"] == "after"):
            return False
    return True


def _action(provision, question):
    if "action" not in provision:
        return True
    codes = [coding for action in provision["action"] for coding in action["coding"]]
    return any(it["system"].endswith("/hcp-action") and it["code"] == question.action for it in codes)


def _place(provision, question, denies):
    if "data" not in provision:
        return True
    return any(_is_in(data["reference"]["identifier"], question, denies) for data in provision["data"])


def _is_in(identifier, question, denies):
    kind = identifier["system"].rpartition("/")[2]
    if kind == "platform":
        return identifier["value"] == question.platform
    if not identifier["system"].endswith(f"/platform/{question.platform}/{kind}"):
        return False
    found = question.places.get(kind)
    if found is None:
        return denies and not question.on_person
    return found == identifier["value"]


def _written(provision, question, denies):
    if "dataPeriod" not in provision or question.on_person:
        return "dataPeriod" not in provision
    period = provision["dataPeriod"]
    if denies:
        return any(time is None or _within(period, time) for time in question.written)
    return all(time is not None and _within(period, time) for time in question.written)


def _has_begun(participant, at):
    start = participant.get("period", {}).get("start")
    return start is None or _instant(start) <= at


def _within(period, at):
    """FHIR's periods hold their end."""
    start, end = period.get("start"), period.get("end")
    return (start is None or _instant(start) <= at) and (end is None or at <= _instant(end))


@cache
def _instant(text):
    moment = datetime.fromisoformat(text)
    delta = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86400 + delta.seconds) * 1_000_000 + delta.microseconds
