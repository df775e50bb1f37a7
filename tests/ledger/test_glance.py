"""The look past the pool leaves no connection behind: not when it fails, not when the engine ends meanwhile."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import event

from governance.db.base import Base
from governance.db.engine import open_engine
from governance.ledger.glance import Glance

THREADS = 8


@pytest.fixture
def engine(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'here.db'}")
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def opened(engine):
    """Every connection of the driver that was made since."""
    made = []
    event.listen(engine, "connect", lambda connection, _record: made.append(connection))
    return made


def still_open(connections):
    return [one for one in connections if _answers(one)]


def _answers(connection):
    try:
        connection.execute("SELECT 1")
    except sqlite3.ProgrammingError:
        return False
    return True


def test_one_connection_serves_look_after_look_and_ends_with_the_engine(engine, opened):
    glance = Glance(engine)
    engine.dispose()
    opened.clear()
    for _ in range(3):
        assert glance.head() is None
    assert len(opened) == len(still_open(opened)) == 1
    engine.dispose()
    assert still_open(opened) == []


def test_one_that_fails_is_closed_and_the_next_look_has_a_new_one(engine, opened, monkeypatch):
    glance = Glance(engine)
    engine.dispose()
    opened.clear()
    with monkeypatch.context() as broken:
        broken.setattr(glance, "_statement", "SELECT nothing FROM nowhere")
        for _ in range(3):
            with pytest.raises(sqlite3.OperationalError):
                glance.head()
    assert (len(opened), still_open(opened)) == (3, [])
    assert glance.head() is None
    assert len(still_open(opened)) == 1


def test_an_engine_that_ends_while_somebody_looks_leaves_none_open(engine, opened, monkeypatch):
    glance, together = Glance(engine), Barrier(THREADS + 1)
    engine.dispose()
    opened.clear()
    read = glance._read

    def slowly(connection):
        together.wait(30)
        row = read(connection)
        together.wait(30)
        return row

    monkeypatch.setattr(glance, "_read", slowly)
    with ThreadPoolExecutor(THREADS) as pool:
        looks = [pool.submit(glance.head) for _ in range(THREADS)]
        together.wait(30)
        engine.dispose()
        together.wait(30)
        assert [look.result(30) for look in looks] == [None] * THREADS
    assert (len(opened), still_open(opened)) == (THREADS, [])
