"""`governance db upgrade` and `check`, on both databases, as somebody types them."""

import os
import subprocess
import sys

import pytest
from alembic.script import ScriptDirectory

from governance.config import init_directory
from governance.db.engine import open_engine
from governance.db.migrate import migrations_folder, newest
from tests.migrations.shape import shape


@pytest.fixture
def run(tmp_path, database):
    folder = tmp_path / "service"
    init_directory(folder, "http://127.0.0.1:8080")

    def run(*words, url=database):
        command = [sys.executable, "-c", "from governance.cli import main; main()", "--dir", str(folder), "db", *words]
        done = subprocess.run(
            command, env=os.environ | {"GOVERNANCE_DATABASE_URL": url}, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    return run


@pytest.mark.slow
def test_a_new_database_is_brought_to_the_newest_schema_and_says_so(run, database):
    status, said = run("check")
    assert (status, "governance --dir DIR db upgrade" in said) == (1, True)
    assert run("upgrade")[0] == 0
    assert run("check") == (0, "the database has the newest schema\n")
    engine = open_engine(database)
    assert shape(engine)[0]
    engine.dispose()


@pytest.mark.slow
def test_an_address_that_names_no_database_of_ours_is_one_clear_line(run):
    status, said = run("check", url="mysql://us:secret@host/name")
    assert status == 1
    assert said.strip().splitlines() == [
        "Error: `GOVERNANCE_DATABASE_URL` must begin with `sqlite:///` or `postgresql://`"
    ]


def test_who_writes_a_step_finds_flask_migrates_commands(app):
    run = app.test_cli_runner().invoke
    # Flask's commands take the app that is there before the one they are given, and a provider's may be, for a session.
    with app.app_context():
        assert "revision" in run(args=["db", "--help"]).output
        assert run(args=["db", "heads"]).exit_code == 0


def test_the_newest_step_is_the_head_that_alembic_finds():
    assert ScriptDirectory(str(migrations_folder())).get_heads() == [newest()]
