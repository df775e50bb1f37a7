"""What our own records know of two people at a time: choices, standing, every decision and everything that was shown.

So that "was the rule kept?" is one look. What is read here is written into the case, sealed: from then on nothing of
it can be forgotten, and no row outside says whom the case is about.
"""

import hashlib
from typing import Final, NamedTuple

import msgspec
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.decide import explain
from governance.decision.facts import Conduct, Request, Words
from governance.decision.vocabulary import NOT_SENT, AccountKey, Action, Instant, PlatformId
from governance.effective.documents import HcpDocument, PatientDocument
from governance.effective.errors import BrokenRowError
from governance.effective.facts import People as Seen
from governance.effective.past import Past, in_force_then, revision_at
from governance.ledger.decisions.service import KEPT, Entry, Kind, each_about
from governance.reporting.protection.service import People

MOST: Final = 500
"""Entries that a case holds of one look; there are more only where somebody was watched all day."""
_UNKNOWN: Final = "unknown"


class Row(msgspec.Struct, frozen=True):
    """One decision, or one thing that a forum said it showed."""

    at: int
    shown: bool
    """Whether the forum told us that it showed this; else it asked us."""
    action: str
    answer: str
    """Of what was asked, our answer: `permit` or `refuse`. Of what was shown, what we would have said then."""
    why: str = ""
    """The step of the decision, for officers alone."""
    observed: bool = False

    @property
    def broke_the_rule(self) -> bool:
        """Say whether something was shown that was refused."""
        return self.shown and self.answer == "refuse" and not self.observed


class Known(msgspec.Struct, frozen=True):
    """Everything that was known of two people, as of an instant."""

    as_of: int
    choices: dict[str, str]
    standing: dict[str, str]
    rows: tuple[Row, ...]

    @property
    def shown_although_refused(self) -> bool:
        """Say whether the forum showed what we had refused: then the forum failed, too."""
        return any(row.broke_the_rule for row in self.rows)

    @property
    def digest(self) -> str:
        """Return what proves that nobody changed it since."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()


class _Reading(NamedTuple):
    session: Session
    keyring: Keyring
    people: People
    patient: AccountKey
    hcp: AccountKey
    conduct: Conduct


def known_of(session: Session, keyring: Keyring, people: People, conduct: Conduct, at: Instant) -> Known | None:
    """Return what was known of two people until an instant; none unless both accounts are known."""
    if people.patient is None or people.hcp is None:
        return None
    reading = _Reading(session, keyring, people, people.patient, people.hcp, conduct)
    revision = revision_at(session, people.platform_id, at)
    past = Past(session, keyring, people.platform_id, revision)
    since = Instant(at - KEPT)
    found = [one for one in each_about(session, keyring, [people.patient], since) if _is_theirs(one, reading, at)]
    rows = tuple(_row(reading, one) for one in found[:MOST])
    return Known(int(at), _choices(past, reading), _standing(past, reading, at), rows)


def _is_theirs(entry: Entry, reading: _Reading, at: Instant) -> bool:
    same_forum = entry.platform_id == reading.people.platform_id
    return same_forum and entry.logged.viewer == reading.hcp and entry.at <= at


def _row(reading: _Reading, entry: Entry) -> Row:
    logged = entry.logged
    if entry.kind is Kind.SHOWN:
        answer, why = _would_have_said(reading, entry)
        return Row(int(entry.at), shown=True, action=logged.action, answer=answer, why=why, observed=logged.observed)
    answer, why = ("permit" if logged.permit else "refuse"), "" if logged.step is None else str(logged.step)
    return Row(int(entry.at), shown=False, action=logged.action, answer=answer, why=why, observed=logged.observed)


def _would_have_said(reading: _Reading, entry: Entry) -> tuple[str, str]:
    """Return what we would have answered then; `unknown` where it depends on when the post was written."""
    platform, logged = reading.people.platform_id, entry.logged
    revision = logged.revision or revision_at(reading.session, platform, entry.at)
    reader = in_force_then(reading.session, reading.keyring, platform, revision)
    seen = Seen(reading.hcp, frozenset({reading.patient}))
    try:
        facts = reader.facts(seen, [logged.community] if logged.community else [], reading.conduct)
    except BrokenRowError:
        return _UNKNOWN, ""
    told = [explain(request, facts).decision for request in _requests(reading, entry)]
    if told[0].permit != told[1].permit:
        return _UNKNOWN, ""
    return ("permit" if told[0].permit else "refuse"), str(told[0].verdict.step)


def _requests(reading: _Reading, entry: Entry) -> list[Request]:
    """Return the question twice: of a post written just then, to which the patient wrote first, and of any post."""
    logged, platform = entry.logged, PlatformId(str(reading.people.platform_id))
    words = Words(
        author=reading.patient,
        community=logged.community or NOT_SENT,
        thread=logged.thread or NOT_SENT,
        post=logged.post or NOT_SENT,
    )
    fresh = Words(words.author, words.community, words.thread, words.post, created=entry.at, edited=None)
    action = Action(logged.action)
    return [
        Request(platform, reading.hcp, action, (fresh,), entry.at, initiated_by_patient=True),
        Request(platform, reading.hcp, action, (words,), entry.at),
    ]


def _choices(past: Past, reading: _Reading) -> dict[str, str]:
    account = past.accounts([reading.patient]).get(reading.patient)
    try:
        document = None if account is None else account.patient()
    except BrokenRowError:
        return {"record": _UNKNOWN}
    return {"record": "none"} if document is None else _said_of(document, reading.hcp)


def _said_of(document: PatientDocument, hcp: AccountKey) -> dict[str, str]:
    named = [line.effect.value for line in document.lines if hcp in {line.name, *getattr(line, "names", ())}]
    said = {
        "record": "erased" if document.erased else "there",
        "hold": "yes" if document.hold else "no",
        "care_team": document.levels[0].value,
        "others": document.levels[1].value,
        "named": ", ".join(sorted(set(named))),
        "blocked": "yes" if any(block[0] == hcp for block in document.blocks) else "no",
        "layers": str(len(document.layers)),
    }
    return {name: value for name, value in said.items() if value}


def _standing(past: Past, reading: _Reading, at: Instant) -> dict[str, str]:
    account = past.accounts([reading.hcp]).get(reading.hcp)
    try:
        document = None if account is None else account.hcp()
        marks = "" if account is None else " ".join(sorted(account.marks()))
    except BrokenRowError:
        return {"record": _UNKNOWN}
    return {"marks": marks or "none", **({"record": "none"} if document is None else _stood(document, at))}


def _stood(document: HcpDocument, at: Instant) -> dict[str, str]:
    blocked = any(start <= at < end for start, end in document.blocks)
    return {
        "record": "there",
        "status": document.status.value,
        "assurance": f"A{int(document.assurance)}",
        "checked": "yes" if at < document.checked_until else "no",
        "blocked": "yes" if blocked else "no",
    }
