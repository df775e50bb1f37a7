"""Marks in the journal: each transaction that enters something says last from which state to which it led the ledger.

By them a reader knows whether the very records are there that a signed checkpoint needs. Counting them would not do:
a restore writes what it says again once more, and a transaction that was never committed leaves its records too.
"""

from collections.abc import Callable, Iterable

import msgspec

from governance.ledger.checkpoints import Checkpoint


class Reached(msgspec.Struct, frozen=True, tag_field="what", tag="reached"):
    """What the ledger was after the records before this one, if their transaction was committed."""

    after: Checkpoint
    before: Checkpoint | None
    """What it went on from; at a declared restore the newest checkpoint outside, if there was one of ours."""


def mark_in(record: bytes) -> Reached | None:
    """Return the mark that an opened record is; none if it is another one."""
    try:
        return msgspec.json.decode(record, type=Reached)
    except msgspec.MsgspecError:
        return None


class Marks:
    """The marks of a journal. Its records are numbered without a gap: where a mark is, those before it are too."""

    def __init__(self) -> None:
        """Begin with none."""
        self.first: Reached | None = None
        self._before: dict[Checkpoint, Checkpoint | None] = {}

    def add(self, mark: Reached | None) -> None:
        """Take the next one, if the record was one."""
        if mark is None:
            return
        self.first = self.first or mark
        # Of a transaction whose entries were all taken back.
        if mark.before != mark.after:
            self._before[mark.after] = mark.before

    def opens_epoch(self, there: Checkpoint) -> bool:
        """Say whether a declared restore led there."""
        before = self._before.get(there, there)
        return before is None or before.epoch != there.epoch

    def lead(self, wanted: Iterable[Checkpoint], known: Callable[[Checkpoint], bool]) -> bool:
        """Say whether each of these states goes back, mark by mark, to one that is known."""
        seen: set[Checkpoint] = set()
        for one in wanted:
            there: Checkpoint | None = one
            while there not in seen:
                if there is None:
                    return False
                if known(there):
                    break
                seen.add(there)
                there = self._before.get(there)
        return True
