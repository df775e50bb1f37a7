"""Writing the ledger: an entry in the transaction of its effect, a journal record before it is committed."""

import hmac
from typing import Final

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring, length_prefixed
from governance.decision.vocabulary import Instant
from governance.ledger import models
from governance.ledger.checkpoints import FIRST, Checkpoint, Signer, advance, newest
from governance.ledger.commits import outside_of, pending_of
from governance.ledger.entries import Facts, encode
from governance.ledger.errors import LedgerError, OutsideError, RolledBackError
from governance.ledger.head import Head, read_head, write_head
from governance.ledger.models import Entry
from governance.ledger.outside import Outside
from governance.ledger.personal import closed
from governance.ledger.tree import leaf_hash

_PSEUDONYM: Final = "ledger.pseudonym"


def append(session: Session, keyring: Keyring, now: Instant, kind: str, facts: Facts) -> int:
    """Write an entry in the caller's transaction, for which other writers then wait; return its number.

    The journal gets a mark of what the transaction led to; what a restore must say again the caller journals besides.
    Raises `LedgerError` if the ledger was changed, `RolledBackError` if the database is older than the checkpoint
    outside, `OutsideError` if the place outside is not as this database left it.
    """
    outside, first = outside_of(session), not pending_of(session, keyring).appended
    head = locked_head(session, keyring)
    if outside is not None and first:
        head = seen_outside(head, outside, Signer(keyring))
    return extend(session, keyring, head, (now, kind, facts))


def journal(session: Session, keyring: Keyring, record: bytes, *, of: str | None = None) -> None:
    """Have a record sealed and put outside before this transaction commits; it is not committed if that fails.

    A person's is closed by the person's own key as it is now, see `personal`; `of`: whose row it is.
    """
    outside_of(session)
    pending_of(session, keyring).add(session, closed(session, keyring, record, of))


def pseudonym(keyring: Keyring, kind: str, subject: str) -> str:
    """Return under which name the ledger knows a subject; 64 hexadecimal digits."""
    return hmac.digest(keyring.derive(_PSEUDONYM), length_prefixed(kind, subject), "sha256").hex()


def locked_head(session: Session, keyring: Keyring) -> Head:
    """Return the head and keep other writers from it. Raises `LedgerError` if it is missing or changed."""
    head = read_head(session, keyring, lock=True)
    if head is None and models.last_number(session) is not None:
        raise LedgerError("the ledger has entries but no head; run `governance ledger verify`")
    return head or Head()


def extend(session: Session, keyring: Keyring, head: Head, said: tuple[Instant, str, Facts]) -> int:
    """Write what is said as the entry behind a head that is locked; return its number."""
    now, kind, facts = said
    number = head.tree.size
    document = encode(number, now, kind, facts)
    leaf = leaf_hash(document)
    tree, completed = head.tree.grown(leaf)
    models.add_entry(session, Entry(number, now, kind, document, leaf, b"".join(completed)))
    write_head(session, keyring, head._replace(tree=tree))
    pending = pending_of(session, keyring)
    if not pending.appended:
        pending.began = Checkpoint(head.epoch, number, head.tree.root)
    pending.appended = True
    return number


def seen_outside(head: Head, outside: Outside, signer: Signer) -> Head:
    """Return the head with what it now has seen outside.

    While the head is locked nobody else commits: the checkpoint outside is this database's last one, or one of the
    few that others are about to replace. Raises `RolledBackError`, `OutsideError`.
    """
    kept = newest(outside, signer)
    if kept is None:
        if head.tree.size > 0 or not outside.is_empty():
            raise OutsideError("the checkpoint outside the database is gone; run `governance ledger verify`")
        advance(outside, signer, FIRST)
        kept = FIRST
    if kept.place > (head.epoch, head.tree.size):
        raise RolledBackError(
            "the database is older than the checkpoint outside of it; run `governance ledger verify`, "
            "then declare it with `governance restore`"
        )
    journalled = outside.last_journalled()
    if kept.place < head.kept or journalled < head.journalled:
        raise OutsideError("what is kept outside the database was put back or cut; run `governance ledger verify`")
    if kept.place == (head.epoch, head.tree.size) and kept.root != head.tree.root:
        raise RolledBackError("the database is not the one that was signed; run `governance ledger verify`")
    return head._replace(kept=kept.place, journalled=journalled)
