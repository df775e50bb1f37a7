"""Within one request everybody reads one state of the database, until that request writes."""

from contextlib import contextmanager, suppress

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from governance.db.extension import db, reading, transaction
from governance.patients.models import Patient

pytestmark = pytest.mark.usefixtures("both")


@contextmanager
def asked(app):
    with app.test_request_context("/"):
        yield
    with app.app_context():
        assert db.engine.pool.checkedout() == 0


def somebody_else_writes():
    with Session(db.engine) as session, session.begin():
        session.add(Patient(created=1))


def count_patients():
    with reading() as session:
        return session.query(Patient).count()


def test_all_of_a_page_reads_through_one_session(app):
    with asked(app), reading() as outer:
        with reading() as inner:
            assert inner is outer
        with reading() as again:
            assert again is outer


def test_a_page_shows_one_state_though_others_write(app):
    with asked(app):
        assert count_patients() == 0
        somebody_else_writes()
        assert count_patients() == 0


def test_outside_of_a_request_everybody_reads_anew(app):
    with app.app_context(), reading() as one, reading() as other:
        assert one is not other
        somebody_else_writes()
        assert count_patients() == 1


def test_what_a_request_wrote_it_reads(app):
    with asked(app):
        assert count_patients() == 0
        with transaction() as session:
            session.add(Patient(created=1))
            session.flush()
            assert count_patients() == 0
        assert count_patients() == 1


def test_whoever_reads_while_the_same_request_writes_goes_on(app):
    with asked(app):
        with reading() as around:
            with transaction() as session:
                session.add(Patient(created=1))
            assert count_patients() == 1
            assert around.execute(text("SELECT 1")).scalar() == 1
        assert count_patients() == 1


def test_the_next_request_reads_what_is_there_then(app):
    with asked(app):
        assert count_patients() == 0
        somebody_else_writes()
    with asked(app):
        assert count_patients() == 1


def test_a_question_that_failed_fails_no_other(app):
    with asked(app):
        with suppress(DBAPIError), reading() as session:
            session.execute(text("SELECT nothing FROM nowhere"))
        assert count_patients() == 0
