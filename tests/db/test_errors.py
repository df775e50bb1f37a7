"""No error of the database repeats what a person wrote, wherever somebody looks at it."""

import traceback

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from governance.db.engine import open_engine

WRITTEN = "what-a-person-wrote"
TABLE = "CREATE TABLE t (a VARCHAR(40) UNIQUE CONSTRAINT ck_no_x CHECK (a <> 'x' || b), b VARCHAR(40) NOT NULL, u {})"
STATEMENTS = {
    "unique": "INSERT INTO t (a, b) VALUES (:a, :a)",
    "check": "INSERT INTO t (a, b) VALUES ('x' || :a, :a)",
    "not null": "INSERT INTO t (a, b) VALUES ('y' || :a, NULL)",
    "no table": "INSERT INTO nowhere (a) VALUES (:a)",
}


def fill(engine):
    with engine.begin() as connection:
        connection.execute(text(TABLE.format("uuid" if engine.dialect.name == "postgresql" else "text")))
        connection.execute(text(STATEMENTS["unique"]), {"a": WRITTEN})


def fails(engine, statement):
    """Return everything that the error shows: its text, its cause's, the whole traceback."""
    with pytest.raises(DBAPIError) as raised, engine.begin() as connection:
        connection.execute(text(statement), {"a": WRITTEN})
    error = raised.value
    return error, "\n".join([str(error), repr(error), repr(error.orig), *traceback.format_exception(error)])


@pytest.mark.parametrize("kind", STATEMENTS)
def test_no_error_repeats_a_value(engine, kind):
    fill(engine)
    error, shown = fails(engine, STATEMENTS[kind])
    assert WRITTEN not in shown
    assert isinstance(error, IntegrityError) is (kind != "no table")


def test_a_broken_constraint_is_called_by_its_name(engine):
    fill(engine)
    _, shown = fails(engine, STATEMENTS["check"])
    assert "ck_no_x" in shown


def test_as_postgresql_says_it_the_value_is_there(postgres):
    with postgres.lend(tables=False) as url:
        engine = create_engine(url, hide_parameters=True)
        fill(engine)
        assert all(WRITTEN in fails(engine, STATEMENTS[kind])[1] for kind in ("unique", "check"))
        engine.dispose()


def test_a_value_that_postgresql_cannot_read_is_not_repeated(postgres):
    with postgres.lend(tables=False) as url:
        engine = open_engine(url)
        fill(engine)
        _, shown = fails(engine, "INSERT INTO t (a, b, u) VALUES ('z', 'z', CAST(CAST(:a AS text) AS uuid))")
        assert WRITTEN not in shown
        assert "InvalidTextRepresentation" in shown
        engine.dispose()


def test_a_server_that_is_not_there_is_named_without_the_password():
    engine = open_engine("postgresql://somebody:the-password@127.0.0.1:1/db")
    with pytest.raises(DBAPIError) as raised:
        engine.connect()
    assert "the-password" not in "".join(traceback.format_exception(raised.value))
    assert "127.0.0.1" in str(raised.value)
