"""What forums' replicas have, and until when they may go on by what they had before: said to patients and platforms.

INVARIANT: who is given a lease is on the books before the answer is read. So a change that is committed finds every
replica that may go on without it, and none gets a lease afterwards but on what holds the change.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import AccountKey, Instant
from governance.effective.errors import TooManyReplicasError, UnknownRevisionError
from governance.effective.models import find_revision
from governance.effective.replicas.models import KnownReplica, newest_about
from governance.ledger.head import Head, read_head

USUAL_LEASE_MS: Final = 5_000
LONGEST_LEASE_MS: Final = 30_000
_SECOND: Final = 1_000_000
REFRESHED: Final = 10 * _SECOND
"""So old what is written of a replica may be before it is written anew, though it says the same."""
HEARD_FOR: Final = 60 * _SECOND
"""Who was silent for so long holds no lease: the longest one, what the book is behind, and clocks that differ."""
_WRITING: Final = _SECOND
"""Until a transaction is committed, a lease may still be given on what was before it."""
MOST: Final = 100
"""Replicas of one forum that follow at one time."""


class Said(NamedTuple):
    """What a replica says of itself when it asks."""

    name: str
    applied: int | None
    """The revision that it answers by; none while it answers nobody yet."""
    lease_ms: int


class Having(StrEnum):
    """Whether a forum goes by what somebody chose."""

    NOBODY_FOLLOWS = "nobody_follows"
    """No replica of its own holds a lease: it asks us, or shows professionals nothing."""
    NOT_YET = "not_yet"
    APPLIED = "applied"


class Follows(NamedTuple):
    """How a forum's replicas stand to somebody's newest choices."""

    having: Having
    lease_seconds: int = 0
    """After so long at most, whoever has not got them shows professionals nothing."""


class Copy(NamedTuple):
    """A program of a forum's that decides by itself, as staff see it."""

    revision: int | None
    """By which it answers; none while it answers nobody, or counts from before a restore."""
    lease_ms: int
    heard: Instant


def copies(session: Session, keyring: Keyring, platform_id: UUID, now: Instant) -> list[Copy]:
    """Return the programs that hold, or held a moment ago, a lease on a forum; who is furthest behind comes first."""
    epoch = _epoch(session, keyring)
    found = [
        Copy(row.applied if row.ledger_epoch == epoch else None, row.lease_ms, Instant(row.heard))
        for row in _following(session, platform_id, now)
    ]
    return sorted(found, key=lambda one: (-1 if one.revision is None else one.revision, one.heard))


def is_written(session: Session, keyring: Keyring, platform_id: UUID, said: Said, now: Instant) -> bool:
    """Say whether all that a replica says is on the books, and fresh there."""
    row = KnownReplica.named(session, platform_id, said.name)
    if row is None or now - row.heard >= REFRESHED:
        return False
    return (row.applied, row.lease_ms, row.ledger_epoch) == (said.applied, said.lease_ms, _epoch(session, keyring))


def write_down(session: Session, keyring: Keyring, platform_id: UUID, said: Said, now: Instant) -> None:
    """Put a replica on the books, before it is answered. Raises `UnknownRevisionError`, `TooManyReplicasError`."""
    # THREAT: a patient would be told that a forum has what nobody could have sent it.
    if said.applied is not None and said.applied > find_revision(session, platform_id):
        raise UnknownRevisionError("`applied` is a revision that was never given out; fetch the bundle and begin anew")
    epoch, row = _epoch(session, keyring), KnownReplica.named(session, platform_id, said.name)
    if row is None:
        KnownReplica.forget_silent(session, platform_id, now - HEARD_FOR)
        if KnownReplica.count(session, platform_id) >= MOST:
            raise TooManyReplicasError(f"a forum has at most {MOST} replicas at one time; stop some, wait a minute")
        row = KnownReplica(platform_id=platform_id, name=said.name)
        session.add(row)
    row.ledger_epoch, row.applied = epoch, said.applied
    row.lease_ms, row.heard = said.lease_ms, now


def platforms_by(session: Session, platform_id: UUID, now: Instant) -> Instant:
    """Return by when a forum follows what this transaction changes: at once, or when its slowest lease is over."""
    rows = _following(session, platform_id, now)
    return Instant(now + 1_000 * _slowest(rows) + _WRITING) if rows else now


def follows(
    session: Session, keyring: Keyring, platform_id: UUID, patient: tuple[str, AccountKey], now: Instant
) -> Follows:
    """Return how a forum stands to the newest change about a patient, by their id, and their account there.

    The replica that is furthest behind counts.
    """
    rows = _following(session, platform_id, now)
    if not rows:
        return Follows(Having.NOBODY_FOLLOWS)
    wanted, epoch = _newest_about(session, platform_id, patient), _epoch(session, keyring)
    lease = -(-_slowest(rows) // 1_000)
    for row in rows:
        if row.ledger_epoch != epoch or row.applied is None or row.applied < wanted:
            return Follows(Having.NOT_YET, lease)
    return Follows(Having.APPLIED, lease)


def _following(session: Session, platform_id: UUID, now: Instant) -> Sequence[KnownReplica]:
    return KnownReplica.heard_since(session, platform_id, now - HEARD_FOR)


def _slowest(rows: Sequence[KnownReplica]) -> int:
    return max((row.lease_ms for row in rows), default=0)


def _newest_about(session: Session, platform_id: UUID, patient: tuple[str, AccountKey]) -> int:
    """Return the last revision of a forum at which its decisions felt a change of a patient; 0 if none ever did."""
    subjects = zip(("patient", "account"), patient, strict=True)
    return max(newest_about(session, platform_id, kind, subject) for kind, subject in subjects)


def _epoch(session: Session, keyring: Keyring) -> int:
    return (read_head(session, keyring) or Head()).epoch
