"""What doors may rely on: one commit, readers that take no turn, nothing left open."""

import pytest
from sqlalchemy import event, text

from governance.db.extension import db, reading, transaction
from governance.db.migrate import at_head
from governance.patients.models import Patient

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def context(app):
    with app.app_context():
        yield


@pytest.fixture
def begun():
    """Every way in which a transaction was begun."""
    statements = []

    def note(_connection, _cursor, statement, *_):
        if statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield statements
    event.remove(db.engine, "before_cursor_execute", note)


def count_patients():
    with reading() as session:
        return session.query(Patient).count()


def test_a_writer_takes_its_turn_before_it_reads(begun):
    with transaction() as session:
        session.execute(text("SELECT 1"))
    assert begun == ["BEGIN IMMEDIATE"]


def test_a_reader_takes_no_writers_turn(begun):
    with reading() as session:
        session.execute(text("SELECT 1"))
    assert begun == ["BEGIN"]


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


def test_what_was_read_or_written_stays_readable_and_holds_no_connection(begun):
    with transaction() as session:
        patient = Patient(created=7)
        session.add(patient)
    with reading() as session:
        found = session.get(Patient, patient.id)
    begun.clear()
    assert (patient.created, found.created) == (7, 7)
    assert begun == []
    assert db.engine.pool.checkedout() == 0


def test_a_failed_reading_holds_no_connection():
    with pytest.raises(KeyError):
        fail_while_reading()
    assert db.engine.pool.checkedout() == 0


def test_asking_for_the_schema_waits_for_no_writer(begun):
    at_head()
    assert begun == ["BEGIN"]
