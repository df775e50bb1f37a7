"""The life of a job: written with its cause, leased, done or put off, dead, brought back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4, uuid5

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.db.base import new_id
from governance.decision.vocabulary import Instant
from governance.ledger.outbox import models
from governance.ledger.outbox.backoff import MOST_TRIES, SECOND, Chance, wait_after
from governance.ledger.outbox.errors import HopelessJobError, JobNotFoundError, LeaseLostError, code_of
from governance.ledger.outbox.models import LONGEST_KIND, DeadLetter, Lease, Leased
from governance.ledger.outbox.sealing import Payload, Personal, opened_payload, sealed_payload

LEASE: Final = 60 * SECOND
"""How long a job rests after the worker that held it was killed."""
MOST_SHOWN: Final = 1_000
_RECURRING: Final = UUID("6f0d1c52-0b5c-4d0e-9d7a-1c4f1e0f7a53")
"""Recurring jobs have their id from their kind, under this name space: two workers that start make one row."""


@dataclass(frozen=True, slots=True)
class Work:
    """A job as its handler sees it."""

    id: UUID
    kind: str
    due: Instant
    tries: int
    """1 at the first try. A further one may follow a try that did everything but say so."""
    payload: Payload = field(repr=False)


def enqueue(session: Session, keyring: Keyring, kind: str, payload: Payload | Personal, due: Instant) -> UUID:
    """Write a job in the caller's transaction: it will be done if that is committed, and only then.

    Raises `KeyGoneError` if it tells of a person who was erased.
    """
    if not 0 < len(kind) <= LONGEST_KIND:
        raise ValueError(f"a kind of job has a name of at most {LONGEST_KIND} letters")
    job_id = new_id()
    _add(session, keyring, {"id": job_id, "kind": kind, "due": due}, payload)
    return job_id


def ensure_recurring(session: Session, keyring: Keyring, kind: str, every: int, *, now: Instant) -> None:
    """Have a job of this kind done every so many microseconds, from now on; one row for a kind, however often asked."""
    job_id = uuid5(_RECURRING, kind)
    found = models.find_every(session, job_id)
    if found is None:
        _add(session, keyring, {"id": job_id, "kind": kind, "due": now, "every": every}, {})
    elif found != (every,):
        models.set_every(session, job_id, every)


def is_any_due(session: Session, kinds: Sequence[str], now: Instant, *, lease: int = LEASE) -> bool:
    """Say whether there is something to take; asking keeps nobody from writing."""
    return models.is_any_due(session, kinds, now, lease)


def take(session: Session, kinds: Sequence[str], now: Instant, *, lease: int = LEASE) -> Leased | None:
    """Lease the job that is due longest, for `lease` microseconds; none if nothing is due."""
    return models.lease_next(session, kinds, Lease(now, lease, uuid4()))


def prove(session: Session, job: Leased) -> None:
    """Lock the job's row and make sure that the lease is still this one. Raises `LeaseLostError`.

    INVARIANT: nothing is written for a job before this, in the same transaction. The clock is not asked: a lease
    that has run out is still ours while nobody took it.
    """
    if not models.change_leased(session, job, lease_token=job.lease_token):
        raise LeaseLostError("the lease is lost; somebody else does this job now")


def renew(session: Session, job: Leased, now: Instant, *, lease: int = LEASE) -> bool:
    """Hold a job for longer; false if it is no longer ours."""
    return models.change_leased(session, job, lease_until=now + lease)


def give_back(session: Session, job: Leased) -> bool:
    """Let somebody else take a job at once, as if it had not been tried; false if it is no longer ours."""
    return models.change_leased(session, job, lease_until=None, lease_token=None, tries=job.tries - 1)


def finish(session: Session, job: Leased, now: Instant) -> None:
    """Write that a job is done, in the transaction in which `prove` held: a recurring one waits for its next time."""
    if job.every is None:
        models.forget_leased(session, job)
    else:
        due = next_due(job.due, job.every, now)
        models.change_leased(session, job, due=due, lease_until=None, lease_token=None, tries=0, last_error=None)
    models.note_success(session, job.kind)


def discard(session: Session, job: Leased) -> None:
    """Forget a job that there is nothing to do for any more, in the transaction in which `prove` held.

    It says nothing of its kind: whether that works is for those to say that are done.
    """
    models.forget_leased(session, job)


def fail(session: Session, job: Leased, error: Exception, *, now: Instant, chance: Chance) -> None:
    """Write that a try failed: put off, or dead if it is hopeless or was tried too often.

    Recurring jobs never die: what runs every night must not stop for good after a bad week.
    """
    hopeless = isinstance(error, HopelessJobError) or job.tries >= MOST_TRIES
    kept = {"lease_until": None, "lease_token": None, "last_error": code_of(error)}
    if hopeless and job.every is None:
        # Of this job alone; whether its kind works is for the others to say.
        models.change_leased(session, job, dead=now, **kept)
        return
    wait = wait_after(job.tries, chance)
    if models.change_leased(session, job, due=now + min(wait, job.every or wait), **kept):
        models.note_failure(session, job.kind, now)


def open_work(session: Session, keyring: Keyring, job: Leased) -> Work:
    """Return a job as its handler sees it. Raises `BadPayloadError`, `KeyGoneError` if whose it is was erased."""
    payload = opened_payload(session, keyring, job.id, job.sealed_payload)
    return Work(job.id, job.kind, Instant(job.due), job.tries, payload)


def next_due(due: int, every: int, now: Instant) -> int:
    """Return when a recurring job is due next: later than now, in its old rhythm, what was missed left out."""
    missed = max(0, now - due) // every
    # After a clock was set back, what was due may lie ahead; the rhythm then begins anew.
    return min(due + (missed + 1) * every, now + every)


def find_dead(session: Session) -> Sequence[DeadLetter]:
    """Return the dead letters, the oldest first, at most a thousand."""
    return models.dead_letters(session, MOST_SHOWN)


def retry(session: Session, job_id: UUID, now: Instant) -> None:
    """Have a dead letter tried again, from now on. Raises `JobNotFoundError`."""
    if not models.revive(session, job_id, now):
        raise _no_such_letter()


def drop(session: Session, job_id: UUID) -> None:
    """Delete a dead letter for good. Raises `JobNotFoundError`."""
    if not models.drop_dead(session, job_id):
        raise _no_such_letter()


def _no_such_letter() -> JobNotFoundError:
    return JobNotFoundError("there is no such dead letter; `governance worker dead` lists them")


def _add(session: Session, keyring: Keyring, row: Mapping[str, Any], payload: Payload | Personal) -> None:
    sealed = sealed_payload(session, keyring, row["id"], payload)
    models.add_job(session, sealed_payload=sealed, **{"tries": 0, **row})
