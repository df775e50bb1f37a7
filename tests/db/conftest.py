import pytest

from governance.db.engine import open_engine


@pytest.fixture
def engine(database):
    """An engine as the service has it, on an empty database; on SQLite and on PostgreSQL."""
    engine = open_engine(database)
    yield engine
    engine.dispose()
