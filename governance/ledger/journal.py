"""The journal: sealed records in a file outside the database, written before the commit they belong to.

A frame is mark, sequence, length, body, length, checksum. A torn frame (the machine stopped while it was written) is
passed over: the next mark is looked for. Without the checksum a torn frame and the one behind it could be read as one.
Whether a body is genuine, its reader knows by opening it.
"""

import mmap
import os
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple, Protocol
from zlib import crc32

_MARK: Final = b"\xe5gvjrnl\x01"
_HEAD: Final = struct.Struct(">8sQI")
_TAIL: Final = struct.Struct(">II")
_AROUND: Final = _HEAD.size + _TAIL.size


class Seal(Protocol):
    """Closes a record so that it opens at its own place in the journal alone."""

    def __call__(self, sequence: int, record: bytes) -> bytes:
        """Return the sealed record."""
        ...


class Frame(NamedTuple):
    """One whole record of the file, still sealed."""

    sequence: int
    body: bytes


class Torn(NamedTuple):
    """Bytes that are no frame."""

    start: int
    end: int
    last: bool
    """Whether the file ends with them: then nothing was lost that anybody was told of."""


class Journal:
    """The file. Whoever writes holds the lock of the place it lies in."""

    def __init__(self, path: Path) -> None:
        """Name the file; it need not be there yet."""
        self._path = path

    def write(self, records: Sequence[bytes], seal: Seal) -> None:
        """Append records and return when the disk has them."""
        sequence = self.last_sequence()
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            for number, record in enumerate(records, start=sequence + 1):
                file.write(_framed(number, seal(number, record)))
            file.flush()
            os.fsync(file.fileno())

    def blank(self, beginning: bytes) -> None:
        """Overwrite every record that begins so with zeros, where it lies, and return when the disk has that."""
        with _mapped(self._path) as data:
            blanks = [(at, _framed(frame.sequence, bytes(len(frame.body)))) for at, frame in _found(data, beginning)]
        if not blanks:
            return
        with os.fdopen(os.open(self._path, os.O_WRONLY), "wb") as file:
            for at, framed in blanks:
                file.seek(at)
                file.write(framed)
            file.flush()
            os.fsync(file.fileno())

    def last_sequence(self) -> int:
        """Return the number of the last whole record, 0 if there is none."""
        with _mapped(self._path) as data:
            last = _last_frame(data)
            return (
                last if last is not None else max((f.sequence for f in _parts(data) if isinstance(f, Frame)), default=0)
            )

    def backwards(self) -> Iterator[Frame]:
        """Yield the whole records, the last one first; nothing before them is read."""
        with _mapped(self._path) as data:
            end = len(data)
            while (found := _frame_before(data, end)) is not None:
                end, frame = found
                yield frame

    def parts(self) -> Iterator[Frame | Torn]:
        """Yield what is in the file, in its order."""
        with _mapped(self._path) as data:
            yield from _parts(data)


class _mapped:  # noqa: N801 - read like the function it is used as
    """A file as bytes without reading it; no bytes if it is empty or missing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._map: mmap.mmap | None = None

    def __enter__(self) -> "mmap.mmap | bytes":
        if not self._path.exists() or self._path.stat().st_size == 0:
            return b""
        with self._path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return self._map

    def __exit__(self, *_: object) -> None:
        if self._map is not None:
            self._map.close()


def _framed(sequence: int, body: bytes) -> bytes:
    framed = _HEAD.pack(_MARK, sequence, len(body)) + body
    return framed + _TAIL.pack(len(body), crc32(framed))


def _found(data: "mmap.mmap | bytes", beginning: bytes) -> Iterator[tuple[int, Frame]]:
    """Yield the records that begin so, each with the place of its frame."""
    at = -1
    while (at := data.find(beginning, at + 1)) >= 0:
        frame = _frame_at(data, at - _HEAD.size) if at >= _HEAD.size else None
        if frame is not None:
            yield at - _HEAD.size, frame


def _last_frame(data: "mmap.mmap | bytes") -> int | None:
    """Return the sequence of the frame that the file ends with; nothing if it ends otherwise."""
    if len(data) < _AROUND:
        return None
    length, _ = _TAIL.unpack_from(data, len(data) - _TAIL.size)
    start = len(data) - _AROUND - length
    frame = _frame_at(data, start) if start >= 0 else None
    return None if frame is None else frame.sequence


def _frame_before(data: "mmap.mmap | bytes", end: int) -> tuple[int, Frame] | None:
    """Return the last whole frame that ends there or earlier, with its beginning."""
    if end >= _AROUND:
        length, _ = _TAIL.unpack_from(data, end - _TAIL.size)
        start = end - _AROUND - length
        frame = _frame_at(data, start) if start >= 0 else None
        if frame is not None:
            return start, frame
    # Torn there: a mark begins the one before, unless it is of what was torn.
    while (end := data.rfind(_MARK, 0, end)) >= 0:
        frame = _frame_at(data, end)
        if frame is not None:
            return end, frame
    return None


def _parts(data: "mmap.mmap | bytes") -> Iterator[Frame | Torn]:
    at = 0
    while at < len(data):
        frame = _frame_at(data, at)
        if frame is not None:
            yield frame
            at += _AROUND + len(frame.body)
        else:
            following = _next_frame(data, at + 1)
            yield Torn(at, following, last=following == len(data))
            at = following


def _frame_at(data: "mmap.mmap | bytes", at: int) -> Frame | None:
    if len(data) - at < _AROUND:
        return None
    mark, sequence, length = _HEAD.unpack_from(data, at)
    end = at + _HEAD.size + length
    if mark != _MARK or end + _TAIL.size > len(data):
        return None
    if _TAIL.unpack_from(data, end) != (length, crc32(data[at:end])):
        return None
    return Frame(sequence, bytes(data[at + _HEAD.size : end]))


def _next_frame(data: "mmap.mmap | bytes", at: int) -> int:
    """Return where the next whole frame begins, or the end."""
    while (at := data.find(_MARK, at)) >= 0:
        if _frame_at(data, at) is not None:
            return at
        at += 1
    return len(data)
