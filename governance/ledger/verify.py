"""`governance ledger verify`: holds every entry, hash, checkpoint and row against the others, in one pass."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

import msgspec
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.ledger import models
from governance.ledger.checkpoints import Signer
from governance.ledger.entries import EntryDocument, decode
from governance.ledger.errors import LedgerError
from governance.ledger.findings import Finding, Findings
from governance.ledger.head import Head, read_head
from governance.ledger.journalled import look_through
from governance.ledger.kept import KeptCheckpoints
from governance.ledger.models import Entry
from governance.ledger.outside import Outside
from governance.ledger.start import EPOCH, Declared
from governance.ledger.tails import Tails, reaches, tails_of
from governance.ledger.tree import Frontier, leaf_hash

Progress = Callable[[int, int], None]
"""Told how many entries are done, of how many."""
_BEFORE_ALL: Final = -(1 << 62)
_TOLD_EVERY: Final = 1_000


class Check(Protocol):
    """Sees every entry, then says which rows elsewhere do not agree with what they saw."""

    def see(self, entry: EntryDocument) -> None:
        """Look at an entry; they come in their order."""
        ...

    def findings(self, session: Session) -> Iterable[Finding]:
        """Hold the rows against the entries."""
        ...


@dataclass(slots=True)
class Report:
    """What verification saw."""

    size: int = 0
    epoch: int = 1
    root: bytes = Frontier().root
    findings: Findings = field(default_factory=Findings)


def verify(
    session: Session,
    keyring: Keyring,
    outside: Outside,
    checks: Sequence[Check] = (),
    progress: Progress | None = None,
) -> Report:
    """Read the whole ledger and all that is kept outside; a few thousand entries are in memory at once.

    Give it a reading session that has read nothing yet: what is committed meanwhile is not seen.
    """
    report = Report()
    # Before the session reads anything: what was signed until now is in its snapshot.
    tails = tails_of(outside, keyring)
    kept = KeptCheckpoints(outside, Signer(keyring), report.findings)
    head = _head(session, keyring, report.findings)
    walk = _Walk(report, kept, checks)
    last = models.last_number(session)
    total = 0 if last is None else last + 1
    for done, entry in enumerate(models.entries_from(session, _BEFORE_ALL)):
        walk.take(entry)
        if progress is not None and done % _TOLD_EVERY == 0:
            progress(done, total)
    walk.end(head)
    _outside(session, (keyring, outside, tails), head or Head(), report)
    _rows(session, checks, report.findings)
    if progress is not None:
        progress(total, total)
    return report


class _Walk:
    """The entries, one by one, and the tree they make."""

    def __init__(self, report: Report, kept: KeptCheckpoints, checks: Sequence[Check]) -> None:
        self._report, self._add, self._checks = report, report.findings.add, checks
        self.kept = kept
        self.tree = Frontier()
        self.whole = True
        kept.pass_by(self.tree, report.epoch)

    def take(self, entry: Entry) -> None:
        """Hold an entry against its place, its text and its hashes."""
        expected = self.tree.size
        if entry.number < expected:
            self._add("entry_extra", f"entry {entry.number}")
            return
        if entry.number > expected:
            self._miss(expected, entry.number)
        if leaf_hash(entry.document) != entry.leaf:
            self._add("entry_edited", f"entry {entry.number}")
        self._grow(entry)
        document = self._read(entry)
        if document is not None:
            self._enter(entry, document)
        self.kept.pass_by(self.tree, self._report.epoch)

    def end(self, head: Head | None) -> None:
        """Hold what came out against the ledger's head."""
        self.kept.end(head or Head(), (self._report.epoch, self.tree.size))
        self._report.size = self.tree.size
        if self.whole:
            self._report.root = self.tree.root
        if head is None:
            return
        if head.tree.size != self.tree.size:
            code = "entries_cut" if head.tree.size > self.tree.size else "entries_behind_head"
            self._add(code, f"the head says {head.tree.size}, there are {self.tree.size}")
        elif self.whole and head.tree != self.tree:
            self._add("head_differs", f"size {head.tree.size}")
        if self._report.epoch != head.epoch:
            self._add("head_differs", f"epoch {head.epoch}")

    def _grow(self, entry: Entry) -> None:
        self.tree, completed = self.tree.grown(entry.leaf)
        if self.whole and b"".join(completed) != entry.above:
            self._add("inner_hash_changed", f"entry {entry.number}")

    def _miss(self, first: int, following: int) -> None:
        self._add("entry_missing", f"entries {first} to {following - 1}")
        self.kept.give_up()
        self.whole = False
        # The places go on as they were numbered; no root is right any more.
        self.tree = Frontier(following, tuple([b""] * following.bit_count()))

    def _read(self, entry: Entry) -> EntryDocument | None:
        try:
            return decode(entry.document)
        except msgspec.MsgspecError:
            self._add("entry_unreadable", f"entry {entry.number}")
            return None

    def _enter(self, entry: Entry, document: EntryDocument) -> None:
        if document.number != entry.number:
            self._add("entry_moved", f"entry {entry.number} says it is {document.number}")
        if (document.at, document.kind) != (entry.at, entry.kind):
            self._add("columns_differ", f"entry {entry.number}")
        if document.kind == EPOCH:
            self._open_epoch(entry, document)
        for check in self._checks:
            check.see(document)

    def _open_epoch(self, entry: Entry, document: EntryDocument) -> None:
        try:
            declared = Declared.of(document)
        except LedgerError:
            self._add("entry_unreadable", f"entry {entry.number}")
            return
        self.kept.open_epoch(declared)
        self._report.epoch = declared.epoch


def _head(session: Session, keyring: Keyring, findings: Findings) -> Head | None:
    try:
        head = read_head(session, keyring)
    except (LedgerError, ValueError):
        findings.add("head_edited", "the head")
        return None
    if head is None and models.last_number(session) is not None:
        findings.add("head_missing", "the head")
    return head


def _outside(session: Session, place: tuple[Keyring, Outside, Tails], head: Head, report: Report) -> None:
    keyring, outside, tails = place
    if report.size > 0 and outside.is_empty():
        report.findings.add("checkpoint_missing", "checkpoint")
    look_through(keyring, outside, head, report.findings)
    # Of entries that are not whole the hashes say nothing.
    if not report.findings.damage and not reaches(session, head, tails.mark):
        report.findings.add("rolled_back", "the journal's last mark")


def _rows(session: Session, checks: Sequence[Check], findings: Findings) -> None:
    for check in checks:
        for code, where in check.findings(session):
            findings.add(code, where)
