"""The command line loads what a command needs, and says of the others what they say of themselves."""

import json
import subprocess
import sys

import click
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from governance.cli import main
from governance.cli.later import Later

LISTED = sorted(main.commands)
HEAVY = {"alembic", "authlib", "flask", "flask_migrate", "granian", "marshmallow", "requests", "rich", "sqlalchemy"}
LOADED = "import json, sys, atexit; atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr)); "


def loaded_by(*words):
    """Return what a process of the command line has loaded by its end."""
    source = LOADED + "from governance.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", source, *words], capture_output=True, text=True, check=False)
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize("words", [("--version",), ("--help",), (), ("policy", "check"), ("policy", "--help")])
def test_what_needs_no_database_loads_none(words):
    loaded = loaded_by(*words)
    assert "governance.cli" in loaded
    assert not loaded & HEAVY


@pytest.mark.parametrize("words", [("keys", "status"), ("ledger", "verify")])
def test_what_needs_no_app_loads_none(words, tmp_path):
    loaded = loaded_by("--dir", str(tmp_path), *words)
    assert "sqlalchemy" in loaded
    assert not loaded & {"flask", "alembic", "marshmallow", "requests"}


@pytest.mark.slow
def test_who_migrates_alone_loads_what_migrates(tmp_path):
    here = str(tmp_path / "here")
    assert {"alembic", "flask"} <= loaded_by("init", here)
    assert not loaded_by("--dir", here, "db", "check") & {"alembic", "flask_migrate", "granian", "governance.demo"}


@pytest.mark.parametrize("name", LISTED)
def test_every_command_is_there_with_the_line_it_is_listed_by(name):
    listed = main.commands[name]
    assert isinstance(listed, Later)
    command = listed.load()
    assert command.name == name
    assert listed.get_short_help_str(limit=1000) == command.get_short_help_str(limit=1000)
    assert not command.hidden


def test_the_list_shows_every_line_whole():
    shown = " ".join(CliRunner().invoke(main, ["--help"]).output.split())
    assert len(LISTED) == 23
    assert all(main.commands[name].get_short_help_str(limit=1000) in shown for name in LISTED)


@pytest.mark.parametrize("name", LISTED)
def test_a_command_found_by_the_list_is_the_one_that_runs(name):
    first = CliRunner().invoke(main, [name, "--help"]).output.splitlines()[0]
    # What the kit has, too, says its own: there is no click on a forum's machine.
    assert first.startswith((f"Usage: main {name}", f"usage: governance {name}"))


def test_what_is_no_command_is_said_so():
    with pytest.raises(TypeError, match="no command"):
        Later("main", "", "governance.cli.later:Later").load()
    assert "No such command" in CliRunner().invoke(main, ["nothing"]).output


@pytest.mark.parametrize(("words", "typed", "offered"), [([], "ke", ["keys"]), (["keys"], "ro", ["rotate"])])
def test_a_shell_completes_commands_and_what_is_below_them(words, typed, offered):
    completion = ShellComplete(main, {}, "governance", "_GOVERNANCE_COMPLETE")
    assert [item.value for item in completion.get_completions(words, typed)] == offered
    assert isinstance(main, click.Group)
