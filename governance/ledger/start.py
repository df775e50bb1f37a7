"""Starting over a ledger: what the service proves before it decides, and how an operator declares a restore."""

from typing import Final, NamedTuple

import msgspec
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.ledger import models
from governance.ledger.checkpoints import Checkpoint, Signer, advance, newest
from governance.ledger.commits import OUTSIDE, pending_of
from governance.ledger.entries import EntryDocument, Facts, decode
from governance.ledger.errors import LedgerError, OutsideError, RolledBackError
from governance.ledger.head import Head, read_head
from governance.ledger.models import Entry
from governance.ledger.outside import Outside
from governance.ledger.service import extend, seen_outside
from governance.ledger.tails import require_reached, tails_of
from governance.ledger.tree import Frontier, leaf_hash

EPOCH: Final = "epoch"
"""The kind of the entry by which an operator declared a restore."""
_VERIFY: Final = "run `governance ledger verify`"


class Declared(NamedTuple):
    """What an epoch entry says: the head that was kept outside, and the one from which the ledger goes on."""

    epoch: int
    kept: Checkpoint | None
    size: int
    root: bytes

    @classmethod
    def of(cls, document: EntryDocument) -> "Declared":
        """Read an epoch entry. Raises `LedgerError` if it is none."""
        facts = document.facts
        try:
            root, kept_root = (bytes.fromhex(str(facts[name])) for name in ("root", "kept_root"))
            epoch, size, kept_epoch, kept_size = (
                int(facts[name]) for name in ("epoch", "size", "kept_epoch", "kept_size")
            )
        except (KeyError, ValueError) as error:
            raise LedgerError(f"an entry that opens an epoch cannot be read; {_VERIFY}") from error
        return cls(epoch, Checkpoint(kept_epoch, kept_size, kept_root) if kept_root else None, size, root)

    @property
    def facts(self) -> Facts:
        """The facts of the entry."""
        kept = self.kept or Checkpoint(0, 0, b"")
        return {
            "epoch": self.epoch,
            "size": self.size,
            "root": self.root.hex(),
            "kept_epoch": kept.epoch,
            "kept_size": kept.size,
            "kept_root": kept.root.hex(),
        }


def proven_since_checkpoint(session: Session, keyring: Keyring, outside: Outside) -> Checkpoint:
    """Return what the ledger is, after proving that it continues the checkpoint outside; for every start.

    Costs a few rows, and one for every entry since that checkpoint; of the files outside the ends are read. Puts the
    present checkpoint outside if a process was killed before it could. Raises `RolledBackError` if the database is
    older or another one, `OutsideError` if the place outside is not as this database left it, `LedgerError` if entries
    do not verify.
    """
    signer, tails = Signer(keyring), tails_of(outside, keyring)
    head = read_head(session, keyring) or Head()
    last = models.last_number(session)
    if last is not None and last >= head.tree.size:
        raise LedgerError(f"the ledger goes on behind its head; {_VERIFY}")
    seen_outside(head, outside, signer)
    kept = newest(outside, signer)
    try:
        _prove(session, head, _anchor(session, head, kept))
        require_reached(session, head, kept, tails)
    except LookupError as error:
        raise LedgerError(f"entries of the ledger are missing; {_VERIFY}") from error
    present = Checkpoint(head.epoch, head.tree.size, head.tree.root)
    advance(outside, signer, present)
    return present


def declare_restore(session: Session, keyring: Keyring, outside: Outside, now: Instant) -> int:
    """Say that this database, older than what is kept outside, is the one to go on from; return the entry's number.

    The ledger's head is made anew from the entries. A new epoch begins: after the commit its checkpoint takes the
    place of the one outside, whatever that was; the entry names both. Raises `LedgerError` if entries are missing.
    """
    session.info[OUTSIDE] = outside
    found = models.find_head(session, lock=True)
    tree = _grown(session)
    kept = _readable(outside, Signer(keyring))
    last = models.last_of_kind(session, EPOCH)
    before = 1 if last is None else Declared.of(_read(last)).epoch
    declared = Declared(max(before, kept.epoch if kept else 1) + 1, kept, tree.size, tree.root)
    # What is there is no checkpoint of ours: kept for whoever looks into it, out of the way of the new one.
    pending_of(session, keyring).set_aside = kept is None
    head = Head(
        tree=tree,
        epoch=declared.epoch,
        kept=kept.place if kept else (0, 0),
        journalled=outside.last_journalled(),
        stored=found is not None,
    )
    number = extend(session, keyring, head, (now, EPOCH, declared.facts))
    # What the epoch before it came to has to be in the journal as well.
    pending_of(session, keyring).began = kept
    return number


def _anchor(session: Session, head: Head, kept: Checkpoint | None) -> tuple[int, bytes]:
    """Return a size and the root that the ledger must have had there."""
    if kept is None:
        raise OutsideError(f"the checkpoint outside the database is gone; {_VERIFY}")
    if kept.epoch == head.epoch:
        return kept.size, kept.root
    # Killed between the commit of a declared restore and its checkpoint: the entry stands for it.
    last = models.last_of_kind(session, EPOCH)
    declared = None if last is None else Declared.of(_read(last))
    if declared is None or declared.epoch != head.epoch or declared.kept != kept:
        raise RolledBackError(f"the checkpoint outside is of another epoch than the database; {_VERIFY}")
    return declared.size, declared.root


def _prove(session: Session, head: Head, anchor: tuple[int, bytes]) -> None:
    size, root = anchor
    tree = Frontier.at(size, models.subtrees(session))
    if tree.root != root:
        raise RolledBackError(f"the database is not the one that was signed; {_VERIFY}")
    for entry in models.entries_from(session, size):
        if entry.number != tree.size or leaf_hash(entry.document) != entry.leaf or _read(entry).number != tree.size:
            raise LedgerError(f"entries since the last checkpoint were changed; {_VERIFY}")
        tree, _ = tree.grown(entry.leaf)
    if tree != head.tree:
        raise LedgerError(f"the entries do not lead to the ledger's head; {_VERIFY}")


def _grown(session: Session) -> Frontier:
    tree = Frontier()
    for entry in models.entries_from(session, 0):
        if entry.number != tree.size:
            raise LedgerError("entries of the ledger are missing; restore a backup that holds them")
        tree, _ = tree.grown(entry.leaf)
    return tree


def _read(entry: Entry) -> EntryDocument:
    try:
        return decode(entry.document)
    except msgspec.MsgspecError as error:
        raise LedgerError(f"an entry cannot be read; {_VERIFY}") from error


def _readable(outside: Outside, signer: Signer) -> Checkpoint | None:
    try:
        return newest(outside, signer)
    except OutsideError:
        return None
