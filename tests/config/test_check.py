"""`governance config check` names what is wrong and how to mend it, offline, and tells no secret."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

import governance
from governance.cli import main
from governance.config import check
from governance.config.check import State
from governance.config.names import KNOWN
from tests.begun import begin

NAMES = ["GOVERNANCE_PUBLIC_URL", "GOVERNANCE_KEYS", "GOVERNANCE_DATABASE_URL", "GOVERNANCE_OUTSIDE_DIR"]
FURTHER = [
    "GOVERNANCE_SMTP",
    "policies",
    "privacy/notice",
    "privacy/record_of_processing",
    "privacy/dpia",
    "privacy/agreement",
    "database",
    "epochs",
    "ledger",
    "reports",
    "reports/readers",
    "reports/contact",
]


@pytest.fixture
def directory(tmp_path):
    return begin(tmp_path / "here")


def run(directory, *words, **said):
    environ = {f"GOVERNANCE_{name}": value for name, value in said.items()}
    return CliRunner(env=environ).invoke(main, ["--dir", str(directory), "config", "check", *words])


def found(directory, **said):
    told = json.loads(run(directory, "--json", **said).stdout)
    return {line["name"]: (line["state"], line["what"]) for line in told["settings"]}


def wrong(directory, **said):
    assert run(directory, **said).exit_code == 1
    return {name: what for name, (state, what) in found(directory, **said).items() if state == State.WRONG}


def sql(directory, statement):
    with closing(sqlite3.connect(directory / "governance.db")) as connection, connection:
        connection.execute(statement)


def test_every_setting_is_named(directory):
    assert list(found(directory)) == [*NAMES, *FURTHER]
    result = run(directory)
    assert result.exit_code == 0
    assert "the service can start" in result.output


def test_a_place_outside_on_the_same_disk_is_a_warning(directory, monkeypatch):
    state, what = found(directory)["GOVERNANCE_OUTSIDE_DIR"]
    assert (state, "another disk" in what) == ("warning", True)
    monkeypatch.setattr(check, "_file_of", lambda _values: None)
    assert found(directory)["GOVERNANCE_OUTSIDE_DIR"][0] == "ok"


@pytest.mark.parametrize(
    ("said", "name", "mends"),
    [
        ({"PUBLIC_URL": "http://forum.example"}, "GOVERNANCE_PUBLIC_URL", "https"),
        ({"DATABASE_URL": "mysql://hush@db/x"}, "database", "sqlite:///"),
        ({"DATABASE_URL": "hush"}, "GOVERNANCE_DATABASE_URL", "sqlite:///"),
        ({"DATABASE_URL": "sqlite:////nowhere/hush.db"}, "database", "does not answer"),
        ({"DATABASE_URL": "postgresql://us:hush@127.0.0.1:1/x"}, "database", "does not answer"),
        ({"OUTSIDE_DIR": "/proc/nowhere"}, "GOVERNANCE_OUTSIDE_DIR", "make the folder"),
        ({"SMTP_HOST": "mail.example", "SMTP_PASSWORD": "hush"}, "GOVERNANCE_SMTP", "GOVERNANCE_SMTP_FROM"),
        ({"KEYS": "hush"}, "GOVERNANCE_KEYS", "key"),
        ({"KEYS_FILE": "/nowhere/keys.json"}, "GOVERNANCE_KEYS", "backup"),
    ],
)
def test_what_is_wrong_is_named_with_what_mends_it_and_no_secret(directory, said, name, mends):
    told = wrong(directory, **said)
    assert list(told) == [name]
    assert mends in told[name]
    assert "hush" not in run(directory, **said).output


def test_nothing_that_is_secret_is_told(directory):
    said = run(directory, SMTP_HOST="mail.example", SMTP_FROM="n@example.org", SMTP_USER="us", SMTP_PASSWORD="hush")
    document = json.loads((directory / "keys.json").read_text())
    assert said.exit_code == 0
    for secret in ("hush", document["root"], document["epochs"][0]["key"]):
        assert secret not in said.output


def test_keys_that_others_can_read(directory):
    (directory / "keys.json").chmod(0o444)
    assert "chmod 400" in wrong(directory)["GOVERNANCE_KEYS"]


def test_missing_keys_and_settings_are_all_named_at_once(tmp_path):
    (tmp_path / "settings.env").write_text("")
    assert list(wrong(tmp_path)) == NAMES


def test_a_database_without_its_newest_schema(directory):
    sql(directory, "DELETE FROM alembic_version")
    assert "governance --dir DIR db upgrade" in wrong(directory)["database"]


def test_keys_of_another_epoch(directory):
    sql(directory, "INSERT INTO data_key (owner, epoch, wrapped) VALUES ('patient:x', 'e7', x'00')")
    assert "bring it here" in wrong(directory)["epochs"]


def test_a_ledger_whose_checkpoint_is_gone(directory):
    forum = ("--issuer", "https://f.example", "--oidc-client-id", "us", "--oidc-client-secret", "s")
    assert CliRunner().invoke(main, ["--dir", str(directory), "platform", "add", "forum", *forum]).exit_code == 0
    declared = ["staff", "hcp", "declare", "--platform", "forum", "--account", "ed"]
    assert CliRunner().invoke(main, ["--dir", str(directory), *declared]).exit_code == 0
    assert run(directory).exit_code == 0
    (directory / "outside" / "checkpoint").unlink()
    assert "governance ledger verify" in wrong(directory)["ledger"]


def test_a_name_that_no_setting_has_is_a_warning_with_the_nearest_one(directory):
    with (directory / "settings.env").open("a") as file:
        file.write("GOVERNANCE_PROXYS=1\n")
    told = found(directory, PUBLIC_URI="https://f.example", QQQ="hush")
    assert told["GOVERNANCE_PUBLIC_URI"] == (
        "warning",
        "no setting has this name; did you mean `GOVERNANCE_PUBLIC_URL`?",
    )
    assert "`GOVERNANCE_PROXIES`" in told["GOVERNANCE_PROXYS"][1]
    assert told["GOVERNANCE_QQQ"] == ("warning", "no setting has this name")
    assert run(directory, QQQ="hush").exit_code == 0
    assert "hush" not in run(directory, QQQ="hush").output


def test_every_name_that_the_program_reads_is_known():
    rooms = Path(governance.__file__).parent.rglob("*.py")
    read = {name for room in rooms for name in re.findall(r"(?<!HCP_)GOVERNANCE_[A-Z_]*[A-Z]\b(?!_)", room.read_text())}
    # That one is a heading over all of them; what begins with HCP is a forum's own setting.
    assert read - KNOWN == {"GOVERNANCE_SMTP"}


def test_all_that_is_wrong_is_told_in_one_run(directory):
    with (directory / "settings.env").open("a") as file:
        file.write("what is this\n")
    said = {"LIMIT_PLATFORM": "much", "LIMIT_PERSON": "0", "PROXIES": "x", "ACCESS_LOG": "no", "METRICS_TOKEN": "hush",
            "LIMIT_STORAGE": "hush://", "PUBLIC_URL": "x", "KEYS": "x", "SMTP_HOST": "m.example", "SMTP_PORT": "x",
            "SMTP_SECURITY": "x"}  # fmt: skip
    told = wrong(directory, **said)
    assert set(told) == {"settings.env", "GOVERNANCE_SMTP"} | {
        f"GOVERNANCE_{name}" for name in said if not name.startswith("SMTP")
    }
    for name in ("FROM", "PORT", "SECURITY"):
        assert f"GOVERNANCE_SMTP_{name}" in told["GOVERNANCE_SMTP"]
    assert "line 5" in told["settings.env"]
    assert "hush" not in run(directory, **said).output
    assert "Traceback" not in run(directory, **said).output


def test_a_limit_that_is_wrong_is_named_and_the_rest_is_looked_at(directory):
    told = wrong(directory, LIMIT_PLATFORM="much")
    assert told == {"GOVERNANCE_LIMIT_PLATFORM": "`GOVERNANCE_LIMIT_PLATFORM` must look like `60000/minute`"}
    assert set(found(directory, LIMIT_PLATFORM="much")) == {*NAMES, "GOVERNANCE_LIMIT_PLATFORM", "GOVERNANCE_SMTP"}
