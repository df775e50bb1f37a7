"""A database that was put back while the service runs decides nothing, and says so where somebody looks."""

from contextlib import contextmanager
from dataclasses import replace

import pytest
from flask_migrate import stamp
from sqlalchemy import text

from governance.db.base import Base
from governance.db.extension import db, guard_readers, reading
from governance.db.migrate import migrations_folder
from governance.ledger.commits import OUTSIDE
from governance.ledger.guard import Guard
from governance.ledger.outside import Outside
from tests.conftest import running, settings_in
from tests.forum import asked

pytestmark = pytest.mark.usefixtures("both")
TABLES = Base.metadata.sorted_tables
QUESTION = asked("nurse", "ana")


@contextmanager
def engine_of(app):
    with app.app_context(), db.engine.begin() as connection:
        yield connection


def copy_of(app):
    """Every row there is, as a backup holds them."""
    with engine_of(app) as connection:
        return {table: [dict(row) for row in connection.execute(table.select()).mappings()] for table in TABLES}


def put_back(app, copy):
    with engine_of(app) as connection:
        for table in reversed(TABLES):
            connection.execute(table.delete())
        for table in TABLES:
            if copy[table]:
                connection.execute(table.insert(), copy[table])


@pytest.fixture
def older(app, people, caller):
    """A copy from before Ana hid, with which her nurse could see her again."""
    copy = copy_of(app)
    assert caller.decides(QUESTION) == (True, "permitted")
    people.hides("ana")
    people.session.commit()
    assert caller.decides(QUESTION) == (False, "refused")
    return copy


@pytest.fixture
def migrated(app):
    """The tables are those of the newest migration, and now say so."""
    with app.app_context():
        stamp(directory=str(migrations_folder()))


@pytest.mark.usefixtures("migrated")
def test_a_whole_service_is_ready(caller):
    answer = caller.client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ready"})


@pytest.mark.usefixtures("migrated")
def test_a_service_that_nobody_used_is_ready(app):
    assert app.test_client().get("/readyz").status_code == 200


def test_an_older_database_decides_nothing(app, caller, older):
    put_back(app, older)
    answer = caller.send("/access/v1/evaluation", QUESTION)
    assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
    assert answer.json["type"] == "urn:governance:problem:unavailable"
    assert "decision" not in answer.json
    for path, body in (("/access/v1/evaluations", QUESTION), ("/v1/opt-outs/query", {"accounts": ["ana"]})):
        assert caller.send(path, body).status_code == 503


@pytest.mark.usefixtures("migrated")
def test_it_is_not_ready_and_names_the_command_that_mends_it(app, caller, older):
    put_back(app, older)
    answer = caller.client.get("/readyz")
    assert answer.status_code == 503
    assert "governance restore" in answer.json["status"]


def test_without_the_guard_it_permits_what_was_refused(app, caller, older):
    """The control: the copy is a good one, and every code in it is right."""
    guard_readers(app, lambda _session: None)
    put_back(app, older)
    assert caller.decides(QUESTION) == (True, "permitted")


def test_once_the_newest_is_back_it_decides_again(app, caller, older):
    newest = copy_of(app)
    put_back(app, older)
    assert caller.send("/access/v1/evaluation", QUESTION).status_code == 503
    put_back(app, newest)
    assert caller.decides(QUESTION) == (False, "refused")


def test_an_older_database_that_went_on_by_itself_decides_nothing(app, caller, older, people):
    """A copy was served elsewhere, with the keys and a place outside of its own, and has grown longer than ours."""
    put_back(app, older)
    place, people.session.info[OUTSIDE] = people.session.info[OUTSIDE], None
    people.hides("bea")
    people.session.commit()
    people.session.info[OUTSIDE] = place
    assert caller.send("/access/v1/evaluation", QUESTION).status_code == 503


@pytest.mark.usefixtures("migrated")
@pytest.mark.parametrize("how", ["gone", "older", "forged"])
def test_nothing_is_decided_without_the_checkpoint(caller, settings, people, how):
    checkpoint = settings.outside / "checkpoint"
    note = checkpoint.read_text()
    people.hides("ana")
    people.session.commit()
    people.hides("bea")
    people.session.commit()
    if how == "gone":
        checkpoint.unlink()
    else:
        checkpoint.write_text(note if how == "older" else "forged")
    assert caller.send("/access/v1/evaluation", QUESTION).status_code == 503
    assert "governance ledger verify" in caller.client.get("/readyz").json["status"]


def test_an_empty_database_in_place_of_the_one_that_was_signed_decides_nothing(app, caller):
    with engine_of(app) as connection:
        for table in ("ledger_entry", "ledger_head"):
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - two names
    assert caller.send("/access/v1/evaluation", QUESTION).status_code == 503


class WritesInBetween(Outside):
    """A place outside from which somebody reads, and then another one writes before the head is read."""

    def __init__(self, folder, write):
        super().__init__(folder)
        self._write_now = write

    def newest(self):
        note = super().newest()
        self._write_now()
        return note


def test_a_write_between_two_looks_is_no_rollback(app, settings, keyring, people):
    def write():
        people.hides("ana")
        people.session.commit()

    with app.app_context():
        guard_readers(app, Guard(keyring, WritesInBetween(settings.outside, write), db.engine))
    with app.app_context(), reading() as session:
        assert session.scalar(text("SELECT 1")) == 1


def test_a_service_without_a_place_outside_has_no_guard(tmp_path, database_url):
    bare = replace(settings_in(tmp_path, database_url), outside=None)
    with running(bare) as app, app.app_context(), reading() as session:
        assert session.scalar(text("SELECT 1")) == 1


def test_without_its_tables_it_is_not_ready(app):
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json) == (
        503,
        {"status": "run `governance --dir DIR db upgrade`, then try again"},
    )


@pytest.mark.usefixtures("migrated")
def test_a_database_that_does_not_answer_is_not_ready(app):
    with engine_of(app) as connection:
        connection.execute(text("DROP TABLE ledger_head"))
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert "database does not answer" in answer.json["status"]
