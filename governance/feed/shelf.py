"""Bundles that were made a moment ago, so that ten sidecars which start together cost one."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Lock
from typing import BinaryIO, Final
from uuid import UUID
from weakref import finalize

from flask import Flask

from governance.decision.vocabulary import Instant
from governance.feed.service import Cursor, window_at

KEPT_FOR: Final = 60 * 1_000_000
"""Microseconds in which a bundle is sent again though there were changes since: the replica asks for these anyway."""
_PLATFORMS: Final = 8
_PART: Final = 256 * 1024
_NAME: Final = "governance.feed.shelf"


@dataclass(frozen=True, eq=False)
class Kept:
    """A bundle, what it holds, and when it was made; its file ends with it."""

    cursor: Cursor
    issued: Instant
    made: Instant
    file: BinaryIO

    def __post_init__(self) -> None:
        """Let the file end when the last who sends it has done so, whoever that is."""
        finalize(self, self.file.close)

    @property
    def tag(self) -> str:
        """Its entity tag: the same for the same bytes, in whatever process they were made."""
        return f"{self.cursor}.{self.issued}"

    @property
    def length(self) -> int:
        """How many bytes it has."""
        return os.fstat(self.file.fileno()).st_size

    def parts(self) -> Iterator[bytes]:
        """Yield it in parts; several may read at once."""
        at = 0
        while part := os.pread(self.file.fileno(), _PART, at):
            yield part
            at += len(part)


class Shelf:
    """The bundles of one process. Threads may share it."""

    def __init__(self) -> None:
        """Keep nothing yet."""
        self._kept: dict[UUID, Kept] = {}
        self._making: dict[UUID, Lock] = {}
        self._lock = Lock()

    def take(self, platform_id: UUID, cursor: Cursor, now: Instant, make: Callable[[], Kept]) -> Kept:
        """Return a platform's bundle, made now unless there is one that can be used."""
        with self._lock:
            making = self._making.setdefault(platform_id, Lock())
        with making:
            kept = self._kept.get(platform_id)
            if kept is None or not _can_be_used(kept, cursor, now):
                kept = make()
                self._put(platform_id, kept)
            return kept

    def _put(self, platform_id: UUID, kept: Kept) -> None:
        with self._lock:
            self._kept.pop(platform_id, None)
            while len(self._kept) >= _PLATFORMS:
                self._kept.pop(next(iter(self._kept)))
            self._kept[platform_id] = kept


def _can_be_used(kept: Kept, cursor: Cursor, now: Instant) -> bool:
    if kept.cursor.epoch != cursor.epoch or kept.issued != window_at(now).issued:
        return False
    # A database that was put back has a smaller revision; its epoch is another one as soon as that was declared.
    return kept.cursor == cursor or (kept.cursor.revision <= cursor.revision and now - kept.made < KEPT_FOR)


def shelf_of(app: Flask) -> Shelf:
    """Return an app's shelf, put up when it is first asked for."""
    shelf: Shelf = app.extensions.setdefault(_NAME, Shelf())
    return shelf
