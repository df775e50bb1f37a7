"""`governance platform`: what an administrator types and a script reads."""

import json

import pytest
from click.testing import CliRunner

from governance.cli.platform import platform
from governance.errors import GovernanceError
from governance.identity import asking
from tests.identity.test_token_endpoint import ask

FORUM = ["--issuer", "https://forum.example", "--oidc-client-id", "us", "--oidc-client-secret", "secret"]


@pytest.fixture
def run(app):
    def run(*arguments, **said):
        with app.app_context():
            return CliRunner().invoke(platform, arguments, **said)

    return run


def test_adding_a_forum_prints_what_its_back_end_needs(app, run):
    told = json.loads(run("add", "my-forum", *FORUM, "--json").output)
    assert told["redirect_uri"] == "http://127.0.0.1:8080/auth/my-forum/callback"
    assert ask(app.test_client(), (told["client_id"], told["client_secret"])).status_code == 200


def test_a_forum_has_a_name_for_its_members(run):
    assert json.loads(run("add", "my-forum", *FORUM, "--json").output)["display_name"] == "my-forum"
    assert "My Forum" in run("display-name", "my-forum", " My  Forum ").output
    assert json.loads(run("list", "--json").output)["platforms"][0]["display_name"] == "My Forum"
    run("add", "quiet", "--display-name", "The Quiet Room")
    assert "The Quiet Room" in run("list").output


@pytest.mark.parametrize("name", ["", "  ", "a" * 101, "My\u202eForum", "My\x00Forum"])
def test_a_name_that_could_turn_a_page_around_is_not_taken(run, name):
    error = run("add", "my-forum", *FORUM, "--display-name", name).exception
    assert isinstance(error, GovernanceError)
    assert "display name" in str(error)


def test_adding_a_forum_tells_a_person_to_keep_the_secret(run):
    assert "it is not shown again" in run("add", "my-forum", *FORUM).output


def test_the_secret_at_the_forum_may_be_typed_instead_of_shown(run):
    result = run("add", "my-forum", *FORUM[:4], "--json", input="typed\n")
    assert result.exit_code == 0
    assert "typed" not in result.output


def listed(run):
    return json.loads(run("list", "--json").output)["platforms"]


@pytest.mark.parametrize("sent", [b"", b"\n", b"  \n", b"\nlate\n", b"\xff\n"])
def test_off_a_terminal_no_secret_is_one_clear_line_and_nothing_is_added(run, sent):
    result = run("add", "my-forum", *FORUM[:4], input=sent)
    assert (result.exit_code, result.output.count("\n")) == (1, 1)
    assert "standard input" in result.output
    assert listed(run) == []


def test_an_empty_secret_is_none(run):
    assert "GOVERNANCE_OIDC_CLIENT_SECRET" in run("add", "my-forum", *FORUM[:5], "").output
    assert listed(run) == []


def test_at_a_terminal_it_is_asked_for_and_not_shown(run, monkeypatch):
    monkeypatch.setattr(asking, "_at_terminal", lambda: True)
    monkeypatch.setattr(asking.click, "prompt", lambda *_, hide_input, **__: "typed" if hide_input else "")
    assert run("add", "my-forum", *FORUM[:4]).exit_code == 0


def test_a_forum_gets_only_the_scopes_that_were_named(app, run):
    told = json.loads(run("add", "my-forum", *FORUM, "--scope", "optouts:read", "--json").output)
    assert ask(app.test_client(), (told["client_id"], told["client_secret"])).json["scope"] == "optouts:read"


def test_the_list_shows_forums_and_no_secret(run):
    told = json.loads(run("add", "my-forum", *FORUM, "--json").output)
    listed = run("list", "--json")
    assert json.loads(listed.output)["platforms"][0]["client_ids"] == [told["client_id"]]
    assert "https://forum.example" in run("list").output
    assert told["client_secret"] not in listed.output


def test_an_empty_list_names_the_next_command(run):
    assert "governance platform add" in run("list").output


def test_a_second_forum_of_one_name_names_the_next_command(run):
    run("add", "my-forum", *FORUM)
    error = run("add", "my-forum", *FORUM).exception
    assert isinstance(error, GovernanceError)
    assert "governance platform list" in str(error)
