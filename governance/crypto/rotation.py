"""Rotation: all data keys are wrapped anew under the newest epoch, batch by batch, so that an old one can go."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from governance.crypto.data_keys import unwrap, wrap
from governance.crypto.envelope import EnvelopeError
from governance.crypto.epochs import last_used, wrapping_epoch
from governance.crypto.keys import Epoch, Keyring, KeySet
from governance.crypto.models import StoredKey, WrappedKey, write_rewrapped
from governance.errors import GovernanceError

BATCH: Final = 1000
"""Data keys in one transaction: other writers wait for about 0.1 seconds."""


class CannotRetireError(GovernanceError):
    """An epoch is still needed."""

    code = "cannot_retire"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the data keys of a database stand against the key document."""

    by_epoch: dict[str, int]
    """For every epoch of the key document, oldest first."""
    unreadable: int
    """Under epochs that are not in the key document."""
    destroyed: int
    unfinished: bool
    """A rotation was begun and did not come to its end."""


@dataclass(frozen=True, slots=True)
class Page:
    """What one batch did; the next one goes on after `last`, which is empty if there is none."""

    last: str
    done: int
    broken: int
    """Data keys that do not open: they were changed by another hand, and stay as they are."""


def standing(session: Session, keys: KeySet) -> Standing:
    """Count the data keys of a database."""
    counts = WrappedKey.counts(session)
    by_epoch = {epoch.id: counts.get(epoch.id, 0) for epoch in keys.epochs}
    unknown = sum(count for epoch, count in counts.items() if epoch is not None and epoch not in by_epoch)
    older = sum(by_epoch.values()) - by_epoch[keys.newest.id]
    unfinished = older > 0 or last_used(session) < keys.newest.number
    return Standing(by_epoch, unknown, counts.get(None, 0), unfinished)


def rewrap(session: Session, keyring: Keyring, after: str = "", limit: int = BATCH) -> Page:
    """Wrap a batch of data keys anew, in the caller's transaction. Raises `EpochGoneError`."""
    newest = wrapping_epoch(session, keyring)
    older = [epoch.id for epoch in keyring.epochs if epoch.number < newest.number]
    # One more than is wrapped: whether this batch is the last one is known in its own transaction.
    found = WrappedKey.page_under(session, older, after, limit + 1)
    page = found[:limit]
    rows = [row for row in (_rewrapped(key, keyring, newest) for key in page) if row is not None]
    if rows:
        write_rewrapped(session, rows)
    return Page(page[-1].owner if len(found) > limit else "", len(rows), len(page) - len(rows))


def check_retirement(session: Session, keys: KeySet, epoch: str) -> None:
    """Raise `CannotRetireError` while an epoch is needed by this database."""
    known = keys.epoch(epoch)
    if known is None or known.number >= last_used(session):
        raise CannotRetireError(
            "only an epoch from before the last rotation can go; run `governance keys rotate` first"
        )
    if WrappedKey.counts(session).get(epoch):
        raise CannotRetireError("data keys are still under this epoch; run `governance keys rotate` to its end first")


def _rewrapped(key: StoredKey, keyring: Keyring, newest: Epoch) -> dict[str, object] | None:
    try:
        secret = unwrap(keyring.epoch(key.epoch), key.owner, key.wrapped)
    except EnvelopeError:
        return None
    return {"of": key.owner, "under": key.epoch, "to": newest.id, "now": wrap(newest, key.owner, secret)}
