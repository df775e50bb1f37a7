"""What happens around a commit: records to the journal before it, a signed checkpoint outside after it.

Events of SQLAlchemy's sessions; a session knows its place outside by `session.info["outside"]`.
"""

from typing import Final

import msgspec
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from governance.crypto.envelope import seal, unseal
from governance.crypto.keys import Keyring
from governance.ledger.checkpoints import Checkpoint, Signer, advance
from governance.ledger.errors import LedgerError
from governance.ledger.head import read_head
from governance.ledger.key_copies import changes_of, within
from governance.ledger.marks import Reached
from governance.ledger.outside import Outside

OUTSIDE: Final = "outside"
"""The key in `session.info`: an `Outside`, or `None` to keep nothing outside."""
_PENDING: Final = "governance.ledger"
_PURPOSE: Final = "ledger.journal"


class Pending:
    """What one transaction has for the place outside."""

    def __init__(self, keyring: Keyring) -> None:
        """Begin with nothing."""
        self.keyring = keyring
        self.appended = False
        self.began: Checkpoint | None = None
        self.checkpoint: Checkpoint | None = None
        self.set_aside = False
        self._records: list[tuple[bytes, SessionTransaction | None]] = []

    def add(self, session: Session, record: bytes) -> None:
        """Keep a record until the commit, or until the savepoint it belongs to is rolled back."""
        self._records.append((record, session.get_nested_transaction()))

    def take(self) -> list[bytes]:
        """Return the records not yet written."""
        records = [record for record, _ in self._records]
        self._records.clear()
        return records

    def forget(self, savepoint: SessionTransaction) -> None:
        """Drop the records of a savepoint and of those inside it."""
        self._records = [(record, inside) for record, inside in self._records if not within(inside, savepoint)]


def outside_of(session: Session) -> Outside | None:
    """Return the session's place outside. Raises `LedgerError` if nobody said where, or that there is none."""
    try:
        outside: Outside | None = session.info[OUTSIDE]
    except KeyError:
        raise LedgerError("nobody said where checkpoints are kept; this is a fault in the program") from None
    return outside


def pending_of(session: Session, keyring: Keyring) -> Pending:
    """Return what the session's transaction has pending."""
    pending: Pending = session.info.setdefault(_PENDING, Pending(keyring))
    return pending


def seal_record(keyring: Keyring, sequence: int, record: bytes) -> bytes:
    """Close a journal record so that it opens at its own place alone."""
    return seal(keyring.derive(_PURPOSE), record, _PURPOSE, str(sequence))


def open_record(keyring: Keyring, sequence: int, sealed: bytes) -> bytes:
    """Open a journal record. Raises `EnvelopeError`."""
    return unseal(keyring.derive(_PURPOSE), sealed, _PURPOSE, str(sequence))


@event.listens_for(Session, "before_commit")
def _before_commit(session: Session) -> None:
    pending: Pending | None = session.info.get(_PENDING)
    outside = session.info.get(OUTSIDE) if pending is None else outside_of(session)
    # A savepoint that is released is not yet a commit.
    if outside is None or session.in_nested_transaction():
        return
    # First everything that can fail: a record of a write that the database refused would be one too many.
    session.flush()
    keys = changes_of(session)
    # Before the records that open by them; and no key goes before the record of what it went for.
    if keys is not None:
        keys.copy_out(outside)
    if pending is not None:
        _journal(session, pending, outside)
    if keys is not None:
        keys.overwrite(outside)


def _journal(session: Session, pending: Pending, outside: Outside) -> None:
    keyring, records = pending.keyring, pending.take()
    if pending.appended:
        head = read_head(session, keyring)
        pending.checkpoint = None if head is None else Checkpoint(head.epoch, head.tree.size, head.tree.root)
    if pending.checkpoint is not None:
        # Behind its records: whoever finds it has them all.
        records.append(msgspec.json.encode(Reached(pending.checkpoint, pending.began)))
    if records:
        outside.write_journal(records, lambda sequence, record: seal_record(keyring, sequence, record))


@event.listens_for(Session, "after_commit")
def _after_commit(session: Session) -> None:
    pending: Pending | None = session.info.get(_PENDING)
    # A savepoint that is released is not yet a commit: what it holds may still be rolled back.
    if pending is None or pending.checkpoint is None or session.in_nested_transaction():
        return
    outside = outside_of(session)
    if outside is not None:
        if pending.set_aside:
            outside.set_aside(f"before-epoch-{pending.checkpoint.epoch}")
        advance(outside, Signer(pending.keyring), pending.checkpoint)


@event.listens_for(Session, "after_soft_rollback")
def _after_rollback(session: Session, ended: SessionTransaction) -> None:
    pending: Pending | None = session.info.get(_PENDING)
    if pending is not None and ended.nested:
        pending.forget(ended)


@event.listens_for(Session, "after_transaction_end")
def _after_end(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:
        session.info.pop(_PENDING, None)
