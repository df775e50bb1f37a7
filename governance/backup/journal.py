"""Reading what the journal outside says was changed since a backup, and whether it says all of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from governance.backup.errors import RestoreError
from governance.crypto.data_keys import DataKeys, KeyGoneError, owner_of
from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import EpochGoneError, Keyring
from governance.effective.macs import Binding, Said
from governance.effective.models import AccountVersion, Fragment
from governance.ledger import personal
from governance.ledger.checkpoints import Checkpoint, Signer, newest
from governance.ledger.commits import open_record
from governance.ledger.errors import OutsideError
from governance.ledger.head import Head, read_head
from governance.ledger.journal import Frame, Torn
from governance.ledger.key_copies import bring_back
from governance.ledger.models import subtrees
from governance.ledger.outside import Outside
from governance.ledger.personal import TOMBSTONES, Closed
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


Record = RowSaid | Binding | Unreadable


@dataclass(slots=True)
class SinceBackup:
    """The journal's records that a restored database does not know."""

    records: list[RowSaid | Binding]
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
        # Those of the last transaction before the backup are known.
        found = [record for record in reading.records(outside.journal()) if not _known(session, record)]
    except OutsideError:
        return SinceBackup([], whole=False)
    records = [record for record in found if not isinstance(record, Unreadable)]
    whole = reading.whole and _all_erased(found) and _as_many_as_signed(head, signed, len(found))
    return SinceBackup(records, whole)


def _all_erased(found: Sequence[Record]) -> bool:
    """Say whether everybody of whom something cannot be read was erased: then nothing else was to be kept of them."""
    erased = {owner_of("patient", one.said.subject) for one in found if isinstance(one, RowSaid) and one.erases}
    return all(record.owner in erased for record in found if isinstance(record, Unreadable))


class _Reading:
    """One pass over the journal; every record must be there, and ours."""

    def __init__(self, keys: DataKeys, keyring: Keyring, after: int) -> None:
        self._keys, self._keyring, self._after = keys, keyring, after
        self._last = 0
        self.whole = True

    def records(self, parts: Iterator[Frame | Torn]) -> Iterator[Record]:
        for part in parts:
            # Torn ones never acknowledged anybody: the writer stopped, and the next one began behind it.
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


def _known(session: Session, record: Record) -> bool:
    if isinstance(record, Unreadable):
        return False
    # Not by comparing versions: after an earlier restore two histories counted them.
    if isinstance(record, Binding):
        return AccountVersion.holds(session, record)
    return Fragment.holds(session, record.said, record.document)


def _read(keys: DataKeys, record: bytes) -> Record:
    said = msgspec.json.decode(record, type=dict[str, Any])
    match said.pop("what"):
        case personal.SEALED:
            return _of_a_person(keys, msgspec.json.decode(record, type=Closed))
        case "row":
            opens, document = bool(said.pop("opens")), str(said.pop("document")).encode()
            return RowSaid(Said(**said), opens, document)
        case "account":
            return Binding(**said)
    raise KeyError("what")


def _of_a_person(keys: DataKeys, record: Closed) -> Record:
    try:
        return _read(keys, personal.opened(keys, record))
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


def _as_many_as_signed(head: Head, signed: list[Checkpoint], seen: int) -> bool:
    """Say whether the journal can be long enough: each entry of the ledger since then has a record of its own.

    A journal that was cut between two records looks whole; the checkpoints beside it tell.
    """
    grown = {head.epoch: [head.tree.size]}
    for checkpoint in signed:
        if checkpoint.place > (head.epoch, head.tree.size):
            grown.setdefault(checkpoint.epoch, []).append(checkpoint.size)
    return bool(signed) and sum(max(sizes) - min(sizes) for sizes in grown.values()) <= seen
