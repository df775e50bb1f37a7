"""Copies of a SQLite database, by its own backup interface: writers go on, the copy is one snapshot."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from governance.backup.contents import check_ledger, contents_of
from governance.backup.errors import BackupError, RestoreError
from governance.backup.files import sync
from governance.backup.manifest import Contents
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant

Progress = Callable[[int, int], None]
"""Told how much is done, of how much."""
_PAGES: Final = 512
_WAIT: Final = 10.0


def path_of(url: URL) -> Path:
    """Return the file of a database. Raises `BackupError` if it is in memory."""
    if not url.database or url.database == ":memory:":
        raise BackupError("a database in memory cannot be backed up; name a file in `GOVERNANCE_DATABASE_URL`")
    return Path(url.database)


def copy(url: URL, to: Path, progress: Progress) -> None:
    """Write a snapshot of the database to an empty file."""
    try:
        with closing(_opened(path_of(url), "mode=rw")) as source, closing(_opened(to, "mode=rw")) as target:
            # The snapshot of one read stays whatever others write; without it every write would begin the copy anew.
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            source.backup(target, pages=_PAGES, progress=lambda _, left, total: progress(total - left, total))
            source.execute("ROLLBACK")
            # One file alone: a copy that needs a second one beside it loses it.
            target.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise BackupError(
            "the database cannot be copied; see that its disk is whole, and that there is room for the copy"
        ) from error
    sync(to)


def contents(file: Path, keyring: Keyring) -> Contents:
    """Return what is in a copy, after checking all of it. Raises `BackupError`."""
    try:
        with looking_into(file) as connection:
            if [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check")] != ["ok"]:
                raise BackupError("the copy is not whole; see that the disks are, then take another one")
            if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                raise BackupError("rows in it point nowhere; see that nobody else writes to the database")
            found = contents_of(connection, keyring)
            check_ledger(connection, found)
            return found
    except SQLAlchemyError as error:
        raise BackupError("the copy cannot be read; take another one") from error


@contextmanager
def looking_into(file: Path) -> Iterator[Connection]:
    """Give a connection to a file that nobody writes to, leaving nothing beside it."""
    engine = create_engine("sqlite://", creator=lambda: _opened(file, "mode=ro&immutable=1"), poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep a database from everybody. Raises `RestoreError` while somebody has it open, such as the service."""
    if not path.exists():
        yield
        return
    with closing(_opened(path, "mode=rw")) as connection:
        connection.execute("PRAGMA busy_timeout=500")
        # Of what is no database any more nobody can be the user.
        with suppress(sqlite3.DatabaseError):
            _lock(connection)
        yield
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")


def _lock(connection: sqlite3.Connection) -> None:
    try:
        # Leaving WAL needs a database that nobody else has open. It also leaves no second file, which this connection
        # would delete at its end by its name: it could be the new database's by then.
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        raise RestoreError("the database is in use; stop the service and its workers first") from error


def former(path: Path, now: Instant) -> Path:
    """Return where a restore of that time leaves the database that it replaces."""
    return path.with_name(f"{path.name}.before-restore-{now}")


def put_in_place(copied: Path, path: Path, old: Path) -> None:
    """Make a file the database; the one it replaces is kept as `old`, and can be opened under that name.

    Killed in between, there is no database, and the service does not start.
    """
    for end in ("-wal", ""):
        with suppress(FileNotFoundError):
            path.with_name(path.name + end).replace(old.with_name(old.name + end))
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    copied.replace(path)
    sync(path.parent)


@contextmanager
def staged(file: Path, path: Path) -> Iterator[Path]:
    """Give a copy of a backup beside the database, on the same disk; it is gone afterwards unless it was moved.

    One that was left by somebody who was killed goes too.
    """
    copied = path.with_name(f"{path.name}.restoring")
    remove(copied)
    try:
        copied.touch(mode=0o600)
        shutil.copyfile(file, copied)
        yield copied
    finally:
        remove(copied)


def remove(path: Path) -> None:
    """Delete a database and what may lie beside it, as far as it is there."""
    for end in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def settle(copied: Path) -> None:
    """Leave all that was written to a file in that file alone."""
    with closing(_opened(copied, "mode=rw")) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    sync(copied)


def _opened(path: Path, how: str) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path))}?{how}", uri=True, isolation_level=None, timeout=_WAIT)
