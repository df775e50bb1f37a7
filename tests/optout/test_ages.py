"""What was picked and stays closed for one's age is never promised: the same words wherever choices are shown."""

from datetime import UTC, datetime

import pytest

from governance.decision.vocabulary import Action, Instant
from governance.optout.ages import Age
from tests.optout.wishes import grow_up, prove
from tests.ui.visits import acknowledge, choose, doctor, forum, nurse, visitor

__all__ = ["doctor", "forum", "nurse", "visitor"]

UNKNOWN = "Come across me (stays closed until we know that you are 18"
UNDER_18 = "Come across me (stays closed until you are 18)"
NOW = Instant(1_000)


@pytest.mark.parametrize(("adult_from", "age"), [(None, Age.UNKNOWN), (1_001, Age.UNDER_18), (1_000, Age.ADULT)])
def test_an_age_is_what_was_known_then(adult_from, age):
    assert Age.at(adult_from, NOW) is age


@pytest.mark.parametrize("action", [Action.FIND, Action.LOOK_UP, Action.CONNECT])
def test_nobody_finds_looks_up_or_befriends_who_may_be_under_18(action):
    assert Age.UNKNOWN.stays_closed(action, "care_team")
    assert Age.UNDER_18.stays_closed(action, "others") == "stays closed until you are 18"
    assert Age.ADULT.stays_closed(action, "others") == ""


def test_only_others_may_not_write_back():
    assert Age.UNKNOWN.stays_closed(Action.MESSAGE, "others")
    assert Age.UNKNOWN.stays_closed(Action.MESSAGE, "care_team") == ""


def test_what_decisions_do_not_refuse_for_an_age_is_said_without_more():
    assert Age.UNKNOWN.stays_closed(Action.VIEW, "others") == ""


@pytest.fixture
def ana(visitor, forum, nurse):
    acknowledge(visitor)
    choose(visitor, "answered", "seen", [nurse])
    prove(forum, visitor)
    return visitor


def places(ana):
    """Every page that shows the choices of somebody who has just saved them."""
    for path in ("/choices/check", "/my/choices/saved", "/my/choices", f"/my/history?day={datetime.now(UTC).date()}"):
        yield path, ana.get(path).text
    yield "receipt", ana.get("/my/receipts").follow("given on").text


def test_an_unknown_age_is_said_wherever_choices_are_shown(ana):
    assert {path: text.count(UNKNOWN) for path, text in places(ana)} == dict.fromkeys(
        [path for path, _ in places(ana)], 2
    )


def test_a_child_is_told_until_when(ana, forum):
    grow_up(forum, 15)
    pages = dict(places(ana))
    assert all(UNDER_18 in text and UNKNOWN not in text for path, text in pages.items() if "history" not in path)


def test_an_adult_reads_none_of_it(ana, forum):
    grow_up(forum)
    for path in ("/choices/check", "/my/choices/saved", "/my/choices"):
        assert "Come across me" in ana.get(path).text
        assert "stays closed" not in ana.text


def test_a_receipt_from_before_says_what_held_then(ana, forum):
    grow_up(forum)
    assert UNDER_18 in ana.get("/my/receipts").follow("given on").text


def test_the_question_says_it_before_somebody_picks(visitor):
    assert "“Come across me” stays closed until we know that you are 18" in visitor.get("/choices/care-team").text


def test_a_yes_by_name_says_it_too(ana, doctor):
    ana.get("/choices/people").press("Go on", who=doctor).press("Go on", level="seen")
    assert ana.get("/choices/check").text.count("“Come across me” stays closed") == 1
