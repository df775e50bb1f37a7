"""A backup that an older version of the program made comes up to the newest schema, refuses until then, is replayed.

The oldest one, the newest three and every fifth between them with `-m slow`; the others with `-m hunt`.
"""

import flask_migrate
import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from governance.backup import copies, restoring
from governance.backup.errors import RestoreError
from governance.db.engine import open_engine
from governance.db.extension import db
from governance.db.migrate import migrations_folder, prepare_migrations
from governance.ledger.errors import RolledBackError
from governance.ledger.start import proven_since_checkpoint
from governance.ledger.verify import verify
from tests.backup.house import House

FIRST_WITH_A_LEDGER_AND_JOBS = "0004"


def steps():
    """Every schema from the first one on that could be backed up, but the newest."""
    numbers = sorted(step.revision for step in ScriptDirectory(str(migrations_folder())).walk_revisions())
    return numbers[numbers.index(FIRST_WITH_A_LEDGER_AND_JOBS) : -1]


def marked():
    numbers = steps()
    often = {*numbers[::5], *numbers[-3:]}
    return [pytest.param(one, marks=pytest.mark.slow if one in often else pytest.mark.hunt) for one in numbers]


def moved(house, move, to):
    app = Flask("tests.older_schema")
    app.config["SQLALCHEMY_DATABASE_URI"] = house.url
    db.init_app(app)
    prepare_migrations(app)
    house.close()
    with app.app_context():
        move(directory=str(migrations_folder()), revision=to)
        db.engine.dispose()
    house.engine = open_engine(house.url)


@pytest.fixture(params=marked())
def older(lived_in, request):
    """A backup of an older schema; since then the database was brought up, and Ana hid."""
    moved(lived_in, flask_migrate.downgrade, request.param)
    file = lived_in.backup()
    assert copies.verify(lived_in.keyring, file).contents.schema_revision == request.param
    moved(lived_in, flask_migrate.upgrade, "head")
    with lived_in.forum() as forum:
        forum.hides("ana")
    return file


def schema(url):
    engine = open_engine(url)
    with engine.connect().execution_options(read_only=True) as connection:
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
        tables = set(inspect(connection).get_table_names())
    engine.dispose()
    return found, tables


def test_it_comes_up_to_the_newest_schema_and_is_replayed(lived_in, empty, older):
    newest = schema(lived_in.url)
    lived_in.restore(older, to=empty)
    assert schema(lived_in.url) == newest
    assert not lived_in.permits("nia", "ana")
    assert lived_in.permits("nia", "bea")
    with Session(lived_in.engine.execution_options(read_only=True)) as session:
        assert proven_since_checkpoint(session, lived_in.keyring, lived_in.outside).epoch == 2
        assert not verify(session, lived_in.keyring, lived_in.outside).findings.damage
    with lived_in.forum() as forum:
        forum.hides("bea")
    assert not lived_in.permits("nia", "bea")


def test_it_decides_nothing_before_it_was_replayed(lived_in, empty, older, monkeypatch):
    """Stopped behind the new schema and before the journal: on SQLite nothing is in place, on PostgreSQL it refuses."""
    before = schema(lived_in.url)
    with monkeypatch.context() as patched:
        patched.setattr(restoring, "go_on_from_here", stop)
        with pytest.raises(KeyboardInterrupt):
            lived_in.restore(older, to=empty)
    there = House(lived_in.url, lived_in.folder)
    assert schema(there.url) == before
    with Session(there.engine.execution_options(read_only=True)) as session:
        if empty is None:
            assert proven_since_checkpoint(session, there.keyring, there.outside).epoch == 1
        else:
            with pytest.raises(RolledBackError):
                proven_since_checkpoint(session, there.keyring, there.outside)
    there.close()
    lived_in.restore(older, to=empty)
    assert not lived_in.permits("nia", "ana")


@pytest.mark.slow
@pytest.mark.parametrize("older", steps()[:1], indirect=True)
def test_left_at_the_old_schema_it_would_not_come_back(lived_in, empty, older, monkeypatch):
    """The control; of the oldest schema, since a newer one may lack nothing that is said again."""
    monkeypatch.setattr(restoring, "_bring_schema_up", lambda _: None)
    with pytest.raises((DBAPIError, RestoreError)):
        lived_in.restore(older, to=empty)


def stop(*_, **__):
    raise KeyboardInterrupt
