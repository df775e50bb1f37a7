"""Who runs on a database: a lock beside the file, shared by services and workers, taken alone by a restore.

A restore puts another file in the database's place. A process that had the old one open would go on with it, and one
that opens it while the restore runs waits for it and then has the old one too. PostgreSQL needs none of this: there a
restore fills an empty database, and sees who is connected.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import URL

from governance.db.engine import database_url
from governance.db.errors import InUseError

_RESTORING: Final = "a restore of this database is going on; wait until it has come to its end, then start again"
_RUNNING: Final = (
    "the service runs on this database; stop `governance serve`, every `governance worker` and any other server of it"
)


class InUse:
    """A hold on a database. The system lets go of it when the process ends, however that went."""

    def __init__(self, path: Path | None, how: int) -> None:
        """Take it at once. Raises `BlockingIOError` if somebody else's hold forbids it."""
        self._descriptor: int | None = None
        # Without its folder there is no database to be kept from anybody; whoever opens it says so.
        if path is None or not path.parent.is_dir():
            return
        beside = path.with_name(f"{path.name}.in-use")
        self._descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._descriptor, how | fcntl.LOCK_NB)
        except OSError:
            self.let_go()
            raise

    def let_go(self) -> None:
        """End it. The file stays: another one of its name would be another lock."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def hold(url: str | URL) -> InUse:
    """Say that this process runs on a database, until it ends or lets go. Raises `InUseError` during a restore."""
    try:
        return InUse(_file_of(url), fcntl.LOCK_SH)
    except BlockingIOError:
        raise InUseError(_RESTORING) from None
    except OSError as error:
        raise InUseError(f"nothing can be written beside the database ({error.strerror}); run as its owner") from None


@contextmanager
def holding(url: str | URL) -> Iterator[None]:
    """Run on a database for a while. Raises `InUseError` during a restore."""
    held = hold(url)
    try:
        yield
    finally:
        held.let_go()


@contextmanager
def alone(url: str | URL) -> Iterator[None]:
    """Keep services and workers from a database. Raises `InUseError` while one runs."""
    try:
        held = InUse(_file_of(url), fcntl.LOCK_EX)
    except BlockingIOError:
        raise InUseError(_RUNNING) from None
    try:
        yield
    finally:
        held.let_go()


def _file_of(url: str | URL) -> Path | None:
    read = database_url(url)
    in_memory = not read.database or read.database.startswith((":", "file:"))
    return None if read.get_backend_name() != "sqlite" or in_memory else Path(str(read.database))
