"""One version of a patient's choices as a Consent resource (R4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from governance.decision.facts import Author, TeamEntry
from governance.decision.provisions import ALWAYS, CARE_TEAM, Interval
from governance.decision.vocabulary import FOREVER, UNKNOWN, Instant
from governance.fhir.codes import code, concept
from governance.fhir.narrative import narrative
from governance.fhir.nesting import Node, nested
from governance.fhir.provisions import Names, root_provision
from governance.fhir.rules import Rule, rules_of_author
from governance.fhir.times import day, day_of, moment, period

_LANGUAGE: Final = "en-GB"


@dataclass(frozen=True, slots=True)
class Version:
    """A version as it is told: its number, from when to when it counted, and what it says."""

    number: int
    during: Interval
    rules: Sequence[Rule]

    @property
    def is_in_force(self) -> bool:
        """Whether nothing superseded it yet."""
        return self.during.end == FOREVER


def consent_by_class(consent_id: str, account: str, version: Version, names: Names) -> dict[str, Any]:
    """Return a version for the platform whose account this is; it names nobody, and its times are days and hours."""
    started = version.during.start
    until = version.during.end if version.is_in_force else day_of(version.during.end)
    during = Interval(day_of(started), max(until, Instant(day_of(started) + 1)))
    whose = {"identifier": {"system": names.spaces.of("account"), "value": account}}
    nodes = nested(version.rules)
    return {
        "resourceType": "Consent",
        "id": consent_id,
        "meta": {"versionId": str(version.number), "lastUpdated": moment(day_of(started))},
        "language": _LANGUAGE,
        "text": _text(version, nodes, names),
        **_frame(version, nodes, whose, names),
        "dateTime": day(started),
        "provision": root_provision(nodes, during, names),
    }


def own_consent(
    consent_id: str, author: Author, version: Version, names: Names, accounts: Sequence[dict[str, Any]] = ()
) -> dict[str, Any]:
    """Return a version for the patient alone: everything, with the people it names. `accounts`: their own, as ids."""
    whose = {"reference": "#patient"}
    nodes = nested(version.rules)
    return {
        "resourceType": "Consent",
        "id": consent_id,
        "meta": {"versionId": str(version.number), "lastUpdated": moment(version.during.start)},
        "language": _LANGUAGE,
        "text": _text(version, nodes, names),
        "contained": [_patient(accounts), _care_team(author.care_team, names)],
        **_welcome(author, names),
        **_frame(version, nodes, whose, names),
        "dateTime": moment(version.during.start),
        "provision": root_provision(nodes, version.during, names),
    }


def version_of(number: int, during: Interval, author: Author) -> Version:
    """Return a version with everything that it says."""
    return Version(number, during, tuple(rules_of_author(author)))


def _frame(version: Version, nodes: Sequence[Node], whose: dict[str, Any], names: Names) -> dict[str, Any]:
    """Return what is the same for everybody who reads."""
    spaces = names.spaces
    rule = "OPTOUTE" if nodes else "OPTOUT"
    return {
        "status": code("Consent.status", "active" if version.is_in_force else "inactive"),
        "scope": concept("Consent.scope", "patient-privacy"),
        "category": [concept("Consent.category", "59284-0")],
        "patient": whose,
        "performer": [whose],
        "organization": [{"identifier": {"system": spaces.of("service"), "value": spaces.public_url}}],
        "policy": [{"authority": spaces.public_url, "uri": f"{spaces.public_url}/v1/policies"}],
        "policyRule": concept("Consent.policyRule", rule),
    }


def _text(version: Version, nodes: Sequence[Node], names: Names) -> dict[str, str]:
    refusals = [rule for rule in version.rules if rule.refuses]
    return narrative(version.during, [node.rule for node in nodes], refusals, names)


def _patient(accounts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    patient: dict[str, Any] = {"resourceType": "Patient", "id": "patient"}
    return {**patient, "identifier": list(accounts)} if accounts else patient


def _care_team(entries: Sequence[TeamEntry], names: Names) -> dict[str, Any]:
    team: dict[str, Any] = {
        "resourceType": "CareTeam",
        "id": "care-team",
        "status": code("CareTeam.status", "active"),
        "name": names.display(CARE_TEAM),
    }
    members = [_member(entry, names) for entry in entries]
    return {**team, "participant": members} if members else team


def _member(entry: TeamEntry, names: Names) -> dict[str, Any]:
    told: dict[str, Any] = {"member": names.reference(entry.member)}
    if entry.during == ALWAYS:
        return told
    start, end = entry.during
    # Who left in the microsecond of joining is listed with that one: who was a member ever falls under both classes.
    return {**told, "period": period(Interval(start, max(end, Instant(start + 1))))}


def _welcome(author: Author, names: Names) -> dict[str, Any]:
    """Return the extension that says from when professionals who are here as patients are met as any member."""
    if not (author.peers_welcome and author.record) or author.adult_from is UNKNOWN:
        return {}
    since = {"start": moment(author.adult_from)}
    return {"extension": [{"url": names.spaces.peers_welcome, "valuePeriod": since}]}
