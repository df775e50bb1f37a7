"""A professional reads what was decided and why, and appeals; officers decide by commands."""

import json
from http import HTTPStatus

import pytest
from click.testing import CliRunner

from governance.conduct.sanctions.commands import sanction
from governance.conduct.sanctions.models import Sanction
from governance.db.extension import reading
from governance.effective.models import Measure
from governance.identity.permissions import Role
from governance.policy.current import policies
from governance.ui.clock import now
from tests.conduct.visits import forum, nora, register, stranger
from tests.forum import DAY
from tests.identity.staff import add_staff
from tests.ui.visits import FORUM, Visitor, sign_in
from tests.ui.words_left import english_in

__all__ = ["forum", "nora", "stranger"]


@pytest.fixture
def olu(forum):
    return str(add_staff(forum, Role.OFFICER, subject="olu", name="Olu Officer"))


@pytest.fixture
def ola(forum):
    return str(add_staff(forum, Role.OFFICER, subject="ola", name="Ola Officer"))


def run(forum, *args):
    with forum.app_context():
        result = CliRunner().invoke(sanction, args)
    assert result.exit_code == 0, result.output
    return result.output


def against_nora(forum, kind, by, *more):
    said = ("--rule", "C16", "--facts", "two doses named in public", "--reason", "a dose can harm")
    run(forum, kind, "--platform", FORUM, "--account", "nora", *said, "--by", by, *more)
    with forum.app_context(), reading() as session:
        return str(session.query(Sanction).one().id)


def test_the_statement_says_what_why_under_which_rule_and_until_when(nora, forum, olu):
    register(nora)
    number = against_nora(forum, "restrict", olu, "--action", "reply", "--days", "90")
    assert "We have closed something to you" in nora.get("/professional").text
    nora.get("/professional/measures").follow("We have closed something to you")
    assert nora.path == f"/professional/measures/{number}"
    for words in ("answering posts", "two doses named in public", "a dose can harm", "C16", "We look at it again by"):
        assert words in nora.text
    assert olu not in str(nora.page)
    assert "Olu" not in str(nora.page)


def test_what_ends_before_the_next_look_promises_no_look(nora, forum, olu):
    register(nora)
    number = against_nora(forum, "suspend", olu, "--days", "14")
    assert "We look at it again by" not in nora.get(f"/professional/measures/{number}").text


def test_an_appeal_goes_to_somebody_else_and_the_answer_is_read(nora, forum, olu, ola):
    register(nora)
    number = against_nora(forum, "suspend", olu, "--days", "14")
    nora.get(f"/professional/measures/{number}").follow("Appeal")
    nora.press("Send my appeal", words=" ")
    assert (nora.status, "at most 4,000 letters" in nora.text) == (HTTPStatus.UNPROCESSABLE_ENTITY, True)
    nora.press("Send my appeal", words="that was not me")
    assert "Your appeal is with us" in nora.text
    assert "You will have an answer by" in nora.text
    assert nora.get(f"/professional/measures/{number}/appeal").path == f"/professional/measures/{number}"
    shown = json.loads(run(forum, "show", number, "--json"))
    assert shown["steps"][-1] == {**shown["steps"][-1], "act": "appeal", "by": "the professional"}
    run(forum, "overturn", number, "--by", ola, "--reason", "it was another account")
    nora.get(f"/professional/measures/{number}")
    assert "You appealed, and we were wrong" in nora.text
    assert "it was another account" in nora.text


def test_nobody_reads_the_measures_of_somebody_else(nora, forum, olu):
    register(nora)
    number = against_nora(forum, "warn", olu)
    twin = Visitor(forum.test_client())
    twin.client.set_cookie("governance", sign_in(forum, "twin"))
    assert twin.get(f"/professional/measures/{number}").status == HTTPStatus.NOT_FOUND
    register(twin, number="12A3457B", name="Tia Twin")
    assert twin.get(f"/professional/measures/{number}").status == HTTPStatus.NOT_FOUND
    assert twin.get(f"/professional/measures/{number}/appeal").status == HTTPStatus.NOT_FOUND


@pytest.mark.slow
def test_staff_see_what_is_open_review_it_and_lift_it(nora, forum, olu):
    register(nora)
    number = against_nora(forum, "remove", olu)
    assert number in run(forum, "list")
    assert json.loads(run(forum, "list", "--json"))["sanctions"][0]["state"] == "standing"
    assert "appeal (by professional)" in run(forum, "show", number)
    run(forum, "review", number, "--by", olu, "--reason", "it goes on")
    run(forum, "lift", number, "--by", olu, "--reason", "enough")
    assert "no sanction stands" in run(forum, "list")
    assert "We have ended it" in nora.get("/professional/measures").text


def test_the_pages_speak_spanish(nora, forum, olu):
    register(nora)
    number = against_nora(forum, "restrict", olu, "--action", "reply", "--days", "14")
    nora.client.set_cookie("governance_language", "es")
    for path in ("", "/appeal"):
        left = english_in(nora.get(f"/professional/measures/{number}{path}").page.main)
        assert [words for words in left if "dose" not in words] == []


def test_an_appeal_that_comes_too_late_is_told_so_in_spanish(nora, forum, olu, monkeypatch):
    register(nora)
    number = against_nora(forum, "warn", olu)
    later = now() + (policies().conduct.sanctions.appeal_days + 1) * DAY
    nora.client.set_cookie("governance_language", "es")
    nora.get(f"/professional/measures/{number}/appeal")
    token = nora.page.find("input", attrs={"name": "csrf_token"})["value"]
    monkeypatch.setattr("governance.conduct.sanctions.web.now", lambda: later)
    answer = nora.client.post(f"/professional/measures/{number}/appeal", data={"csrf_token": token, "words": "no"})
    assert "han pasado 184 días desde que se lo dijimos" in nora._shows(answer).text.casefold()


@pytest.mark.slow
def test_a_serious_case_closes_nothing_but_stops_a_start(nora, forum):
    register(nora)
    assert "it stands until" in run(forum, "case", "--platform", FORUM, "--account", "nora", "--days", "3")
    assert "Nothing shuts you out everywhere" in nora.get("/professional/measures").text
    with forum.app_context(), reading() as session:
        assert [one.kind for one in session.query(Measure)] == ["case"]
