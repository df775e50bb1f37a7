"""Whoever reads what is in force reads it from the database that was signed last, or not at all.

A database can be put back while the service runs. A connection may then still see the new one and the next the old one:
so it is asked in the very snapshot that a decision is taken on, and not once for all of them.
"""

from typing import Final, NamedTuple

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.ledger import models
from governance.ledger.checkpoints import Signer
from governance.ledger.errors import OutsideError, RolledBackError
from governance.ledger.glance import Glance
from governance.ledger.head import Head, read_head
from governance.ledger.models import HeadRow
from governance.ledger.outside import Outside
from governance.ledger.tree import Frontier

PROVEN: Final = "governance.proven"
"""Where a session's `info` says what was proven for it."""


class Proven(NamedTuple):
    """A checkpoint outside, and the head of the ledger that continues it."""

    note: str | None
    head: HeadRow | None


class Guard:
    """Holds the ledger's head against the checkpoint outside. Threads may share it."""

    def __init__(self, keyring: Keyring, outside: Outside, engine: Engine) -> None:
        """Guard the database that this place outside belongs to."""
        self._glance = Glance(engine)
        self._failures = (OutsideError, engine.dialect.loaded_dbapi.Error)
        self._keyring = keyring
        self._outside = outside
        self._signer = Signer(keyring)
        self._proven: Proven | None = None
        self._furthest = (0, 0)

    def __call__(self, session: Session) -> None:
        """Prove it for a session that has read nothing yet: one small file and one row.

        Raises `RolledBackError` if the database is older than the checkpoint or another one, `OutsideError` if the
        checkpoint is missing, older or not of our hand, `LedgerError` if the head is of another hand.
        """
        # INVARIANT: first the checkpoint, then the head. A checkpoint follows its commit, so the head, read later,
        # has whatever the checkpoint says; the other way round a write in between would look like a rollback.
        furthest, note = self._furthest, self._outside.newest()
        row = models.find_head(session)
        if note is None:
            self._check_new(row)
        elif (note, row) != self._proven:
            self._furthest = max(self._furthest, self._prove(session, note, furthest))
            self._proven = Proven(note, row)
        session.info[PROVEN] = Proven(note, row)

    def still(self, proven: Proven) -> bool:
        """Say whether what was proven is how things are this instant: nothing was entered since, nothing put back.

        What cannot be asked is not so; whoever then reads will be told why.
        """
        try:
            return self._outside.newest() == proven.note and self._glance.head() == proven.head
        except self._failures:
            return False

    def _check_new(self, row: HeadRow | None) -> None:
        if row is not None or not self._outside.is_empty():
            raise OutsideError("the checkpoint outside the database is gone; run `governance ledger verify`")

    def _prove(self, session: Session, note: str, furthest: tuple[int, int]) -> tuple[int, int]:
        head, kept = read_head(session, self._keyring) or Head(), self._signer.open(note)
        place = head.epoch, head.tree.size
        if kept.place > place:
            raise RolledBackError(
                "the database is older than the checkpoint outside of it; run `governance ledger verify`, "
                "then declare it with `governance restore`"
            )
        # THREAT: a checkpoint put back together with its database; whoever saw the newer one knows better.
        if place < furthest:
            raise RolledBackError(
                "the database is older than this program has seen it; run `governance ledger verify`, "
                "then declare it with `governance restore`"
            )
        if kept.place < head.kept and self._place_now() < head.kept:
            raise OutsideError("the checkpoint outside the database was put back; run `governance ledger verify`")
        # A declared restore may stand between the two for a moment: it is a history of its own.
        if kept.epoch == head.epoch and _root_at(session, head, kept.size) != kept.root:
            raise RolledBackError("the database is not the one that was signed; run `governance ledger verify`")
        return place

    def _place_now(self) -> tuple[int, int]:
        # Whoever wrote since this read began put newer ones there: what the head knows of is looked for once more.
        note = self._outside.newest()
        return (0, 0) if note is None else self._signer.open(note).place


def _root_at(session: Session, head: Head, size: int) -> bytes | None:
    """Return the root that the ledger had when it was of a size; a row is read for every subtree if it has grown."""
    if head.tree.size == size:
        return head.tree.root
    try:
        return Frontier.at(size, models.subtrees(session)).root
    except LookupError:
        return None
