"""What doors may rely on: one commit, readers that take no turn, nothing left open."""

from contextlib import suppress

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from governance.db.extension import db, reading, transaction
from governance.db.migrate import at_head
from governance.db.postgresql import WRITERS
from governance.patients.models import Patient

pytestmark = pytest.mark.usefixtures("both", "context")


@pytest.fixture
def context(app):
    with app.app_context():
        yield


TAKES_A_TURN = {"sqlite": "BEGIN IMMEDIATE", "postgresql": f"SELECT pg_advisory_xact_lock({WRITERS})"}


@pytest.fixture
def said():
    """Everything that was said to the database; `turn` stands for taking a writer's turn."""
    statements, turn = [], TAKES_A_TURN[db.engine.dialect.name]

    def note(_connection, _cursor, statement, *_):
        if statement != "BEGIN":
            statements.append("turn" if statement == turn else statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield statements
    event.remove(db.engine, "before_cursor_execute", note)


def count_patients():
    with reading() as session:
        return session.query(Patient).count()


def test_a_writer_takes_its_turn_before_it_reads(said):
    with transaction() as session:
        session.execute(text("SELECT 1"))
    assert said == ["turn", "SELECT 1"]


def test_a_reader_takes_no_writers_turn(said):
    with reading() as session:
        session.execute(text("SELECT 1"))
    # The ledger's head is asked first, of every reader.
    assert [what for what in said if "FROM ledger_head" not in what] == ["SELECT 1"]


def test_a_reader_leaves_nothing_behind_even_past_the_mapping():
    with suppress(DBAPIError), reading() as session:
        session.execute(text("INSERT INTO patient (id, created) VALUES ('018f0000000070008000000000000000', 1)"))
    assert count_patients() == 0


def test_readers_and_a_writer_do_not_wait_for_one_another():
    with transaction() as session:
        session.add(Patient(created=1))
        session.flush()
        assert count_patients() == 0
    assert count_patients() == 1


def test_reading_inside_a_transaction_leaves_it_whole():
    with transaction() as session:
        session.add(Patient(created=1))
        session.flush()
        count_patients()
        session.add(Patient(created=2))
    assert count_patients() == 2


def write_and(then):
    with transaction() as session:
        session.add(Patient(created=1))
        session.flush()
        then()


def fail():
    raise KeyError


def open_another():
    with transaction():
        pass


def write_while_reading():
    with reading() as session:
        session.add(Patient(created=1))
        session.flush()


def fail_while_reading():
    with reading():
        fail()


def test_what_fails_leaves_nothing_behind():
    with pytest.raises(KeyError):
        write_and(fail)
    assert count_patients() == 0


def test_a_transaction_inside_another_is_refused_and_undoes_both():
    with pytest.raises(RuntimeError, match="open already"):
        write_and(open_another)
    assert count_patients() == 0


def test_writing_while_reading_is_refused_aloud():
    with pytest.raises(RuntimeError, match="reading alone"):
        write_while_reading()
    assert count_patients() == 0


def test_what_was_read_or_written_stays_readable_and_holds_no_connection(said):
    with transaction() as session:
        patient = Patient(created=7)
        session.add(patient)
    with reading() as session:
        found = session.get(Patient, patient.id)
    said.clear()
    assert (patient.created, found.created) == (7, 7)
    assert said == []
    assert db.engine.pool.checkedout() == 0


def test_a_failed_reading_holds_no_connection():
    with pytest.raises(KeyError):
        fail_while_reading()
    assert db.engine.pool.checkedout() == 0


def test_asking_for_the_schema_waits_for_no_writer(said):
    at_head()
    assert said
    assert "turn" not in said
