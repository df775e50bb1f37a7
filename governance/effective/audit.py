"""Holds every row in force, account and fragment against its last entry in the ledger, for `governance ledger verify`.

A row's code proves that we wrote it, not that it is the last one we wrote: only the ledger knows that a row is missing,
older, or was never entered. What the entries say is gathered in a temporary file, so that memory stays flat.
"""

import hmac
import sqlite3
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any, Final, NamedTuple, cast

import msgspec
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.effective.audit_models import account_versions, accounts, fragments, rows
from governance.effective.documents import Kind, compiled, decode
from governance.effective.erasure import ROOM as ERASURE
from governance.effective.errors import BrokenRowError
from governance.effective.forums import PARTED
from governance.effective.macs import Binding, Said, account_mac, fragment_mac, row_mac
from governance.ledger.entries import EntryDocument
from governance.ledger.findings import Finding
from governance.ledger.service import pseudonym

_ENTERED: Final = "in_force"
_ACCOUNT: Final = "account"
_CACHE_KIB: Final = 16 * 1024
_START: Final = b""
_TABLE: Final = (
    "CREATE TABLE entered (subject TEXT PRIMARY KEY, kind TEXT, first INTEGER, version INTEGER, mac BLOB, trail BLOB)"
    " WITHOUT ROWID"
)


class _Facts(msgspec.Struct, frozen=True):
    """What an entry says of one version of a row or an account."""

    of: str
    subject: str
    version: int
    mac: str
    room: str


class _Entered(NamedTuple):
    """What the entries say of one subject: its last version, and a digest over those from the first one kept."""

    first: int
    version: int
    mac: bytes
    trail: bytes


class _Stored(NamedTuple):
    """A row or an account as it lies in its table."""

    kind: str
    subject: str
    version: int
    mac: bytes
    good: bool
    """Whether it carries our code."""


class RowAudit:
    """The `Check` of rows in force. It keeps 16 MiB in memory, whatever their number, and the rest in a file."""

    def __init__(self, keyring: Keyring) -> None:
        """Begin with nothing entered."""
        self._keyring = keyring
        # Without a name: a file of its own that nobody else can open, and that goes with this object.
        # One thread uses it, but any may be the one that lets go of it: Python collects garbage wherever it is.
        self._entered = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        for statement in (f"PRAGMA cache_size=-{_CACHE_KIB}", "PRAGMA journal_mode=OFF", "BEGIN", _TABLE):
            self._entered.execute(statement)

    def __del__(self) -> None:
        """Let the file go."""
        self._entered.close()

    def see(self, entry: EntryDocument) -> None:
        """Remember what is entered of a subject; entries come in their order."""
        if entry.kind != _ENTERED:
            return
        try:
            facts = msgspec.convert(entry.facts, _Facts)
            mac = bytes.fromhex(facts.mac)
        except (msgspec.ValidationError, ValueError):
            # An entry of another hand: the ledger's own verification names it.
            return
        before = self._find(facts.subject)
        # Its fragment is the first that is kept: what was said before it is forgotten on purpose.
        begins = before is None or facts.room in (ERASURE, PARTED)
        first, trail = (facts.version, _START) if before is None or begins else (before.first, before.trail)
        trail = _further(trail, facts.version, mac if facts.of == _ACCOUNT else facts.room.encode())
        row = (facts.subject, facts.of, first, facts.version, mac, trail)
        self._entered.execute("REPLACE INTO entered VALUES (?, ?, ?, ?, ?, ?)", row)

    def findings(self, session: Session) -> Iterator[Finding]:
        """Hold every row, account and fragment against what was entered, and name what was entered and is not there."""
        for row, said in _beside(rows(session), fragments(session)):
            yield from self._of_row(row, said)
        for account, versions in _beside(accounts(session), account_versions(session)):
            yield from self._of_account(account, versions)
        for kind, subject in self._entered.execute("SELECT kind, subject FROM entered ORDER BY kind, subject"):
            yield Finding("row_missing", f"{kind}, in the ledger {subject}")

    def _of_row(self, row: Any, said: list[Any]) -> Iterator[Finding]:  # noqa: ANN401 - rows of SQLAlchemy
        if row is None:
            # Its row is named as missing if there was one; otherwise somebody put these here.
            if self._find(pseudonym(self._keyring, said[0].kind, said[0].subject)) is None:
                yield Finding("row_unentered", f"{said[0].kind} {said[0].subject}, fragments alone")
            return
        good = _same(row_mac(self._keyring, row.kind, row.subject, row.version, row.document), row.mac)
        stored = _Stored(row.kind, row.subject, row.version, row.mac, good)
        entered = self._take(stored)
        code = _compared(stored, entered)
        if code is None and entered is not None:
            code = self._said(row, said, entered)
        if code is not None:
            yield Finding(code, f"{row.kind} {row.subject}")

    def _of_account(self, account: Any, versions: list[Any]) -> Iterator[Finding]:  # noqa: ANN401 - rows of SQLAlchemy
        where = f"{_ACCOUNT} {(account or versions[0]).key}"
        if account is None:
            if self._find(pseudonym(self._keyring, _ACCOUNT, versions[0].key)) is None:
                yield Finding("row_unentered", f"{where}, history alone")
            return
        good = _same(account_mac(self._keyring, _binding(account)), account.mac)
        stored = _Stored(_ACCOUNT, account.key, account.version, account.mac, good)
        entered = self._take(stored)
        code = _compared(stored, entered)
        if code is None and entered is not None:
            good = all(_same(account_mac(self._keyring, _binding(one)), one.mac) for one in versions)
            code = _history([(one.version, one.mac) for one in versions], entered, good=good)
        if code is not None:
            yield Finding(code, where)

    def _said(self, row: Any, said: list[Any], entered: _Entered) -> str | None:  # noqa: ANN401 - see above
        good = all(_same(fragment_mac(self._keyring, _place(one), one.document), one.mac) for one in said)
        said.sort(key=lambda one: one.version)
        found = _history([(one.version, one.room.encode()) for one in said], entered, good=good)
        return found or ("row_edited" if not _follows(row, said) else None)

    def _find(self, subject: str) -> _Entered | None:
        query = "SELECT first, version, mac, trail FROM entered WHERE subject = ?"
        found = self._entered.execute(query, (subject,)).fetchone()
        return None if found is None else _Entered(*found)

    def _take(self, stored: _Stored) -> _Entered | None:
        """Return what was entered of a row, once: what is left at the end belongs to no row."""
        subject = pseudonym(self._keyring, stored.kind, stored.subject)
        found = self._find(subject)
        self._entered.execute("DELETE FROM entered WHERE subject = ?", (subject,))
        return found


def _compared(stored: _Stored, entered: _Entered | None) -> str | None:
    if not stored.good:
        return "row_edited"
    if entered is None or stored.version > entered.version:
        return "row_unentered"
    if stored.version < entered.version:
        return "row_older"
    return None if _same(entered.mac, stored.mac) else "row_edited"


def _history(kept: list[tuple[int, bytes]], entered: _Entered, *, good: bool) -> str | None:
    """Say whether every version from the first one kept to the last is there, as it was entered."""
    if not good:
        return "row_edited"
    trail = _START
    for version, what in kept:
        trail = _further(trail, version, what)
    if trail == entered.trail:
        return None
    versions = {version for version, _ in kept}
    wanted = [version for version in versions if entered.first <= version <= entered.version]
    if len(wanted) <= entered.version - entered.first:
        return "row_missing"
    return "row_edited" if len(wanted) == len(kept) else "row_unentered"


def _follows(row: Any, fragments_of_it: Iterable[Any]) -> bool:  # noqa: ANN401 - a row of SQLAlchemy
    said = {fragment.room: msgspec.json.decode(fragment.document) for fragment in fragments_of_it}
    try:
        return bool(compiled(row.kind, said) == decode(row.kind, row.document))
    except BrokenRowError:
        return False


def _further(trail: bytes, version: int, what: bytes) -> bytes:
    return sha256(trail + f"{version}/".encode() + what).digest()


def _same(expected: bytes, found: bytes) -> bool:
    return hmac.compare_digest(expected, found)


def _place(fragment: Any) -> Said:  # noqa: ANN401 - a row of SQLAlchemy
    return Said(cast("Kind", fragment.kind), fragment.subject, fragment.room, fragment.version, fragment.at)


def _binding(account: Any) -> Binding:  # noqa: ANN401 - a row of SQLAlchemy
    return Binding(str(account.platform_id), account.key, account.version, account.patient, account.hcp, account.marks)


def _beside(
    places: Iterator[tuple[Any, Any]], histories: Iterator[tuple[Any, list[Any]]]
) -> Iterator[tuple[Any, list[Any]]]:
    """Walk two ordered tables in step: each row with its history, nothing (`None`) where there is no row."""
    key, history = next(histories, (None, []))
    for place, row in places:
        while key is not None and key < place:
            yield None, history
            key, history = next(histories, (None, []))
        if key == place:
            yield row, history
            key, history = next(histories, (None, []))
        else:
            yield row, []
    while key is not None:
        yield None, history
        key, history = next(histories, (None, []))
