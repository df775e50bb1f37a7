"""An operator marks and ends from the command line, by the same service as the desk."""

import json

import pytest
from click.testing import CliRunner

from governance.conduct.commands import staff
from governance.conduct.models import HcpRecord, RegisterCheck
from governance.db.extension import reading
from tests.ui.visits import FORUM, forum

__all__ = ["forum"]

NORA = ("--platform", FORUM, "--account", "nora")
WHY = ("--evidence", "the page of today", "--reason", "so it says")


@pytest.fixture
def run(forum):
    def call(*words):
        with forum.app_context():
            return CliRunner().invoke(staff, ["hcp", *words])

    added = call("add", *NORA, "--name", "Nora Quill", "--profession", "nurse", "--assurance", "4", "--json")
    assert json.loads(added.output)["hcp"]
    return call


def record(app):
    with app.app_context(), reading() as session:
        return session.query(HcpRecord).one()


def test_a_worse_status_is_marked_with_its_reason(run, forum):
    assert run("mark", *NORA, "--status", "suspended", *WHY).output == "marked: suspended\n"
    assert record(forum).status == "suspended"
    with forum.app_context(), reading() as session:
        assert session.query(RegisterCheck).one().by == "operator"


def test_good_cannot_be_set_from_here(run, forum):
    assert run("mark", *NORA, "--status", "good", *WHY).exit_code != 0
    assert record(forum).status == "good"


def test_a_registration_is_ended(run, forum):
    assert "stay governed" in run("end", *NORA, *WHY).output
    assert record(forum).ended is not None


def test_an_account_that_is_no_professionals_is_told(run, forum):
    assert run("end", "--platform", FORUM, "--account", "omar", *WHY).exit_code != 0
    assert record(forum).ended is None
