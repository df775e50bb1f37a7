"""Reading what the journal outside says was changed since a backup, and whether it says all of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from sqlalchemy.orm import Session

from governance.backup.errors import RestoreError
from governance.crypto.data_keys import DataKeys, KeyGoneError, owner_of
from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import EpochGoneError, Keyring
from governance.effective.macs import Binding, Said
from governance.effective.models import AccountVersion, Fragment
from governance.ledger.checkpoints import Checkpoint, Signer, newest
from governance.ledger.commits import open_record
from governance.ledger.errors import OutsideError
from governance.ledger.head import Head, read_head
from governance.ledger.journal import Frame, Torn
from governance.ledger.key_copies import bring_back
from governance.ledger.marks import Marks, Reached
from governance.ledger.models import subtrees
from governance.ledger.outside import Outside
from governance.ledger.personal import SEALED, SEALED_ROW, TOMBSTONES, Closed, KeyGone, opened
from governance.ledger.rows import RowKept
from governance.ledger.tree import Frontier


@dataclass(frozen=True, slots=True)
class RowSaid:
    """A room said something about a subject."""

    said: Said
    opens: bool
    document: bytes

    @property
    def erases(self) -> bool:
        """Whether it is what is left of somebody."""
        return self.said.room == TOMBSTONES

    @property
    def values(self) -> dict[str, Any]:
        """What was said."""
        said: dict[str, Any] = msgspec.json.decode(self.document)
        return said


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something was said about a person whose key is gone."""

    owner: str


class EntryMade(msgspec.Struct, frozen=True, tag_field="what", tag="entry"):
    """Nothing to say again: programs from before marks wrote one for each entry, and journals hold them still."""


Repeated = RowSaid | Binding | RowKept | KeyGone
_PLAIN: Final = RowKept | KeyGone | EntryMade | Reached
Record = Repeated | EntryMade | Reached | Unreadable


@dataclass(slots=True)
class SinceBackup:
    """What the journal holds that a restored database does not know, to be said again."""

    records: list[Repeated]
    whole: bool
    """False if some of them are missing, or if nobody can say that none is."""


def since_backup(session: Session, keyring: Keyring, outside: Outside) -> SinceBackup:
    """Read the journal behind what a database has seen of it, and bring the keys that it needs.

    Raises `LedgerError` if its head is not ours, `RestoreError` if what is outside is of another database.
    """
    head = read_head(session, keyring) or Head()
    try:
        signed = _signed(keyring, outside)
        _require_this_past(session, head, signed)
        bring_back(session, keyring, outside)
        reading = _Reading(DataKeys(session, keyring), keyring, head.journalled)
        found = list(reading.records(outside.journal()))
    except OutsideError:
        return SinceBackup([], whole=False)
    said = [record for record in found if not isinstance(record, EntryMade | Reached | Unreadable)]
    closed = [record for record in found if isinstance(record, Unreadable)]
    # Of whoever was erased nothing else is to be kept; of all others what cannot be read may have closed something.
    whole = reading.whole and _erased(found).issuperset(record.owner for record in closed)
    # Those of the last transaction before the backup are known.
    new = [record for record in said if not _known(session, record)]
    return SinceBackup(new, whole and _all_that_was_signed(session, head, signed, found))


def _erased(found: Iterable[Record]) -> set[str]:
    """Return whose keys were destroyed."""
    patients = {owner_of("patient", one.said.subject) for one in found if isinstance(one, RowSaid) and one.erases}
    return patients | {one.of for one in found if isinstance(one, KeyGone)}


class _Reading:
    """One pass over the journal; every record must be there, and ours."""

    def __init__(self, keys: DataKeys, keyring: Keyring, after: int) -> None:
        self._keys, self._keyring, self._after = keys, keyring, after
        self._last = 0
        self.whole = True

    def records(self, parts: Iterator[Frame | Torn]) -> Iterator[Record]:
        for part in parts:
            # A torn one may be of a writer that stopped, and was never acknowledged. If it was, its mark is missing.
            if isinstance(part, Frame):
                yield from self._record(part)
        self.whole = self.whole and self._last >= self._after

    def _record(self, frame: Frame) -> Iterator[Record]:
        if frame.sequence != self._last + 1:
            self.whole = False
        self._last = max(self._last, frame.sequence)
        if frame.sequence <= self._after:
            return
        try:
            yield _read(self._keys, open_record(self._keyring, frame.sequence, frame.body))
        except (EnvelopeError, msgspec.MsgspecError, KeyError, TypeError):
            self.whole = False


def _known(session: Session, record: Repeated) -> bool:
    # Not by comparing versions: after an earlier restore two histories counted them.
    match record:
        case Binding():
            return AccountVersion.holds(session, record)
        case RowSaid():
            return Fragment.holds(session, record.said, record.document)
    # Whether a row is as it was at last shows when all that was written of it is said again in its order.
    return False


def _read(keys: DataKeys, record: bytes) -> Record:
    said = msgspec.json.decode(record, type=dict[str, Any])
    match said.pop("what"):
        case what if what in (SEALED, SEALED_ROW):
            return _of_a_person(keys, msgspec.json.decode(record, type=Closed))
        case "row":
            opens, document = bool(said.pop("opens")), str(said.pop("document")).encode()
            return RowSaid(Said(**said), opens, document)
        case "account":
            return Binding(**said)
    plain: RowKept | KeyGone | EntryMade | Reached = msgspec.json.decode(record, type=_PLAIN)
    return plain


def _of_a_person(keys: DataKeys, record: Closed) -> Record:
    try:
        return _read(keys, opened(keys, record))
    except (KeyGoneError, EnvelopeError, EpochGoneError):
        return Unreadable(record.of)


def _signed(keyring: Keyring, outside: Outside) -> list[Checkpoint]:
    """Return all checkpoints outside, none where the newest is gone. Raises `OutsideError`."""
    signer = Signer(keyring)
    last = newest(outside, signer)
    return [] if last is None else [last, *(signer.open(note) for note in outside.checkpoints() if note is not None)]


def _require_this_past(session: Session, head: Head, signed: list[Checkpoint]) -> None:
    """Hold the newest checkpoint that the database must have passed against it: one key may serve two services."""
    passed = [one for one in signed if one.epoch == head.epoch and one.size <= head.tree.size]
    if not passed:
        return
    nearest = max(passed)
    if Frontier.at(nearest.size, subtrees(session)).root != nearest.root:
        raise RestoreError(
            "the backup is of another service with the same keys: what was signed outside is not its past; name this "
            "service's own folder in `GOVERNANCE_OUTSIDE_DIR`, or use one of its own backups"
        )


def _all_that_was_signed(session: Session, head: Head, signed: list[Checkpoint], found: Iterable[Record]) -> bool:
    """Say whether the journal leads from the backup to everything that was signed since.

    A journal that was cut between two records looks whole; the checkpoints beside it tell. One without marks does not
    say to what it leads.
    """
    marks = Marks()
    for record in found:
        if isinstance(record, Reached):
            marks.add(record)

    def known(one: Checkpoint) -> bool:
        if one.epoch != head.epoch or one.size > head.tree.size:
            return False
        return Frontier.at(one.size, subtrees(session)).root == one.root

    since = (one for one in signed if one.place > (head.epoch, head.tree.size))
    return bool(signed) and marks.lead(since, known)
