"""The command line over a service's directory, also while the service would refuse to start."""

import json
import os
import sqlite3
import subprocess
import sys

import pytest
from click.testing import CliRunner

from governance.cli import main
from governance.cli.ledger import ledger
from governance.config import load_settings
from governance.crypto.keys import Keyring
from governance.ledger.findings import Finding
from tests.begun import begin
from tests.ledger.place import Place


@pytest.fixture
def directory(tmp_path):
    begin(tmp_path / "here")
    settings = load_settings(tmp_path / "here", {})
    place = Place(settings.database_url, Keyring(settings.keys), tmp_path / "here" / "outside")
    place.append(5)
    place.engine.dispose()
    return tmp_path / "here"


def run(*words, status=0):
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == status, result.output
    return result.stdout


def edit(directory, statement):
    with sqlite3.connect(directory / "governance.db") as connection:
        connection.execute(statement)
    connection.close()


def test_a_good_ledger_is_said_to_be_good(directory):
    assert "5 entries in epoch 1, verified" in run("--dir", directory, "ledger", "verify")
    assert json.loads(run("--dir", directory, "ledger", "verify", "--json"))["ok"] is True


def test_damage_is_named_with_what_it_means_and_what_to_do(directory):
    edit(directory, "UPDATE ledger_entry SET document = leaf WHERE number = 3")
    said = run("--dir", directory, "ledger", "verify", status=1)
    assert "where: entry 3" in said
    assert "governance restore" in said
    told = json.loads(run("--dir", directory, "ledger", "verify", "--json", status=1))
    assert (told["ok"], told["size"], told["counts"]) == (False, 5, {"entry_edited": 1, "entry_unreadable": 1})


def test_the_newest_checkpoint_and_its_key_are_printed(directory):
    note = run("--dir", directory, "ledger", "checkpoint")
    assert note == (directory / "outside" / "checkpoint").read_text()
    name = run("--dir", directory, "ledger", "key").partition("+")[0]
    assert note.splitlines()[:2] == [name, "5"]


def test_no_checkpoint_of_a_rolled_back_database_is_printed(directory):
    edit(directory, "DELETE FROM ledger_entry WHERE number = 4")
    edit(directory, "DELETE FROM ledger_head")
    assert run("--dir", directory, "ledger", "checkpoint", status=1) == ""


def test_the_place_outside_may_be_named(directory):
    (directory / "outside").rename(directory / "elsewhere")
    run("--dir", directory, "ledger", "verify", status=1)
    run("--dir", directory, "ledger", "--outside", directory / "elsewhere", "verify")


def test_rooms_above_have_their_rows_verified(directory, monkeypatch):
    class OneRow:
        def __init__(self, keyring):
            self.keyring, self.seen = keyring, 0

        def see(self, entry):
            self.seen += entry.facts["n"]

        def findings(self, session):
            assert session.is_active
            return [Finding("row_older", f"row {self.seen}")]

    monkeypatch.setattr(ledger, "checks", (OneRow,))
    assert "row 10" in run("--dir", directory, "ledger", "verify", status=1)


def test_the_bar_is_not_in_what_a_script_reads(directory):
    words = [sys.executable, "-c", "from governance.cli import main; main()", "ledger", "verify", "--json"]
    said = os.environ | {"GOVERNANCE_DIR": str(directory)}
    result = subprocess.run(words, env=said, capture_output=True, text=True, check=True)
    assert json.loads(result.stdout)["size"] == 5
