"""Copies of a PostgreSQL database, by `pg_dump` and `pg_restore`: one snapshot, in PostgreSQL's own archive."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, inspect

from governance.backup.contents import LEDGER_BROKEN, check_leaves, contents_of
from governance.backup.errors import BackupError, RestoreError
from governance.backup.manifest import Contents
from governance.crypto.keys import Keyring
from governance.db.engine import open_engine
from governance.ledger.tree import leaf_hash

_LEDGER: Final = "ledger_entry"


def copy(url: URL, to: Path, keyring: Keyring) -> Contents:
    """Write a snapshot of the database to an empty file and return what is in it. Raises `BackupError`."""
    with _snapshot(url) as (connection, snapshot):
        address, environment = _address(url)
        _run("pg_dump", [f"--dbname={address}", f"--snapshot={snapshot}", f"--file={to}", *_WHAT], environment)
        return contents_of(connection, keyring)


_WHAT: Final = ("--format=custom", "--no-owner", "--no-privileges")


def check(file: Path, contents: Contents) -> None:
    """Read every row back from the archive and hold it against the snapshot. Raises `BackupError`."""
    reading = _Reading()
    words = [_program("pg_restore"), "--data-only", "--file=-", str(file)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:  # noqa: S603 - its own tool
        for line in process.stdout or ():
            reading.take(line)
    if process.returncode != 0:
        raise BackupError("the copy cannot be read back; take another one")
    if reading.rows != contents.rows or reading.schema_revision != contents.schema_revision:
        raise BackupError("the copy does not hold what was in the database; take another one")
    check_leaves(contents, sorted(reading.leaves))


def restore(file: Path, url: URL) -> None:
    """Bring an archive into an empty database, whole or not at all. Raises `BackupError`."""
    address, environment = _address(url)
    words = ["--single-transaction", "--exit-on-error", *_WHAT[1:], f"--dbname={address}", str(file)]
    _run("pg_restore", words, environment)


@contextmanager
def alone(url: URL) -> Iterator[bool]:
    """Say whether a database is empty. Raises `RestoreError` while anybody else is connected to it."""
    engine = open_engine(url)
    try:
        with engine.connect().execution_options(read_only=True) as connection:
            others = connection.exec_driver_sql(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
                "AND backend_type = 'client backend'"
            ).scalar_one()
            empty = not inspect(connection).get_table_names()
        engine.dispose()
        if others:
            raise RestoreError("somebody is connected to the database; stop the service and its workers first")
        yield empty
    finally:
        engine.dispose()


class _Reading:
    """What PostgreSQL's text of an archive holds: rows of every table, leaves of the ledger, the schema."""

    def __init__(self) -> None:
        self.rows: dict[str, int] = {}
        self.leaves: list[tuple[int, bytes]] = []
        self.schema_revision = ""
        self._table = ""
        self._columns: list[bytes] = []

    def take(self, line: bytes) -> None:
        if not self._table:
            self._begin(line)
        elif line == b"\\.\n":
            self._table = ""
        else:
            self.rows[self._table] += 1
            self._look(line.rstrip(b"\n").split(b"\t"))

    def _begin(self, line: bytes) -> None:
        if line.startswith(b"COPY ") and line.endswith(b" FROM stdin;\n"):
            named, _, columns = line[5:].partition(b" (")
            self._table = named.rpartition(b".")[2].strip(b'"').decode()
            self._columns = [column.strip(b'" ') for column in columns.partition(b")")[0].split(b",")]
            self.rows[self._table] = 0

    def _look(self, values: list[bytes]) -> None:
        if self._table == "alembic_version":
            self.schema_revision = ",".join(sorted(filter(None, [self.schema_revision, values[0].decode()])))
        elif self._table == _LEDGER:
            row = dict(zip(self._columns, values, strict=True))
            leaf = _bytes(row[b"leaf"])
            if leaf_hash(_bytes(row[b"document"])) != leaf:
                raise BackupError(LEDGER_BROKEN)
            self.leaves.append((int(row[b"number"]), leaf))


@contextmanager
def _snapshot(url: URL) -> Iterator[tuple[Connection, str]]:
    engine = open_engine(url)
    try:
        with engine.connect().execution_options(read_only=True) as connection:
            # The dump reads what this transaction sees; it stands idle meanwhile, for as long as that takes.
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            yield connection, connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
    finally:
        engine.dispose()


def _address(url: URL) -> tuple[str, dict[str, str]]:
    """Return the address without its password, which other users of the machine could read, and where that goes."""
    environment = dict(os.environ)
    if url.password is not None:
        environment["PGPASSWORD"] = str(url.password)
    plain = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    return plain.render_as_string(), environment


def _run(name: str, words: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(  # noqa: S603 - its own tool
        [_program(name), *words], env=environment, capture_output=True, check=False
    )
    if done.returncode != 0:
        ended = f"signal {-done.returncode} ended it" if done.returncode < 0 else "it said nothing"
        raise BackupError(f"{name} failed: {_first_line(done.stderr) or ended}")


def _first_line(said: bytes) -> str:
    return next(iter(said.decode(errors="replace").splitlines()), "")


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise BackupError(
            f"`{name}` is not here; install PostgreSQL's client programs, of the server's version or newer "
            "(`apt-get install postgresql-client`), and see that they are in PATH"
        )
    return found


def _bytes(value: bytes) -> bytes:
    return bytes.fromhex(value.removeprefix(b"\\\\x").decode())
