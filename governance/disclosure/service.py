"""Use cases of risk disclosure: what was told counts for permits, and for nothing else."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.data_keys import owner_of
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Action, Instant
from governance.disclosure.coverage import DAY, Ends, Span, Was, covered, lapses_at
from governance.disclosure.models import Acknowledgement, AskAgain, Reader
from governance.effective.service import Register
from governance.ledger.rows import keep
from governance.patients.contact.notices import Kind, put_away
from governance.policy.history import History, history_of
from governance.policy.records import number_of

RECORD: Final = "disclosure"
_ROOM: Final = "disclosure"


@dataclass(frozen=True, slots=True)
class Told:
    """Exactly what a person read: version, language, variant, and the hash of the words."""

    version: str
    language: str
    variant: str
    text_sha256: str
    understood: bool | None = None
    """Whether they answered every question of the check right in the end; none if they were not asked."""
    tries: int | None = None


def acknowledge(session: Session, keyring: Keyring, patient_id: UUID, told: Told, now: Instant) -> Acknowledgement:
    """Write down that a patient was told, and let permits count from now on.

    Refusals never need this.
    """
    _see(session, keyring, patient_id, now)
    acknowledgement = Acknowledgement(
        patient_id=patient_id,
        version=told.version,
        language=told.language,
        variant=told.variant,
        text_sha256=told.text_sha256,
        at=now,
        understood=told.understood,
        tries=told.tries,
    )
    session.add(acknowledgement)
    reader = _reader(session, patient_id, now)
    reader.informed = max(reader.informed, told.version, key=number_of)
    put_away(session, patient_id, now, Kind.LOOK_AGAIN)
    session.flush()
    history = history_of(session, RECORD)
    _put(Register(session, keyring, now), patient_id, coverage(session, patient_id, history))
    return acknowledgement


def current_acknowledgement(session: Session, patient_id: UUID) -> Acknowledgement | None:
    """Return what a patient acknowledged last."""
    return Acknowledgement.latest(session, patient_id)


def seen(session: Session, keyring: Keyring, patient_id: UUID, now: Instant) -> None:
    """Write down that a patient signed in: what they permit goes on counting. Raises `BrokenRowError`.

    Who was away too long is not brought back by it: they are asked again first.
    """
    last = _last_seen(session, patient_id)
    # Once a day is enough, and keeps somebody who signs in all the time from filling the ledger.
    if last is not None and now - last >= DAY:
        _see(session, keyring, patient_id, now)
        say_again(session, keyring, patient_id, now, history_of(session, RECORD))


def ask_again_from(session: Session, keyring: Keyring, patient_id: UUID, at: Instant, now: Instant) -> None:
    """Let whatever a patient was told before an instant, past or to come, count no more from it on.

    Such as from the day on which they come of an age. Every permit then asks again; refusals stay. An instant that is
    past and before all that they were told ends nothing, and is not kept.
    """
    ends_something = at > now or any(one.at < at for one in Acknowledgement.all_of(session, patient_id))
    if ends_something and session.get(AskAgain, (patient_id, int(at))) is None:
        keep(session, keyring, AskAgain(patient_id=patient_id, at=int(at)), of=owner_of("patient", patient_id))
    say_again(session, keyring, patient_id, now, history_of(session, RECORD))


def say_again(session: Session, keyring: Keyring, patient_id: UUID, now: Instant, history: History) -> None:
    """Write into a patient's row until when what they were told counts, if it says otherwise now.

    Of whom nothing is in force, as after an erasure, nothing is said. Raises `BrokenRowError`.
    """
    register = Register(session, keyring, now)
    said = register.said("patient", str(patient_id), _ROOM)
    spans = coverage(session, patient_id, history)
    if said and said != _fragment(spans):
        _put(register, patient_id, spans)


def coverage(session: Session, patient_id: UUID, history: History, more: Was | None = None) -> dict[Action, Span]:
    """Return from when to when each action is covered; `more`: as if this had been acknowledged too."""
    told = [Was(one.version, one.at) for one in Acknowledgement.all_of(session, patient_id)]
    last = _last_seen(session, patient_id)
    if more is not None:
        told, last = [*told, more], more.at
    return covered(told, history, Ends(last or 0, AskAgain.instants(session, patient_id)))


def note_read(session: Session, patient_id: UUID, version: str, now: Instant) -> None:
    """Write down that a patient read the notices of their page: nobody is told of the same thing twice."""
    reader = _reader(session, patient_id, now)
    reader.informed, reader.reminded = version, now
    put_away(session, patient_id, now, Kind.LOOK_AGAIN)


def _see(session: Session, keyring: Keyring, patient_id: UUID, now: Instant) -> None:
    """Note when somebody was seen; if they were away too long before, all that they were told until then has ended."""
    last = _last_seen(session, patient_id)
    if last is not None:
        lapse = lapses_at(last, history_of(session, RECORD))
        if lapse <= now and session.get(AskAgain, (patient_id, int(lapse))) is None:
            keep(session, keyring, AskAgain(patient_id=patient_id, at=lapse), of=owner_of("patient", patient_id))
    reader = _reader(session, patient_id, now)
    reader.seen = max(reader.seen, now)


def _last_seen(session: Session, patient_id: UUID) -> int | None:
    reader = session.get(Reader, patient_id)
    last = None if reader is not None else Acknowledgement.latest(session, patient_id)
    return reader.seen if reader is not None else None if last is None else last.at


def _reader(session: Session, patient_id: UUID, now: Instant) -> Reader:
    reader = session.get(Reader, patient_id)
    if reader is None:
        reader = Reader(patient_id=patient_id, seen=now, informed="")
        session.add(reader)
    return reader


def _put(register: Register, patient_id: UUID, spans: dict[Action, Span]) -> None:
    register.put("patient", str(patient_id), _ROOM, _fragment(spans))


def _fragment(spans: dict[Action, Span]) -> dict[str, Any]:
    return {"covered": {action.value: [start, end] for action, (start, end) in spans.items()}}
