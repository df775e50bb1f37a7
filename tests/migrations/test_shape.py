"""The schema's history makes exactly the tables of the program, on both databases, to the last constraint."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from governance.db.base import Base
from governance.db.engine import open_engine
from governance.db.extension import db
from governance.db.migrate import upgrade
from tests.conftest import sqlite_in
from tests.migrations.shape import shape


@pytest.fixture
def mapped(both, tmp_path, request):
    """The shape that the program's own tables have."""
    if both == "postgres":
        with request.getfixturevalue("postgres").lend(tables=True) as url:
            yield shape_at(url)
        return
    folder = tmp_path / "mapped"
    folder.mkdir()
    yield shape_at(sqlite_in(folder), create=True)


def shape_at(url, *, create=False):
    engine = open_engine(url)
    if create:
        Base.metadata.create_all(engine)
    found = shape(engine)
    engine.dispose()
    return found


def differences():
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return compare_metadata(context, Base.metadata)


@pytest.mark.usefixtures("app")
def test_the_history_makes_the_tables_of_the_program(mapped):
    upgrade()
    tables, others = shape(db.engine)
    wanted, wanted_others = mapped
    assert tables.keys() == wanted.keys()
    for name, table in tables.items():
        assert table == wanted[name], name
    assert others == wanted_others
    assert differences() == []


TRIGGERS = {
    "sqlite": "CREATE TRIGGER more AFTER INSERT ON patient BEGIN SELECT 1; END",
    "postgres": "CREATE TRIGGER more BEFORE UPDATE ON patient FOR EACH ROW "
    "EXECUTE FUNCTION suppress_redundant_updates_trigger()",
}


@pytest.mark.parametrize("statement", ["check", "trigger"])
def test_a_check_or_a_trigger_that_only_one_side_has_is_seen_here_and_not_by_alembic(statement, history, both, mapped):
    check = 'with op.batch_alter_table("patient") as batch: batch.create_check_constraint("ck_more", "created > 0")'
    history(check if statement == "check" else f"op.execute({TRIGGERS[both]!r})")
    upgrade()
    assert differences() == []
    assert shape(db.engine) != mapped


def test_a_text_column_with_another_order_is_seen(postgres):
    with postgres.lend(tables=True) as url:
        wanted = shape_at(url)
        engine = open_engine(url)
        with engine.begin() as connection:
            connection.execute(text('ALTER TABLE platform ALTER COLUMN name TYPE VARCHAR(64) COLLATE "default"'))
        engine.dispose()
        assert shape_at(url) != wanted
