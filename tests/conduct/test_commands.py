"""An operator marks and ends from the command line, by the same service as the desk."""

import json

import pytest
from click.testing import CliRunner

from governance.conduct.commands import staff
from governance.conduct.models import HcpRecord, RegisterCheck
from governance.db.extension import reading
from governance.policy.current import policies
from tests.ui.visits import FORUM, forum

__all__ = ["forum"]

NORA = ("--platform", FORUM, "--account", "nora")
OLGA = ("--name", "Olga Reed", "--assurance", "3")
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


@pytest.mark.parametrize(
    ("word", "near"),
    [("plumber", None), ("nures", "nurse"), ("Nurse", "nurse"), ("dietician", "dietitian"), ("", None)],
)
def test_a_profession_that_no_register_lists_is_refused_with_those_that_are(run, word, near):
    told = str(run("add", "--platform", FORUM, "--account", "olga", *OLGA, "--profession", word).exception)
    assert "known are: anaesthesia_associate, " in told
    assert ("did you mean" in told) is (near is not None)
    assert near is None or f"did you mean `{near}`?" in told


def test_every_profession_of_a_register_is_taken(run):
    for number, word in enumerate(sorted(policies().registers.professions)):
        added = run("add", "--platform", FORUM, "--account", f"somebody-{number}", *OLGA, "--profession", word)
        assert added.exit_code == 0
