"""What an officer hears a young person about: asked at any hour, heard within a working day."""

from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.errors import NotFoundError
from governance.ledger.outbox.service import enqueue
from governance.ledger.rows import keep
from governance.ledger.service import append, pseudonym
from governance.patients.ages.bands import next_working_day
from governance.patients.ages.service import People
from governance.patients.guardians.models import Hearing
from governance.policy.current import policies

OVERDUE: Final = "hearing_overdue"
"""The kind of job that looks, when the working day is over, whether an officer heard the young person."""
_ENTRY: Final = "hearing"


class Subject(StrEnum):
    """About what."""

    LAYER = "layer"
    """A refusal that a child below the age of own choice wants away."""
    LINK = "link"
    """A guardian whom the young person does not accept."""
    WISH = "wish"
    """A wish that names a professional: guardians never see names."""
    COUNTRY = "country"
    """A country in which the young person would decide earlier alone."""
    DISAGREEMENT = "disagreement"
    """Two guardians who want different things; the stricter holds meanwhile."""


class Outcome(StrEnum):
    """What an officer decided."""

    GRANTED = "granted"
    KEPT = "kept"


def ask(session: Session, keyring: Keyring, patient_id: UUID, about: tuple[Subject, str], now: Instant) -> Hearing:
    """Have an officer hear a young person about something; asked twice, it is heard once."""
    kind, what = about
    for standing in Hearing.open_of(session, patient_id):
        if (standing.kind, standing.about) == (kind.value, what):
            return standing
    return _begin(session, keyring, patient_id, about, now)


def ask_for_country(
    session: Session, keyring: Keyring, patient_id: UUID, wish: tuple[People, str], now: Instant
) -> None:
    """Have an officer hear a young person about a country; where somebody lives is written down sealed."""
    people, country = wish
    wished = people.told(patient_id).wished
    if all(wished.get(one.id.hex) != country for one in Hearing.open_of(session, patient_id)):
        hearing = _begin(session, keyring, patient_id, (Subject.COUNTRY, ""), now)
        people.wishes_country(patient_id, hearing.id, country)


def decide(session: Session, keyring: Keyring, hearing_id: UUID, outcome: Outcome, now: Instant) -> Hearing:
    """Write down what an officer decided after hearing the young person. Raises `NotFoundError`."""
    hearing = Hearing.locked(session, hearing_id)
    if hearing is None or hearing.heard is not None:
        raise NotFoundError("no such request waits; `governance guardian requests` lists those that do")
    hearing.heard, hearing.outcome = now, outcome.value
    keep(session, keyring, hearing)
    _enter(session, keyring, hearing, now, outcome.value)
    return hearing


def _begin(session: Session, keyring: Keyring, patient_id: UUID, about: tuple[Subject, str], now: Instant) -> Hearing:
    due, (kind, what) = next_working_day(now, policies().desk.staff_days), about
    hearing = Hearing(patient_id=patient_id, kind=kind.value, about=what, asked=now, due=due)
    keep(session, keyring, hearing)
    enqueue(session, keyring, OVERDUE, {"hearing": str(hearing.id)}, due)
    _enter(session, keyring, hearing, now, "asked")
    return hearing


def _enter(session: Session, keyring: Keyring, hearing: Hearing, now: Instant, what: str) -> None:
    whose = pseudonym(keyring, "patient", str(hearing.patient_id))
    append(session, keyring, now, _ENTRY, {"subject": whose, "hearing": hearing.id.hex, "what": what})
