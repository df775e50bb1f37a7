"""A connection that breaks while nobody looks is told of in one line: no trace, no address, nobody's words."""

import logging

import pytest
from sqlalchemy import create_engine, text

from governance.db.engine import database_url, open_engine
from tests.conftest import running, settings_in

ALL_OTHERS = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()"


@pytest.fixture
def url(postgres):
    with postgres.lend(tables=True) as url:
        yield url


def ends_all(url):
    """Have the server end all connections of a database but this one."""
    engine = create_engine(database_url(url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"{ALL_OTHERS} AND pid <> pg_backend_pid()"))
    engine.dispose()


def breaks(engine, url):
    """Hand a connection back to its pool that the server has ended meanwhile."""
    connection = engine.raw_connection()
    connection.cursor().execute("SELECT 1")
    ends_all(url)
    connection.close()
    engine.dispose()


def test_it_is_told_of_in_one_line(url, capsys):
    breaks(open_engine(url), url)
    told = capsys.readouterr()
    assert "connection_lost" in told.out
    assert "AdminShutdown 57P01" in told.out
    assert "Traceback" not in told.out + told.err
    assert not logging.getLogger("sqlalchemy.pool").propagate


def test_the_control_the_library_would_write_its_trace(url, caplog, monkeypatch):
    engine, pools = open_engine(url), logging.getLogger("sqlalchemy.pool")
    monkeypatch.setattr(pools, "handlers", [])
    monkeypatch.setattr(pools, "propagate", True)
    breaks(engine, url)
    assert any(record.exc_info for record in caplog.records)


def test_who_was_answered_already_gets_the_answer(url, tmp_path, capsys):
    with running(settings_in(tmp_path, url)) as app:

        @app.after_request
        def ends(answer):
            ends_all(url)
            return answer

        for path in ("/readyz", "/disclosure/must-knows", "/docs"):
            assert app.test_client().get(path).status_code in (200, 303, 503)
    assert "Traceback" not in "".join(capsys.readouterr())
