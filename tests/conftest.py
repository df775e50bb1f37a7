"""What many rooms' tests need: an empty database, settings, the app, a session.

On SQLite; on PostgreSQL too where a test, its module or its folder asks for the fixture `both`.
"""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from governance.app import create_app
from governance.config import Settings
from governance.crypto.keys import Keyring, KeySet
from governance.db.base import Base
from governance.db.engine import open_engine
from governance.db.extension import db, session_info
from governance.ledger.commits import OUTSIDE
from governance.ledger.outside import Outside
from governance.pdp.log import decisions_of
from tests.forum import Forum
from tests.heavy import heavy, runs_every_time
from tests.kept import kept_keys
from tests.marks import in_share
from tests.postgres import Databases, databases
from tests.quick import Compiled, build_addresses, compile_statements_once, keep_map, one_map
from tests.room import closed_folder

_HERE: Final = Path(__file__).parent
_STORES: Final = ("backup/test_copies.py", "crypto/", "db/", "ledger/", "migrations/")
_YOUNG: Final = 50_000
"""New objects between two looks for garbage; Python's own measure is 700."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a machine without PostgreSQL say so; left unsaid, its absence is an error."""
    parser.addoption("--no-postgres", action="store_true", help="skip the tests that need a PostgreSQL")
    parser.addoption("--share", help="run one of N parts, turn by turn: 1/2, 2/2, 3/2 and so on")


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Iterator[None]:
    """Say what runs when, before others choose among it; and begin with the longest, or one process waits for it."""
    _keep_share(config, items)
    _mark_slow(items)
    yield
    items.sort(key=lambda item: not runs_every_time(item.nodeid))


def _mark_slow(items: list[pytest.Item]) -> None:
    """Run on PostgreSQL every time what stores; what stands on it runs there with `pytest -m slow`."""
    dear = heavy()
    for item in items:
        if item.nodeid in dear and not _has_its_own_command(item):
            item.add_marker(pytest.mark.slow)
        chosen = item.callspec.params.get("both") if isinstance(item, pytest.Function) and _is_drawn(item) else None
        if (
            chosen == "postgres"
            and not _has_its_own_command(item)
            and not item.path.relative_to(_HERE).as_posix().startswith(_STORES)
        ):
            item.add_marker(pytest.mark.slow)


def _keep_share(config: pytest.Config, items: list[pytest.Item]) -> None:
    share: str | None = config.getoption("--share")
    if share is None:
        return
    kept = [item for item in items if in_share(item.nodeid, share)]
    config.hook.pytest_deselected(items=[item for item in items if not in_share(item.nodeid, share)])
    items[:] = kept


def _has_its_own_command(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) for name in ("hunt", "browser", "bench", "forum"))


def _is_drawn(item: pytest.Function) -> bool:
    return hasattr(item, "callspec")


def pytest_collection_finish() -> None:
    """Keep the collector of garbage from walking through thousands of collected tests again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG)


def pytest_configure(config: pytest.Config) -> None:
    """Put all folders of a run into memory, unless somebody named a place where they are to be kept."""
    compile_statements_once()
    if config.option.basetemp or hasattr(config, "workerinput") or "TMPDIR" in os.environ:
        return
    folder = closed_folder()
    if folder is None:
        return
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)

    def leave() -> None:
        del os.environ["TMPDIR"]
        tempfile.tempdir = None
        shutil.rmtree(folder, ignore_errors=True)

    config.add_cleanup(leave)


def settings_in(folder: Path, database_url: str | None = None) -> Settings:
    """Settings of a service with a database and keys of its own."""
    return Settings(
        public_url="http://127.0.0.1:8080",
        database_url=database_url or sqlite_in(folder),
        keys=KeySet.fresh(),
        outside=folder / "outside",
    )


def sqlite_in(folder: Path) -> str:
    """The URL of a SQLite file that nobody has opened yet."""
    return f"sqlite:///{folder / 'governance.db'}"


_COMPILED: Final = Compiled()


@contextmanager
def running(settings: Settings) -> Iterator[Flask]:
    """Give the app over an empty database; `tests/migrations` proves that migrations make the same tables."""
    make_tables(settings.database_url)
    build_addresses()
    with one_map():
        app = create_app(settings)
    keep_map(app)
    app.jinja_env.bytecode_cache = _COMPILED
    with app.app_context():
        engine = db.engine
    try:
        yield app
    finally:
        decisions_of(app).close()
        engine.dispose()


@cache
def _with_tables() -> bytes:
    """A SQLite file with every table; copied, it costs a fiftieth of making them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tables.db"
        engine = open_engine(f"sqlite:///{path}")
        Base.metadata.create_all(engine)
        engine.dispose()
        return path.read_bytes()


def make_tables(url: str) -> None:
    """Make the tables of an empty database; a PostgreSQL that is lent has them already."""
    path = Path(url.removeprefix("sqlite:///"))
    if url.startswith("sqlite:///") and not path.exists():
        path.write_bytes(_with_tables())


@contextmanager
def session_of(app: Flask) -> Iterator[Session]:
    """Give a session as services get it, outside of any request."""
    with app.app_context():
        engine = db.engine
    with Session(engine, expire_on_commit=False, info=session_info(app)) as session:
        yield session


@contextmanager
def lone_session(settings: Settings) -> Iterator[tuple[Session, Keyring]]:
    """Give a session without an app, and the keys that go with it."""
    make_tables(settings.database_url)
    engine = open_engine(settings.database_url)
    with Session(engine, expire_on_commit=False, info={OUTSIDE: Outside(settings.outside)}) as session:
        yield session, Keyring(settings.keys)
    engine.dispose()


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> Iterator[Databases]:
    """Databases on a real PostgreSQL, which starts when the first test asks for it."""
    if pytestconfig.getoption("--no-postgres"):
        pytest.skip("--no-postgres was given")
    with databases() as made:
        yield made


@pytest.fixture(params=["sqlite", "postgres"])
def both(request: pytest.FixtureRequest) -> str:
    """Which database; who asks for this runs once on each."""
    name: str = request.param
    return name


@pytest.fixture
def database(both: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a database without any table, on SQLite and on PostgreSQL."""
    yield from _lent(both, tmp_path, request, tables=False)


@pytest.fixture
def database_url(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of the app's database: SQLite's, or both where `both` is asked for."""
    chosen = request.getfixturevalue("both") if "both" in request.fixturenames else "sqlite"
    yield from _lent(chosen, tmp_path, request, tables=True)


def _lent(name: str, folder: Path, request: pytest.FixtureRequest, *, tables: bool) -> Iterator[str]:
    if name == "sqlite":
        yield sqlite_in(folder)
        return
    with request.getfixturevalue("postgres").lend(tables=tables) as url:
        yield url


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """A service of its own for every test."""
    return replace(settings_in(tmp_path, database_url), keys=kept_keys())


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The app over an empty database."""
    with running(settings) as app:
        yield app


@pytest.fixture
def session(settings: Settings) -> Iterator[Session]:
    """A session of which nothing is committed unless the test does so; no app is built for it."""
    with lone_session(settings) as (session, _):
        yield session


@pytest.fixture
def keyring(settings: Settings) -> Keyring:
    """The keys that the app uses too."""
    return Keyring(settings.keys)


@pytest.fixture
def forum(session: Session, keyring: Keyring) -> Forum:
    """A forum with nobody on it yet."""
    return Forum(session, keyring)
