"""Texts are bytes on both databases: look-alikes stay apart, in one order; what cannot be kept is refused."""

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, event, insert, inspect, select

from governance.db import failures
from governance.db.engine import open_engine
from governance.errors import BadInputError
from governance.tables import TABLES

METADATA = MetaData()
NAMES = Table(
    "names",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String(16), nullable=False, unique=True),
)
SPELLINGS = "Ana ana ANA \u0430na \u00e1na a\u0301na \u2167 viii \u00df ss \u0131 i \u200bana"
LOOK_ALIKES = [*SPELLINGS.split(), "ana ", " ana", ""]


@pytest.fixture
def names(engine):
    METADATA.create_all(engine)
    return engine


def write(engine, *names):
    with engine.begin() as connection:
        connection.execute(insert(NAMES), [{"name": name} for name in names])


def read(engine, name=None):
    query = select(NAMES.c.name).order_by(NAMES.c.name)
    with engine.connect().execution_options(read_only=True) as connection:
        return connection.scalars(query if name is None else query.where(NAMES.c.name == name)).all()


def test_names_that_look_alike_are_different_ones(names):
    write(names, *LOOK_ALIKES)
    assert [read(names, name) for name in LOOK_ALIKES] == [[name] for name in LOOK_ALIKES]


def test_the_order_is_that_of_the_bytes(names):
    write(names, *LOOK_ALIKES)
    assert read(names) == sorted(LOOK_ALIKES, key=str.encode)


def test_every_text_of_every_table_is_compared_by_bytes_whatever_the_database_was_made_with(postgres):
    with postgres.lend(tables=True) as url:
        engine = open_engine(url)
        found = inspect(engine)
        collations = {
            (table, column["name"]): column["type"].collation
            for table in (table.__tablename__ for table in TABLES)
            for column in found.get_columns(table)
            if isinstance(column["type"], String)
        }
        engine.dispose()
    assert len(collations) > 20
    assert set(collations.values()) == {"C"}


UNSTORABLE = ["nul\0", "\ud800", "ana\udfff"]


@pytest.mark.parametrize("name", UNSTORABLE)
def test_a_text_that_cannot_be_kept_is_the_senders_mistake(names, name):
    for rows in ([name], ["ana", name]):
        with pytest.raises(BadInputError, match="cannot be stored") as raised:
            write(names, *rows)
        assert "ana" not in str(raised.value)
    assert read(names) == []
    write(names, "ana")


@pytest.mark.parametrize("name", UNSTORABLE[1:])
def test_asking_for_a_text_that_cannot_be_kept_is_the_senders_mistake(names, name):
    with pytest.raises(BadInputError):
        read(names, name)


def test_without_the_check_sqlite_keeps_what_postgresql_cannot(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path}/names.db")
    event.remove(engine, "before_cursor_execute", failures.refuse_nul)
    METADATA.create_all(engine)
    write(engine, "nul\0")
    assert read(engine) == ["nul\0"]
    engine.dispose()


def test_a_number_too_large_is_the_senders_mistake(names):
    with pytest.raises(BadInputError, match="too large"), names.begin() as connection:
        connection.execute(insert(NAMES), {"id": 2**63, "name": "ana"})
