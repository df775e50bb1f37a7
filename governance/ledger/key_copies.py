"""Copies of wrapped data keys outside the database: what the journal tells of a person opens by that person's key.

Without them a restored database could not read what was said of those who came after the backup. They are written
before the journal, and overwritten when their key is destroyed. Wrapped as in the database, they open no more in any
other copy of the folder either, once their epoch is given up.
"""

from itertools import islice
from typing import Final, NamedTuple

import msgspec
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction, UOWTransaction

from governance.crypto.data_keys import unwrap
from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import EpochGoneError, Keyring
from governance.crypto.models import WrappedKey
from governance.ledger.outside import Outside

_CHANGED: Final = "governance.ledger.keys"
_AT_ONCE: Final = 500


class KeyCopy(msgspec.Struct, frozen=True):
    """A row of the data keys, as it is kept outside."""

    owner: str
    epoch: str
    wrapped: bytes


class _Change(NamedTuple):
    owner: str
    copy: KeyCopy | None
    """None where the key was destroyed."""
    inside: SessionTransaction | None
    """The savepoint that it belongs to."""


class KeyChanges:
    """The data keys that one transaction made and destroyed, as far as it is not rolled back."""

    def __init__(self) -> None:
        """Begin with none."""
        self._changes: list[_Change] = []

    def note(self, session: Session, key: WrappedKey) -> None:
        """Note that a key is new, wrapped anew or destroyed."""
        copy = None
        if key.epoch is not None and key.wrapped is not None:
            copy = KeyCopy(key.owner, key.epoch, key.wrapped)
        self._changes.append(_Change(key.owner, copy, session.get_nested_transaction()))

    def forget(self, savepoint: SessionTransaction) -> None:
        """Drop what belongs to a savepoint and to those inside it."""
        self._changes = [change for change in self._changes if not within(change.inside, savepoint)]

    def copy_out(self, outside: Outside) -> None:
        """Keep copies of the keys that were made. Raises `OutsideError`."""
        last = {change.owner: change.copy for change in self._changes}
        if made := [msgspec.json.encode(copy) for copy in last.values() if copy is not None]:
            outside.keep_keys(made)

    def overwrite(self, outside: Outside) -> None:
        """Overwrite the copies of the keys that were destroyed. Raises `OutsideError`."""
        if gone := {change.owner for change in self._changes if change.copy is None}:
            outside.forget_keys(_beginning(owner) for owner in sorted(gone))


def changes_of(session: Session) -> KeyChanges | None:
    """Return what the session's transaction did to data keys, if anything."""
    changes: KeyChanges | None = session.info.get(_CHANGED)
    return changes


def bring_back(session: Session, keyring: Keyring, outside: Outside) -> None:
    """Give a restored database the keys of those who came after the backup; none takes another one's place.

    Raises `OutsideError`.
    """
    copies = (copy for copy in map(_read, outside.kept_keys()) if copy is not None)
    while page := list(islice(copies, _AT_ONCE)):
        known = {row.owner for row in WrappedKey.of_owners(session, {copy.owner for copy in page})}
        lost = {copy.owner: copy for copy in page if copy.owner not in known and _opens(keyring, copy)}
        if lost:
            WrappedKey.put_back(session, [msgspec.structs.asdict(copy) for copy in lost.values()])


@event.listens_for(Session, "after_flush")
def _after_flush(session: Session, _context: UOWTransaction) -> None:
    for row in (*session.new, *session.dirty):
        if isinstance(row, WrappedKey):
            session.info.setdefault(_CHANGED, KeyChanges()).note(session, row)


@event.listens_for(Session, "after_soft_rollback")
def _after_rollback(session: Session, ended: SessionTransaction) -> None:
    changes = changes_of(session)
    if changes is not None and ended.nested:
        changes.forget(ended)


@event.listens_for(Session, "after_transaction_end")
def _after_end(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:
        session.info.pop(_CHANGED, None)


def within(inner: SessionTransaction | None, outer: SessionTransaction) -> bool:
    """Say whether a savepoint is another one, or lies inside it."""
    while inner is not None:
        if inner is outer:
            return True
        inner = inner.parent
    return False


def _beginning(owner: str) -> bytes:
    return b'{"owner":' + msgspec.json.encode(owner) + b","


def _read(body: bytes) -> KeyCopy | None:
    try:
        return msgspec.json.decode(body, type=KeyCopy)
    except msgspec.MsgspecError:
        # Overwritten, or of another hand.
        return None


def _opens(keyring: Keyring, copy: KeyCopy) -> bool:
    try:
        unwrap(keyring.epoch(copy.epoch), copy.owner, copy.wrapped)
    except (EnvelopeError, EpochGoneError):
        return False
    return True
