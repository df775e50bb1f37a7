"""The commands, from an empty directory: what they print names nobody, and they refuse before they harm."""

import json
import os
import subprocess
import sys

import pytest

from governance.db.engine import open_engine
from tests.postgres import _binaries

pytestmark = pytest.mark.slow

COMMAND = (sys.executable, "-m", "governance")


def run(*words, status=0):
    """Each in a process of its own, as an operator does: who stands still holds no connection."""
    words = [*COMMAND, *map(str, words)]
    done = subprocess.run(words, env=os.environ, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stderr
    return done.stdout if status == 0 else done.stdout + done.stderr


def warned(*words):
    """What a person reads beside the answer."""
    return subprocess.run(words, env=os.environ, capture_output=True, text=True, check=True).stderr


@pytest.fixture
def make(tmp_path, monkeypatch):
    """Make a service by the command line, with a nurse and one layer."""
    monkeypatch.setenv("PATH", f"{_binaries()}{os.pathsep}{os.environ['PATH']}")

    def made():
        here = tmp_path / "here"
        run("init", here)
        forum = ("--issuer", "https://f.example", "--oidc-client-id", "us", "--oidc-client-secret", "s")
        run("--dir", here, "platform", "add", "forum", *forum)
        nurse = ("--platform", "forum", "--account", "nia", "--name", "Nia Quill", "--profession", "nurse")
        run("--dir", here, "staff", "hcp", "add", *nurse, "--assurance", "4", "--attested")
        return here

    return made


def hide(directory, account):
    run("--dir", directory, "layer", "add", "--platform", "forum", "--patient", account, "--by", "guardian")


def test_from_a_backup_to_a_restore(make, database, both, monkeypatch, request):
    if both == "postgres":
        monkeypatch.setenv("GOVERNANCE_DATABASE_URL", database)
    directory = make()
    told = json.loads(run("--dir", directory, "backup", directory / "b", "--json"))
    assert told["ledger"]["size"] > 0
    assert (told["file"], told["manifest"]) == (str(directory / "b"), str(directory / "b.manifest"))
    said = warned(*COMMAND, "--dir", directory, "backup", directory / "c")
    assert "move both together" in said
    assert all(f"  {directory / name}\n" in said for name in ("c", "c.manifest"))
    assert "whole" in run("backup", "--dir", directory, "--verify", directory / "b")
    hide(directory, "bea")
    run("--dir", directory, "measure", "block-hcp", "--platform", "forum", "--account", "nia", "--days", "9")
    if both == "sqlite":
        restores(directory)
        return
    with request.getfixturevalue("postgres").lend(tables=False) as other:
        monkeypatch.setenv("GOVERNANCE_DATABASE_URL", other)
        restores(directory)


def restores(directory):
    said = run("restore", directory / "b", "--dir", directory, "--yes")
    assert "1 professionals who are refused everything until staff lift that" in said
    assert not {"bea", "nia", "Quill"} & set(said.split())
    assert "verified" in run("--dir", directory, "ledger", "verify")
    assert len(json.loads(run("--dir", directory, "measure", "list", "--json"))["measures"]) == 2


def test_it_asks_waits_for_the_service_and_says_what_is_missing(make):
    directory = make()
    words = ("restore", directory / "b", "--dir", directory)
    run("--dir", directory, "backup", directory / "b")
    assert "Restore it?" in run(*words, status=1)
    engine = open_engine(f"sqlite:///{directory / 'governance.db'}")
    with engine.connect():
        assert "stop the service" in run(*words, "--yes", status=1)
    engine.dispose()
    hide(directory, "bea")
    (directory / "outside" / "journal").unlink()
    assert "--without-journal" in run(*words, "--yes", status=1)
    assert not list(directory.glob("governance.db.before-restore-*"))
    said = warned(*COMMAND, *words, "--yes", "--without-journal")
    assert "governance staff list" in said
    assert "Passkeys and PINs that were removed" in said
    [former] = directory.glob("governance.db.before-restore-*")
    assert f"the former database is {former}, and holds personal data" in said
    assert "shred" in said
    assert not list(directory.glob("*restoring*"))
