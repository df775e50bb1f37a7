"""How PostgreSQL is set up, and what happens when it goes away."""

import time

import psycopg
import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import DBAPIError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from governance.db import postgresql
from governance.db.engine import open_engine
from governance.db.errors import DatabaseUrlError
from tests.postgres import cluster, libpq


@pytest.fixture
def url(postgres):
    with postgres.lend(tables=False) as url:
        yield url


@pytest.fixture
def engine(url):
    engine = open_engine(url)
    yield engine
    engine.dispose()


def ask(engine, statement, **options):
    with engine.connect().execution_options(**options) as connection:
        return connection.scalar(text(statement))


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("synchronous_commit", "remote_apply"),
        ("lock_timeout", "10s"),
        ("idle_in_transaction_session_timeout", "30s"),
        ("client_encoding", "UTF8"),
    ],
)
def test_every_connection_is_set_up(engine, setting, value):
    with engine.connect() as one, engine.connect().execution_options(read_only=True) as other:
        assert {connection.scalar(text(f"SHOW {setting}")) for connection in (one, other)} == {value}


def test_readers_have_a_snapshot_and_writers_the_newest_state(engine):
    shown = "SELECT current_setting('transaction_isolation') || ', ' || current_setting('transaction_read_only')"
    for _ in range(2):
        assert ask(engine, shown, read_only=True) == "repeatable read, on"
        assert ask(engine, shown) == "read committed, off"


def test_a_server_that_defaults_to_snapshots_changes_nothing(url):
    engine = open_engine(url + "&options=-c%20default_transaction_isolation%3Dserializable")
    assert ask(engine, "SHOW transaction_isolation") == "read committed"
    engine.dispose()


def test_the_database_refuses_a_write_of_a_reader(engine):
    with pytest.raises(InternalError):
        ask(engine, "CREATE TABLE t (a int)", read_only=True)


def test_a_reader_takes_no_writers_turn(engine):
    held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
    assert (ask(engine, held, read_only=True), ask(engine, held)) == (0, 1)


def test_addresses_as_hosts_hand_them_out_are_understood(url):
    for scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        engine = open_engine(url.replace("postgresql+psycopg", scheme, 1))
        assert ask(engine, "SELECT 1") == 1
        engine.dispose()


def test_a_database_that_cannot_hold_every_character_is_refused(url):
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        name = f"{connection.engine.url.database}_latin"
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING LATIN1 LOCALE 'C'")
        engine = open_engine(admin.url.set(database=name))
        with pytest.raises(DatabaseUrlError, match="createdb"):
            ask(engine, "SELECT 1")
        engine.dispose()
        connection.exec_driver_sql(f"DROP DATABASE {name}")
    admin.dispose()


def end_all_others(engine):
    with psycopg.connect(libpq(engine.url)) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    time.sleep(0.1)


def test_after_the_server_closed_its_connections_nobody_notices(engine):
    ask(engine, "SELECT 1")
    end_all_others(engine)
    assert ask(engine, "SELECT 1") == 1


def test_without_looking_first_somebody_would_notice(engine):
    event.remove(engine, "checkout", postgresql._on_checkout)
    ask(engine, "SELECT 1")
    end_all_others(engine)
    with pytest.raises(OperationalError):
        ask(engine, "SELECT 1")


def test_a_writer_whose_program_was_killed_keeps_nobody_waiting(engine):
    with engine.connect() as stalled:
        stalled.execute(text("SELECT 1"))
        end_all_others(engine)
        assert ask(engine, "SELECT 1") == 1
        with pytest.raises(DBAPIError):
            stalled.execute(text("SELECT 1"))


def test_a_stalled_writer_is_ended_by_the_server(engine):
    with engine.connect() as stalled:
        stalled.execute(text("SET idle_in_transaction_session_timeout = '50ms'"))
        assert ask(engine, "SELECT 1") == 1
        with pytest.raises(DBAPIError):
            stalled.execute(text("SELECT 1"))


def test_the_pool_has_its_bounds(engine):
    taken = [engine.connect() for _ in range(engine.pool.size())]
    assert (len(taken), engine.pool._max_overflow) == (15, 0)
    engine.pool._timeout = 0.05
    with pytest.raises(PoolTimeoutError):
        engine.connect()
    for connection in taken:
        connection.close()


def test_a_server_killed_and_started_again_has_what_was_committed():
    with cluster() as server:
        engine = open_engine(server.url)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE kept AS SELECT 1 AS value"))
        server.kill()
        with pytest.raises(DBAPIError):
            ask(engine, "SELECT 1")
        server.start()
        assert ask(engine, "SELECT value FROM kept") == 1
        engine.dispose()
    assert not server.folder.exists()
