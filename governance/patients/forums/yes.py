"""Letting a yes count on one more forum: like every opening it takes a proof and a wait, and can be stopped.

INVARIANT: a permit counts on a forum only where its patient said so, from a session of that very forum.
"""

import hmac
import secrets
from collections.abc import Callable
from typing import Final, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring, length_prefixed
from governance.db.base import new_id
from governance.decision.loosens import Witness
from governance.decision.vocabulary import Instant
from governance.effective.documents import PatientDocument
from governance.effective.forums import ROOM, on_platform
from governance.effective.judge import Judge
from governance.effective.service import Register
from governance.errors import NotFoundError
from governance.ledger.head import Head, read_head
from governance.ledger.outbox.errors import BadPayloadError
from governance.ledger.outbox.handlers import Effect, Handler
from governance.ledger.outbox.service import Work as Job
from governance.ledger.outbox.service import enqueue
from governance.ledger.service import append, pseudonym
from governance.patients.forums.models import YesWish

KIND: Final = "yes_on_forum"
"""The kind of job that lets a yes count when it is due."""


class NoWishError(NotFoundError):
    """Nothing of the kind waits."""

    code = "no_wish"


class Counting(NamedTuple):
    """Whether a patient's yes counts on a forum, and whom it would let in there."""

    counts: bool
    witness: Witness | None
    document: PatientDocument


def counting(session: Session, keyring: Keyring, patient_id: UUID, platform_id: UUID, now: Instant) -> Counting:
    """Return whether a patient's yes counts on a forum, and what it would open there. Raises `BrokenRowError`."""
    document: PatientDocument = Register(session, keyring, now).document("patient", str(patient_id))
    there = on_platform(document, str(platform_id))
    # Layers are taken away at once: what was said under one must not open with it, so nobody looks behind them here.
    bare, opened = (msgspec.structs.replace(one, layers=(), blocks=(), hold=False) for one in (there, document))
    return Counting(there is document, Judge().witness(bare, opened), document)


def wish(session: Session, keyring: Keyring, whose: tuple[UUID, UUID], span: tuple[Instant, Instant]) -> YesWish:
    """Have a patient's yes (`whose`: patient and platform) count from the end of a span on; the old wish goes."""
    (patient_id, platform_id), (made, due), token = whose, span, secrets.token_urlsafe(32)
    for old in YesWish.open_of(session, patient_id):
        if old.platform_id == platform_id:
            _end(session, keyring, old, "changed", made)
    row = YesWish(id=new_id(), patient_id=patient_id, platform_id=platform_id, made=made, due=due, proof="")
    row.proof = _proof(session, keyring, row, token)
    session.add(row)
    session.flush()
    enqueue(session, keyring, KIND, {"wish": str(row.id), "token": token}, due)
    _enter(session, keyring, row, "made", made)
    return row


def cancel(session: Session, keyring: Keyring, patient_id: UUID, wish_id: UUID, now: Instant) -> None:
    """Stop a wish before it is due, by nothing but a press. Raises `NoWishError`."""
    row = YesWish.locked(session, wish_id)
    if row is None or row.patient_id != patient_id or row.ended is not None:
        raise NoWishError("this does not wait any more; look at your forums to see what counts now")
    _end(session, keyring, row, "cancelled", now)


def stop_wishes(session: Session, keyring: Keyring, patient_id: UUID, why: str, now: Instant) -> None:
    """Stop every wish of a patient that waits."""
    for row in YesWish.open_of(session, patient_id):
        _end(session, keyring, row, why, now)


def take_effect(session: Session, keyring: Keyring, wish_id: UUID, token: str, now: Instant) -> bool:
    """Let a yes count on the forum that a wish names, once; say whether it does now."""
    row = YesWish.locked(session, wish_id)
    if row is None or row.ended is not None or now < row.due:
        return False
    if not hmac.compare_digest(row.proof, _proof(session, keyring, row, token)):
        return False
    register, subject = Register(session, keyring, now), str(row.patient_id)
    yes_on = register.said("patient", subject, ROOM).get("yes_on")
    if yes_on is not None:
        register.put("patient", subject, ROOM, {"yes_on": sorted({*yes_on, str(row.platform_id)})})
    _end(session, keyring, row, "in_force", now)
    return True


def yes_handler(keyring: Keyring, clock: Callable[[], Instant]) -> Handler:
    """Return what lets a yes count, in the transaction that ends the job: so it happens once."""

    def handle(job: Job) -> Effect:
        wish_id, token = job.payload.get("wish"), job.payload.get("token")
        if not isinstance(wish_id, str) or not isinstance(token, str):
            raise BadPayloadError("a job of this kind needs a wish and its token")
        number = UUID(wish_id)

        def effect(session: Session) -> None:
            take_effect(session, keyring, number, token, clock())

        return effect

    return handle


def _proof(session: Session, keyring: Keyring, row: YesWish, token: str) -> str:
    # The ledger's epoch: a restore begins a new one, and who knows what was stopped since the backup.
    epoch = (read_head(session, keyring) or Head()).epoch
    said = (str(row.id), str(row.patient_id), str(row.platform_id), str(row.due), str(epoch), token)
    return hmac.digest(keyring.derive("yes-wish"), length_prefixed(*said), "sha256").hex()


def _end(session: Session, keyring: Keyring, row: YesWish, why: str, now: Instant) -> None:
    row.ended, row.outcome = now, why
    session.flush()
    _enter(session, keyring, row, why, now)


def _enter(session: Session, keyring: Keyring, row: YesWish, what: str, now: Instant) -> None:
    whose = pseudonym(keyring, "patient", str(row.patient_id))
    append(session, keyring, now, "yes_wish", {"what": what, "subject": whose, "due": row.due})
