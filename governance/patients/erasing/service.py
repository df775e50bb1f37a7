"""Deleting a patient's whole record: asked for with proof, hidden at once, final after a wait that they can stop."""

from collections.abc import Sequence
from typing import Final, NamedTuple
from uuid import UUID

import msgspec
import structlog
from sqlalchemy.orm import Session

from governance.crypto.data_keys import DataKeys, KeyGoneError, owner_of
from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import EpochGoneError, Keyring
from governance.decision.vocabulary import Instant
from governance.effective.erasure import erase
from governance.effective.layers import Layers, Party, refuse_all
from governance.ledger.head import Head, read_head
from governance.ledger.holding import Holding
from governance.ledger.outbox.mailing import Letter, enqueue_parting_mail
from governance.ledger.rows import forget, keep
from governance.ledger.service import append, pseudonym
from governance.patients.contact.notices import Kind, notify
from governance.patients.contact.service import contact_of
from governance.patients.erasing.models import ErasureRequest
from governance.patients.forums.models import Joined
from governance.patients.whose import whose
from governance.ui.mail import Notice

ERASING: Final = Party("erasing")
"""The layer that refuses everything to every professional while an erasure waits, over all of the patient's choices."""
_PLACE: Final = ("erasure_request", "sealed_wish")
_ENTRY: Final = "erasure_request"
_UNREADABLE: Final = (EnvelopeError, EpochGoneError, KeyGoneError)
_log = structlog.get_logger()


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is sealed: when it was asked for, when it is due, after what wait."""

    asked: int
    due: int
    wait: int
    epoch: int
    """Of the ledger. A restore begins a new one: who knows whether it was stopped since the backup."""


class Waiting(NamedTuple):
    """An erasure that waits, as its patient sees it."""

    asked: Instant
    due: Instant


def ask(session: Session, keyring: Keyring, patient_id: UUID, now: Instant, *, wait: int) -> None:
    """Have a patient deleted after a wait, in microseconds, and hide them from every professional at once.

    The door has asked for proof. Asked twice, the first time counts.
    """
    if session.get(ErasureRequest, patient_id, with_for_update=True) is not None:
        return
    Layers(session, keyring, patient_id, now).add(ERASING, refuse_all(ERASING))
    row = ErasureRequest(patient_id=patient_id)
    _seal(session, keyring, row, now, wait)
    _enter(session, keyring, row, now, "asked")
    # THREAT: somebody who got hold of the proof deletes what protects them.
    notify(session, keyring, patient_id, Kind.ERASING, now)


def stop(session: Session, keyring: Keyring, patient_id: UUID, now: Instant) -> bool:
    """Stop an erasure that waits, by nothing but a press; say whether one did.

    The layer stays until the patient takes it away with proof: stopping must open nothing.
    """
    row = session.get(ErasureRequest, patient_id, with_for_update=True)
    if row is None:
        return False
    _enter(session, keyring, row, now, "stopped")
    forget(session, keyring, row)
    return True


def waiting(session: Session, keyring: Keyring, patient_id: UUID) -> Waiting | None:
    """Return the erasure that waits for a patient, if one does."""
    row = session.get(ErasureRequest, patient_id)
    wish = None if row is None else _opened(session, keyring, row)
    return None if wish is None else Waiting(Instant(wish.asked), Instant(wish.due))


def take_effect(
    session: Session, keyring: Keyring, row: ErasureRequest, now: Instant, holdings: Sequence[Holding]
) -> bool:
    """Erase a patient whose wait is over; say whether it was done.

    After a restore the wait begins once more, and the patient is told: whoever stopped it since the backup can stop it
    again, where no journal told us. A row of another hand erases nobody, and wakes somebody.
    """
    wish = _opened(session, keyring, row)
    if wish is None or now < wish.due:
        return False
    if wish.epoch != _epoch(session, keyring):
        _seal(session, keyring, row, now, wish.wait)
        notify(session, keyring, row.patient_id, Kind.ERASING, now)
        return False
    erase_whole(session, keyring, row.patient_id, now, holdings)
    return True


def erase_whole(
    session: Session, keyring: Keyring, patient_id: UUID, now: Instant, holdings: Sequence[Holding]
) -> None:
    """Leave of a patient what refuses for ever, as digests, and nothing else that any room holds."""
    _say_farewell(session, keyring, patient_id, now)
    # What rests in this record is the same person's, and nobody would ever come for it.
    for one in (*Joined.resting_in(session, patient_id), patient_id):
        erase(session, keyring, one, now, final_at=now)
        forget_rows(session, keyring, one, now, holdings)


def forget_rows(
    session: Session, keyring: Keyring, patient_id: UUID, now: Instant, holdings: Sequence[Holding]
) -> None:
    """Delete every room's rows about somebody whose tombstone stands; a restore that repeats it calls this too."""
    theirs = whose(session, patient_id, now)
    for holding in holdings:
        holding.forgotten(session, keyring, theirs)
    session.flush()


def _say_farewell(session: Session, keyring: Keyring, patient_id: UUID, now: Instant) -> None:
    found = contact_of(session, keyring, patient_id)
    if found is not None and found[1]:
        contact = found[0]
        letter = Letter(owner_of("patient", patient_id), contact.address, Notice.DONE, language=contact.language)
        enqueue_parting_mail(session, keyring, letter, now=contact.next_time(now))


def _seal(session: Session, keyring: Keyring, row: ErasureRequest, now: Instant, wait: int) -> None:
    owner = owner_of("patient", row.patient_id)
    wish = Wish(now, now + wait, wait, _epoch(session, keyring))
    row.due = wish.due
    row.sealed_wish = DataKeys(session, keyring).of(owner).seal(msgspec.json.encode(wish), *_place(row))
    # Restored without it, somebody who was promised to be gone by a day would not be.
    keep(session, keyring, row, of=owner)


def _opened(session: Session, keyring: Keyring, row: ErasureRequest) -> Wish | None:
    try:
        key = DataKeys(session, keyring).known(owner_of("patient", row.patient_id))
        return msgspec.json.decode(key.unseal(row.sealed_wish, *_place(row)), type=Wish)
    except _UNREADABLE as error:
        _log.critical("broken_row", kind="erasure_request", code=error.code)
        return None


def _place(row: ErasureRequest) -> tuple[str, str, str]:
    return (*_PLACE, str(row.patient_id))


def _epoch(session: Session, keyring: Keyring) -> int:
    return (read_head(session, keyring) or Head()).epoch


def _enter(session: Session, keyring: Keyring, row: ErasureRequest, now: Instant, what: str) -> None:
    whom = pseudonym(keyring, "patient", str(row.patient_id))
    append(session, keyring, now, _ENTRY, {"subject": whom, "what": what, "due": row.due})
