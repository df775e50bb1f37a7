"""From an empty directory to a forum that gets its first decision, by the command line alone."""

import importlib
import json
from base64 import b64encode

import pytest
from click.testing import CliRunner

from governance.app import create_app
from governance.cli import main
from governance.config import load_settings
from governance.db.errors import InUseError
from governance.db.extension import db
from governance.db.in_use import alone
from tests.begun import begin
from tests.forum import asked


@pytest.fixture
def directory(tmp_path):
    return begin(tmp_path / "here")


def run(*words, status=0):
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == status, result.output
    return result.output


def add_forum(directory, name="forum"):
    said = ("--issuer", f"https://{name}.example", "--oidc-client-id", "us", "--oidc-client-secret", "s")
    return json.loads(run("--dir", directory, "platform", "add", name, *said, "--json"))


def add_nurse(directory, account="nurse", status=0, **changed):
    said = {"platform": "forum", "account": account, "name": "Nia", "profession": "nurse", "assurance": 4, **changed}
    options = [word for name, value in said.items() for word in (f"--{name}", value)]
    return run("--dir", directory, "staff", "hcp", "add", *options, "--attested", "--json", status=status)


def decision(directory, credentials, question):
    app = create_app(load_settings(directory, {}))
    client = app.test_client()
    pair = b64encode(f"{credentials['client_id']}:{credentials['client_secret']}".encode()).decode()
    sent = {"data": {"grant_type": "client_credentials"}, "headers": {"Authorization": f"Basic {pair}"}}
    token = client.post("/oauth/token", **sent).json["access_token"]
    answer = client.post("/access/v1/evaluation", json=question, headers={"Authorization": f"Bearer {token}"})
    assert client.get("/readyz").status_code == 200
    with app.app_context():
        db.engine.dispose()
    return answer.json["decision"], answer.json["context"]["reason"]


def test_a_new_directory_is_ready(directory):
    assert "newest" in run("--dir", directory, "db", "check")


def test_a_forum_and_a_nurse_are_enough_for_a_decision(directory):
    credentials = add_forum(directory)
    assert json.loads(add_nurse(directory)).keys() == {"hcp"}
    assert decision(directory, credentials, asked("nurse", "ana")) == (False, "refused")
    assert decision(directory, credentials, asked("pia", "ana")) == (True, "not_governed")


def test_a_declared_account_is_governed_at_once(directory):
    credentials = add_forum(directory)
    run("--dir", directory, "staff", "hcp", "declare", "--platform", "forum", "--account", "ed")
    assert decision(directory, credentials, asked("ed", "ana")) == (False, "hcp_not_eligible")


@pytest.mark.parametrize(
    "changed",
    [
        {"platform": "nowhere"},
        {"account": ""},
        {"account": "x" * 257},
        {"profession": ""},
        {"profession": "Nurse"},
        {"profession": "x" * 65},
        {"name": " "},
    ],
)
def test_what_cannot_be_entered_is_one_clear_line(directory, changed):
    add_forum(directory)
    told = add_nurse(directory, status=1, **changed)
    assert told.startswith("Error: ")
    assert told.count("\n") == 1


def test_a_nurse_is_entered_once(directory):
    add_forum(directory)
    add_nurse(directory)
    assert "already" in add_nurse(directory, status=1)


@pytest.mark.parametrize("words", [("db", "check"), ("platform", "list"), ("serve",)])
def test_without_a_directory_a_command_says_what_to_do(tmp_path, words):
    assert "governance init" in run("--dir", tmp_path, *words, status=1)


def test_an_old_database_is_not_served(directory):
    for file in directory.glob("governance.db*"):
        file.unlink()
    (directory / "governance.db").touch()
    for words in (("serve",), ("db", "check")):
        assert "governance --dir DIR db upgrade" in run("--dir", directory, *words, status=1)
    run("--dir", directory, "db", "upgrade")
    run("--dir", directory, "db", "check")


def test_a_database_that_is_gone_is_not_made_anew(directory):
    (directory / "governance.db").unlink()
    assert "governance restore" in run("--dir", directory, "serve", status=1)
    assert not (directory / "governance.db").exists()


def test_a_database_that_does_not_answer_is_one_clear_line(directory, monkeypatch):
    monkeypatch.setenv("GOVERNANCE_DATABASE_URL", "postgresql://somebody:secret@127.0.0.1:1/nowhere")
    said = run("--dir", directory, "serve", status=1)
    assert "does not answer" in said
    assert "secret" not in said


def test_a_directory_that_cannot_be_made_is_one_clear_line(tmp_path):
    (tmp_path / "file").touch()
    assert "choose another directory" in run("init", tmp_path / "file" / "here", status=1)


@pytest.mark.parametrize("words", [("db",), ("db", "--help"), ("db", "check", "-h"), ("platform",), ("staff",)])
def test_help_needs_no_directory(words):
    result = CliRunner(env={"GOVERNANCE_DIR": "/nowhere"}).invoke(main, list(words))
    assert result.output.startswith("Usage: ")
    assert result.exit_code in {0, 2}


def test_the_program_says_which_it_is():
    assert run("--version").startswith("governance 0.")


def test_a_new_directory_says_what_to_do_next(tmp_path):
    told = run("init", tmp_path / "my forum").splitlines()
    assert len(told) == 4
    assert f"--dir '{tmp_path}/my forum' platform add" in told[1]
    assert "GOVERNANCE_CONTROLLER_NAME" in told[2]
    assert f"{tmp_path}/my forum/settings.env" in told[2]
    assert f"--dir '{tmp_path}/my forum' serve" in told[3]


def test_a_directory_that_was_moved_is_as_good(directory):
    credentials = add_forum(directory)
    directory.rename(directory.with_name("there"))
    assert decision(directory.with_name("there"), credentials, asked("pia", "ana")) == (True, "not_governed")
    run("--dir", directory.with_name("there"), "ledger", "verify")


def test_a_directory_in_use_is_not_made_anew(directory):
    assert "already" in run("init", directory, status=1)


def test_the_process_of_a_server_finds_its_directory(directory, monkeypatch):
    monkeypatch.setenv("GOVERNANCE_DIR", str(directory))
    wsgi = importlib.import_module("governance.wsgi")
    assert wsgi.app.test_client().get("/readyz").status_code == 200
    url = load_settings(directory, {}).database_url
    with pytest.raises(InUseError), alone(url):
        pytest.fail("it runs on this database")
    wsgi._held.let_go()
    with alone(url):
        pass
    with wsgi.app.app_context():
        db.engine.dispose()
