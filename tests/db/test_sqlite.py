"""SQLite loses nothing as we set it up; as the driver sets it up it does."""

import threading

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, insert, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError

from governance.db.base import new_id
from governance.db.engine import prepare
from governance.db.extension import reading, transaction
from governance.patients.models import PatientAccount

THREADS, ROUNDS = 8, 25
METADATA = MetaData()
COUNTER = Table("counter", METADATA, Column("id", Integer, primary_key=True), Column("value", Integer, nullable=False))


@pytest.fixture
def engine(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'counter.db'}", pool_size=THREADS)
    yield engine
    engine.dispose()


def prepared(engine):
    prepare(engine)
    return engine


def increment(engine):
    with engine.begin() as connection:
        value = connection.scalar(select(COUNTER.c.value))
        connection.execute(update(COUNTER).values(value=value + 1))


def count_together(engine):
    """Let all threads read, then write; return what was counted and how many of the rounds failed."""
    METADATA.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(COUNTER).values(id=1, value=0))
    barrier, failures = threading.Barrier(THREADS), []

    def work():
        barrier.wait()
        for _ in range(ROUNDS):
            try:
                increment(engine)
            except OperationalError as error:
                failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engine.connect() as connection:
        return connection.scalar(select(COUNTER.c.value)), len(failures)


def test_eight_writers_lose_no_update(engine):
    assert count_together(prepared(engine)) == (THREADS * ROUNDS, 0)


def test_the_drivers_defaults_lose_updates_without_an_error(engine):
    counted, failed = count_together(engine)
    assert counted + failed < THREADS * ROUNDS


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("secure_delete", 1), ("foreign_keys", 1), ("busy_timeout", 10_000)],
)
def test_every_connection_is_set_up(engine, pragma, value):
    engine = prepared(engine)
    with engine.connect() as one, engine.connect() as other:
        assert [c.connection.driver_connection.execute(f"PRAGMA {pragma}").fetchone()[0] for c in (one, other)] == [
            value,
            value,
        ]


def write(app, row):
    with app.app_context(), transaction() as session:
        session.add(row)


def ask(app, statement, **values):
    with app.app_context(), reading() as session:
        session.execute(text(statement), values)


def test_a_row_that_points_nowhere_is_refused(app):
    with pytest.raises(IntegrityError):
        write(app, PatientAccount(account_id=new_id(), patient_id=new_id(), linked=1))


def test_an_error_shows_no_values(app):
    with pytest.raises(OperationalError) as raised:
        ask(app, "SELECT * FROM nowhere WHERE name = :name", name="ana")
    assert "ana" not in str(raised.value)
