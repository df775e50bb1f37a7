"""A restore waits for nobody and disturbs nobody: services hold the database together, a restore holds it alone."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from governance.cli import main
from governance.db.errors import InUseError
from governance.db.in_use import alone, hold, holding
from tests.begun import begin
from tests.conftest import sqlite_in

HOLDS = (
    "import sys, time; from governance.db.in_use import hold; _ = hold(sys.argv[1]); print(flush=True); time.sleep(600)"
)


@pytest.fixture
def url(tmp_path):
    return sqlite_in(tmp_path)


def test_many_run_on_a_database_and_a_restore_on_none_of_theirs(url):
    with (
        holding(url),
        holding(url),
        pytest.raises(InUseError, match=r"governance serve.*governance worker"),
        alone(url),
    ):
        pytest.fail("two are on it")
    with alone(url), pytest.raises(InUseError, match="a restore of this database is going on"):
        hold(url)
    with holding(url):
        pass


def test_a_killed_process_holds_nothing(url):
    with subprocess.Popen([sys.executable, "-c", HOLDS, url], stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        with pytest.raises(InUseError), alone(url):
            pytest.fail("it is held")
        process.kill()
        process.wait()
        with alone(url):
            pass


@pytest.mark.parametrize("other", ["sqlite://", "sqlite:///:memory:", "postgresql://us@there/x", "sqlite:////no/x.db"])
def test_what_has_no_file_is_nobodys_to_hold(other):
    with alone(other), holding(other):
        pass


@pytest.fixture
def directory(tmp_path):
    return begin(tmp_path / "here")


def run(*words, status=0):
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == status, result.output
    return result.output


@pytest.mark.parametrize("words", [("serve",), ("worker",), ("platform", "list"), ("keys", "rotate")])
def test_nobody_begins_while_a_restore_goes_on(directory, words):
    with alone(sqlite_at(directory)):
        assert "a restore of this database is going on" in run("--dir", directory, *words, status=1)


def test_no_restore_begins_while_somebody_idle_runs(directory):
    run("--dir", directory, "backup", directory / "b")
    before = (directory / "governance.db").stat().st_ino
    with holding(sqlite_at(directory)):
        assert "stop `governance serve`" in run("--dir", directory, "restore", directory / "b", "--yes", status=1)
    assert (directory / "governance.db").stat().st_ino == before


def sqlite_at(directory):
    return f"sqlite:///{directory / 'governance.db'}"
