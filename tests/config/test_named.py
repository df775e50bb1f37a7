"""Over https it is said who answers for people's data, or nobody is served; elsewhere papers say what is missing."""

import os
import subprocess
import sys
from http import HTTPStatus

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner

from governance.cli import main, serve
from governance.config import SettingsError, load_settings
from governance.config.public import PLACEHOLDERS, PublicSettings, require_named
from tests.begun import begin
from tests.conftest import running

HTTPS, HERE = "https://consent.example", "http://127.0.0.1:8080"
NAMED = {"GOVERNANCE_CONTROLLER_NAME": "The Trust", "GOVERNANCE_CONTROLLER_CONTACT": "dpo@trust.example"}
MISSING = {"en": "is missing]", "es": "[falta "}


@pytest.fixture
def directory(tmp_path):
    return begin(tmp_path / "here")


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ({}, ["NAME", "CONTACT"]),
        ({"controller_name": "us"}, ["CONTACT"]),
        ({"controller_contact": "a@b.example", "hosting": "here"}, ["NAME"]),
    ],
)
def test_what_is_missing_is_named_with_its_setting(told, named):
    with pytest.raises(SettingsError) as raised:
        require_named(HTTPS, PublicSettings(told=told))
    for name in ("NAME", "CONTACT"):
        assert (f"`GOVERNANCE_CONTROLLER_{name}`" in str(raised.value)) == (name in named)


def test_whoever_is_named_serves_and_whoever_tries_it_out_does_too():
    require_named(HTTPS, PublicSettings(told={"controller_name": "us", "controller_contact": "a@b.example"}))
    require_named(HERE, PublicSettings())


def ends(directory, monkeypatch, *words, **said):
    """How a command ends on an https address; a service that would start does not."""
    monkeypatch.setattr(serve, "_serve", lambda *_: None)
    environ = {"GOVERNANCE_PUBLIC_URL": HTTPS, **said}
    return CliRunner().invoke(main, ["--dir", str(directory), *words], env=environ)


def test_the_service_does_not_start_without(directory, monkeypatch):
    refused = ends(directory, monkeypatch, "serve")
    assert (refused.exit_code, "GOVERNANCE_CONTROLLER_NAME" in refused.output) == (1, True)
    assert "Traceback" not in refused.output
    assert ends(directory, monkeypatch, "serve", **NAMED).exit_code == 0


def test_the_check_says_that_it_would_not(directory, monkeypatch):
    refused = ends(directory, monkeypatch, "config", "check")
    assert (refused.exit_code, "the service would not start" in refused.output) == (1, True)
    assert ends(directory, monkeypatch, "config", "check", **NAMED).exit_code == 0


@pytest.mark.slow
def test_nor_does_it_by_another_server(directory):
    def loads(**said):
        environ = {**os.environ, "GOVERNANCE_DIR": str(directory), "GOVERNANCE_PUBLIC_URL": HTTPS, **said}
        words = [sys.executable, "-c", "import governance.wsgi"]
        return subprocess.run(words, env=environ, capture_output=True, text=True, check=False)

    refused = loads()
    assert (refused.returncode, "GOVERNANCE_CONTROLLER_NAME" in refused.stderr) == (1, True)
    assert loads(**NAMED).returncode == 0


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(("paper", "places"), [("/privacy", 6), ("/platforms/agreement", 2)])
def test_a_paper_says_plainly_what_is_missing_on_it(directory, language, paper, places):
    def shown(**said):
        with running(load_settings(directory, said)) as app:
            answer = app.test_client().get(paper, headers={"Accept-Language": language})
        assert answer.status_code == HTTPStatus.OK
        return BeautifulSoup(answer.text, "html.parser").find("main").get_text()

    words = shown()
    assert "…" not in words.replace("/v1/communities/…", "")
    assert words.count("[") == words.count("]") == places
    assert words.count(MISSING[language]) >= places
    whole = shown(**{setting: f"told {name}" for name, setting in PLACEHOLDERS.items()})
    assert "[" not in whole
    assert MISSING[language] not in whole
