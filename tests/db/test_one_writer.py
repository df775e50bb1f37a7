"""One writer at a time on both databases; and what is lost where that is left out."""

import threading
from types import SimpleNamespace

import pytest
from psycopg import IsolationLevel
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, event, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from governance.db import postgresql
from governance.db.engine import open_engine
from governance.db.failures import BusyError

THREADS, ROUNDS = 8, 100
METADATA = MetaData()
COUNTER = Table("counter", METADATA, Column("id", Integer, primary_key=True), Column("value", Integer, nullable=False))


def increment(engine):
    with engine.begin() as connection:
        value = connection.scalar(select(COUNTER.c.value))
        connection.execute(update(COUNTER).values(value=value + 1))


def count_together(engine, rounds=ROUNDS):
    """Let all threads read, then write; return what was counted and how many of the rounds failed."""
    METADATA.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(COUNTER).values(id=1, value=0))
    barrier, failures = threading.Barrier(THREADS), []

    def work():
        barrier.wait()
        for _ in range(rounds):
            try:
                increment(engine)
            except DBAPIError as error:
                failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engine.connect() as connection:
        return SimpleNamespace(counted=connection.scalar(select(COUNTER.c.value)), failed=len(failures))


def test_eight_writers_lose_none_of_800_updates(engine):
    assert count_together(engine) == SimpleNamespace(counted=THREADS * ROUNDS, failed=0)


def test_the_drivers_defaults_lose_updates_without_an_error(database):
    engine = create_engine(database)
    done = count_together(engine, rounds=25)
    assert done.counted + done.failed < THREADS * 25
    engine.dispose()


@pytest.fixture
def on_postgres(postgres):
    with postgres.lend(tables=False) as url:
        engine = open_engine(url)
        yield engine
        engine.dispose()


def test_on_postgresql_it_is_the_lock_that_keeps_the_updates(on_postgres):
    event.remove(on_postgres, "begin", postgresql._on_begin)
    done = count_together(on_postgres)
    assert done.counted + done.failed < THREADS * ROUNDS


def test_a_snapshot_from_before_ones_turn_would_fail_or_lose(on_postgres):
    """Why writers are not given the readers' REPEATABLE READ."""

    def begin_too_early(connection):
        connection.connection.driver_connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({postgresql.WRITERS})").close()

    event.remove(on_postgres, "begin", postgresql._on_begin)
    event.listen(on_postgres, "begin", begin_too_early)
    assert count_together(on_postgres).counted < THREADS * ROUNDS


def test_a_writer_who_waits_too_long_is_told_and_nothing_is_changed(engine):
    METADATA.create_all(engine)
    with engine.begin() as holder:
        holder.execute(insert(COUNTER).values(id=1, value=0))
        with pytest.raises(BusyError):
            impatient(engine)
    with engine.connect() as connection:
        assert connection.scalar(select(COUNTER.c.value)) == 0


def impatient(engine):
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        if engine.dialect.name == "sqlite":
            driver.execute("PRAGMA busy_timeout=50")
        else:
            driver.execute("SET lock_timeout = '50ms'")
            driver.commit()
        connection.execute(update(COUNTER).values(value=1))


def test_what_a_reader_sees_stays_as_it_was_when_it_began(engine):
    METADATA.create_all(engine)
    with engine.connect().execution_options(read_only=True) as reader:
        assert reader.scalar(select(COUNTER.c.value)) is None
        with engine.begin() as writer:
            writer.execute(insert(COUNTER).values(id=1, value=7))
        assert reader.scalar(select(COUNTER.c.value)) is None
    with engine.connect().execution_options(read_only=True) as reader:
        assert reader.scalar(select(COUNTER.c.value)) == 7


def test_a_connection_that_read_writes_again_afterwards(engine):
    METADATA.create_all(engine)
    for value in (1, 2):
        with engine.connect().execution_options(read_only=True) as reader:
            reader.execute(text("SELECT 1"))
        with engine.begin() as writer:
            writer.execute(insert(COUNTER).values(id=value, value=value))
    assert engine.pool.checkedin() == 1
