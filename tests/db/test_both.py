"""The same program, the same tables, the same answers on SQLite and on PostgreSQL."""

import pytest
from sqlalchemy import create_engine, inspect

from tests.forum import ANSWERED


def test_a_database_of_its_own_is_empty(database, both):
    engine = create_engine(database)
    assert inspect(engine).get_table_names() == []
    assert engine.dialect.name == {"postgres": "postgresql"}.get(both, both)
    engine.dispose()


@pytest.mark.usefixtures("both")
def test_what_a_patient_permits_is_permitted_on_both(forum):
    forum.opens("c")
    forum.registers("nurse")
    forum.acknowledges("ana")
    assert not forum.permits("nurse", "ana")
    forum.chooses("ana", ANSWERED, team=["nurse"])
    assert forum.permits("nurse", "ana")
