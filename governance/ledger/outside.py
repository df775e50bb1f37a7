"""The place outside the database: newest checkpoint, all checkpoints, journal, copies of keys. Best on another disk.

It keeps bytes and knows no key: what is in it, its readers prove.
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from governance.ledger.errors import OutsideError
from governance.ledger.journal import Frame, Journal, Seal, Torn

_NEWEST: Final = "checkpoint"
_ALL: Final = "checkpoints.log"
_JOURNAL: Final = "journal"
_KEYS: Final = "keys"
_LOCK: Final = "lock"
_SHORT_LOOK: Final = 64 * 1024
_LONGEST_LINE: Final = 256 * 1024


class _Held:
    """A file that was read and is kept open: no other one can get its number meanwhile, however soon it follows."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self.which = _which(os.fstat(self._descriptor))
        with open(self._descriptor, encoding="utf-8", closefd=False) as file:
            self.text = file.read()

    def __del__(self) -> None:
        """Let it go."""
        with suppress(AttributeError, OSError):
            os.close(self._descriptor)


def _which(found: os.stat_result) -> tuple[int, ...]:
    """Return which file it is and when it was last changed, a time that nobody can set back."""
    return found.st_dev, found.st_ino, found.st_ctime_ns, found.st_size


class Outside:
    """A directory that outlives the database. Many processes may use it at once."""

    def __init__(self, directory: Path) -> None:
        """Name the directory; it is made when something is first put there."""
        self._directory = directory
        self._newest = directory / _NEWEST
        self._held: _Held | None = None
        self._journal = Journal(directory / _JOURNAL)
        self._keys = Journal(directory / _KEYS)

    def __repr__(self) -> str:
        """Show where."""
        return f"Outside({str(self._directory)!r})"

    def newest(self) -> str | None:
        """Return the newest checkpoint as it lies there. Raises `OutsideError` if it is no text."""
        try:
            return self._read_newest()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise OutsideError("the checkpoint outside cannot be read; run `governance ledger verify`") from error

    def _read_newest(self) -> str:
        found, held = self._newest.stat(), self._held
        if held is None or held.which != _which(found):
            held = self._held = _Held(self._newest)
        return held.text

    def put(self, note: str, *, replaces: str | None) -> bool:
        """Make a note the newest checkpoint if the present one is still `replaces`; say whether it was.

        After a return of true the disk has it. The log of all checkpoints is not waited for: a power cut may take its
        last lines, which only leaves less to compare.
        """
        with self._locked():
            if self.newest() != replaces:
                return False
            self._replace(note)
            # After the newest one: a log that is ahead of it means that somebody put an older one back.
            self._log(note)
        return True

    def checkpoints(self) -> Iterator[str | None]:
        """Yield every checkpoint put until the first is asked for, in order; `None` for a line that cannot be read."""
        try:
            with (self._directory / _ALL).open("rb") as file:
                # What is put meanwhile is of entries that whoever compares does not see.
                end = os.fstat(file.fileno()).st_size
                while file.tell() < end and (line := file.readline(_LONGEST_LINE)):
                    yield _line(line)
        except FileNotFoundError:
            return

    def last_checkpoints(self) -> Iterator[str | None]:
        """Yield the last checkpoints in the log of all, the last one first, as far as a short look shows them."""
        try:
            with (self._directory / _ALL).open("rb") as file:
                file.seek(max(0, file.seek(0, os.SEEK_END) - _SHORT_LOOK))
                lines = file.read(_SHORT_LOOK).splitlines(keepends=True)
        except FileNotFoundError:
            return
        except OSError as error:
            raise OutsideError("the log of checkpoints cannot be read; see that its disk is there") from error
        yield from map(_line, reversed(lines))

    def thin(self, superfluous: Callable[[Iterator[str | None]], set[int]]) -> None:
        """Take out of the log of all checkpoints the lines that `superfluous` counts, from 0 on; all or none.

        Raises `OutsideError`; then the log is as it was.
        """
        path = self._directory / _ALL
        with self._locked():
            dropped = superfluous(self.checkpoints())
            if not dropped:
                return
            shorter = path.with_name(f"{_ALL}.new")
            with path.open("rb") as file:
                kept = (line for number, line in enumerate(_lines(file)) if number not in dropped)
                _write(shorter, os.O_TRUNC, kept, wait=True)
            # Whoever reads the log now goes on reading the long one.
            shorter.replace(path)
            _sync_directory(self._directory)

    def write_journal(self, records: Sequence[bytes], seal: Seal) -> None:
        """Append records to the journal and return when the disk has them. Raises `OutsideError`."""
        with self._locked(), self._named(_JOURNAL):
            self._journal.write(records, seal)

    def journal(self) -> Iterator[Frame | Torn]:
        """Yield the journal's records, still sealed, and what is torn between them. Raises `OutsideError`."""
        with _readable():
            yield from self._journal.parts()

    def last_journal(self) -> Iterator[Frame]:
        """Yield the journal's whole records, still sealed, the last one first. Raises `OutsideError`."""
        with _readable():
            yield from self._journal.backwards()

    def last_journalled(self) -> int:
        """Return the sequence of the journal's last record, 0 if there is none. Raises `OutsideError`."""
        with _readable():
            return self._journal.last_sequence()

    def keep_keys(self, copies: Sequence[bytes]) -> None:
        """Keep copies of wrapped keys and return when the disk has them. Raises `OutsideError`."""
        with self._locked(), self._named(_KEYS):
            self._keys.write(copies, lambda _, copy: copy)

    def forget_keys(self, beginnings: Iterable[bytes]) -> None:
        """Overwrite the copies that begin so and return when the disk has that. Raises `OutsideError`."""
        with self._locked():
            for beginning in beginnings:
                self._keys.blank(beginning)

    def kept_keys(self) -> Iterator[bytes]:
        """Yield the copies of keys, overwritten ones as zeros. Raises `OutsideError`."""
        with _readable():
            yield from (part.body for part in self._keys.parts() if isinstance(part, Frame))

    def is_empty(self) -> bool:
        """Say whether no checkpoint was ever put here."""
        return not any((self._directory / name).exists() for name in (_NEWEST, _ALL))

    def set_aside(self, label: str) -> None:
        """Rename the checkpoints that are here, so that new ones can begin; nothing is deleted."""
        with self._locked():
            for path in (self._directory / _NEWEST, self._directory / _ALL):
                if path.exists():
                    path.replace(path.with_name(f"{path.name}.{label}"))
            _sync_directory(self._directory)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self._directory / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                # Released by the closing, also when this process is killed.
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                yield
            finally:
                os.close(descriptor)
        except OSError as error:
            raise OutsideError("nothing can be written outside the database; see that its disk is there") from error

    @contextmanager
    def _named(self, name: str) -> Iterator[None]:
        """See to it that a file which is written for the first time keeps its name."""
        new = not (self._directory / name).exists()
        yield
        if new:
            _sync_directory(self._directory)

    def _replace(self, note: str) -> None:
        path = self._directory / _NEWEST
        temporary = path.with_name(f"{_NEWEST}.new")
        _write(temporary, os.O_TRUNC, [note.encode()], wait=True)
        temporary.replace(path)
        _sync_directory(self._directory)

    def _log(self, note: str) -> None:
        path = self._directory / _ALL
        torn = path.exists() and not _ends_a_line(path)
        _write(path, os.O_APPEND, [(b"\n" if torn else b"") + json.dumps(note).encode() + b"\n"], wait=False)


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutsideError("the journal outside the database cannot be read; see that its disk is there") from error


def _write(path: Path, how: int, data: Iterable[bytes], *, wait: bool) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | how, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.writelines(data)
        file.flush()
        if wait:
            os.fsync(file.fileno())


def _sync_directory(directory: Path) -> None:
    # Without it a power cut may bring the old name back.
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _ends_a_line(path: Path) -> bool:
    with path.open("rb") as file:
        if file.seek(0, os.SEEK_END) == 0:
            return True
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def _lines(file: BinaryIO) -> Iterator[bytes]:
    while line := file.readline(_LONGEST_LINE):
        yield line


def _line(line: bytes) -> str | None:
    try:
        note = json.loads(line)
    except ValueError:
        return None
    return note if isinstance(note, str) and line.endswith(b"\n") else None
