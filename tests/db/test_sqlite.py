"""How SQLite is set up."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from governance.db.base import new_id
from governance.db.engine import open_engine
from governance.db.extension import reading, transaction
from governance.patients.models import PatientAccount
from tests.conftest import sqlite_in


@pytest.fixture
def engine(tmp_path):
    engine = open_engine(sqlite_in(tmp_path))
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("secure_delete", 1), ("foreign_keys", 1), ("busy_timeout", 10_000)],
)
def test_every_connection_is_set_up(engine, pragma, value):
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
