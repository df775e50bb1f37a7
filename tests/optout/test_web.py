"""Choosing: one question a page, check, save; a no never needs more than a yes."""

from http import HTTPStatus

import pytest

from governance.db.extension import reading, transaction
from governance.decision.vocabulary import Instant, Level
from governance.optout import service
from governance.optout.choices import Choices
from governance.patients.models import Patient
from governance.patients.service import set_adult_from
from governance.policy.current import policies
from governance.ui.clock import now
from governance.ui.house import house
from tests.ui.visits import acknowledge, choose, doctor, forum, nurse, stranger, visitor

__all__ = ["doctor", "forum", "nurse", "stranger", "visitor"]


def in_force(app):
    with app.app_context(), reading() as session:
        patient = session.query(Patient).one_or_none()
        return None if patient is None else service.choices_now(session, house().keyring, patient.id)


def offered(visitor):
    return [radio["value"] for radio in visitor.page.find_all("input", type="radio")]


def picked(visitor):
    return [field["value"] for field in visitor.page.find_all("input", checked=True)]


def test_the_whole_way_puts_the_answers_in_force(visitor, forum, nurse):
    acknowledge(visitor)
    choose(visitor, "answered", "closed", [nurse])
    assert visitor.h1 == "Your choices are saved"
    assert in_force(forum) == Choices(Level.ANSWERED, Level.CLOSED, frozenset({nurse}))


def test_nothing_is_stored_before_the_last_press(visitor, forum, nurse):
    acknowledge(visitor)
    visitor.get("/choices/care-team").press("Go on", level="answered")
    visitor.press("Go on", level="closed")
    visitor.press("Go on", members=[nurse])
    assert visitor.h1 == "Check your answers"
    assert in_force(forum) is None


def test_no_level_is_picked_beforehand(visitor):
    visitor.get("/choices/care-team")
    assert picked(visitor) == []


@pytest.mark.parametrize("page", ["care-team", "others"])
def test_every_level_says_what_it_means_and_what_a_no_does(visitor, page):
    visitor.get(f"/choices/{page}")
    policy, circle = policies().optout, page.replace("-", "_")
    for level in policy.offered(circle, minor=True):
        assert " ".join(policy.level_words(level, circle).body.split()) in visitor.text
    for action in policy.levels[policy.offered(circle, minor=True)[-1]]:
        assert " ".join(policy.record.section(f"action.{action}.if_no").split()) in visitor.text


def test_the_care_team_may_get_every_level(visitor):
    visitor.get("/choices/care-team")
    assert offered(visitor) == [level.value for level in Level]


def test_who_told_nobody_their_age_gets_the_levels_of_people_under_18(visitor):
    visitor.get("/choices/others")
    assert offered(visitor) == ["closed", "seen", "answered"]
    assert "We do not know your age yet" in visitor.text


@pytest.mark.parametrize(("years", "highest"), [(-1, "in_touch"), (1, "answered")])
def test_others_get_at_most_in_touch_and_under_18_at_most_answered(visitor, forum, years, highest):
    acknowledge(visitor)
    with forum.app_context(), transaction() as session:
        patient = session.query(Patient).one()
        eighteen = Instant(now() + years * 365 * 24 * 3600 * 1_000_000)
        set_adult_from(session, house().keyring, patient, eighteen, now())
    visitor.get("/choices/others")
    assert offered(visitor)[-1] == highest


@pytest.mark.parametrize(("page", "level"), [("others", "in_touch"), ("others", "part_of_care"), ("care-team", "all")])
def test_a_level_that_is_not_on_the_page_is_refused(visitor, page, level):
    visitor.get(f"/choices/{page}").press("Go on", level=level)
    assert visitor.status == HTTPStatus.BAD_REQUEST
    visitor.get(f"/choices/{page}")
    assert picked(visitor) == []


@pytest.mark.parametrize("page", ["care-team", "others"])
def test_no_answer_is_said_at_the_top_and_at_the_question(visitor, page):
    visitor.get(f"/choices/{page}").press("Go on")
    assert visitor.status == HTTPStatus.UNPROCESSABLE_ENTITY
    link = visitor.page.select_one(".nhsuk-error-summary a")
    assert visitor.page.find(id=link["href"].removeprefix("#")).name == "input"
    assert visitor.page.select_one(".nhsuk-error-message")


def test_the_team_page_shows_the_professionals_of_the_forum(visitor, nurse, doctor):
    visitor.get("/choices/team")
    assert {box["value"] for box in visitor.page.find_all("input", type="checkbox")} == {nurse, doctor}
    assert "Nora Quill" in visitor.text
    assert "doctor" in visitor.text


def test_a_forum_without_professionals_leaves_the_team_empty(visitor):
    visitor.get("/choices/team")
    assert "your care team is empty" in visitor.text
    assert visitor.press("Go on").path == "/choices/care-team"


@pytest.mark.usefixtures("nurse")
def test_somebody_who_is_not_on_the_page_cannot_be_named(visitor):
    visitor.get("/choices/team").press("Go on", members=["not-a-key"])
    assert visitor.status == HTTPStatus.BAD_REQUEST


def test_the_check_page_leads_back_to_the_first_question_without_an_answer(visitor):
    assert visitor.get("/choices/check").path == "/choices/care-team"
    visitor.press("Go on", level="closed")
    assert visitor.get("/choices/check").path == "/choices/others"


def test_every_answer_can_be_changed_before_it_counts(visitor, nurse):
    acknowledge(visitor)
    visitor.get("/choices/care-team").press("Go on", level="answered").press("Go on", level="closed")
    visitor.press("Go on", members=[nurse])
    changes = [link["href"] for link in visitor.page.find_all("a") if link.get_text().strip().startswith("Change")]
    assert changes == [
        "/choices/care-team",
        "/choices/more/care-team",
        "/choices/others",
        "/choices/team",
        "/choices/people",
        "/choices/rules",
        "/choices/danger",
    ]
    visitor.get("/choices/care-team")
    assert picked(visitor) == ["answered"]
    assert visitor.press("Go on", level="seen").path == "/choices/check"


def test_a_no_to_all_needs_no_reading(visitor, forum):
    choose(visitor, "closed", "closed")
    assert in_force(forum) == Choices()


def test_a_yes_without_having_been_told_says_what_to_read_and_keeps_the_answers(visitor, forum, nurse):
    choose(visitor, "answered", "closed", [nurse])
    assert (visitor.status, visitor.h1) == (HTTPStatus.CONFLICT, "Please read what to know first")
    assert in_force(forum) is None
    acknowledge(visitor)
    visitor.get("/choices/check").press("Save my choices")
    assert in_force(forum) == Choices(Level.ANSWERED, Level.CLOSED, frozenset({nurse}))


def test_closing_more_counts_at_once(visitor, forum, nurse):
    acknowledge(visitor)
    choose(visitor, "answered", "answered", [nurse])
    choose(visitor, "answered", "closed", [nurse])
    assert in_force(forum).others is Level.CLOSED


def test_choosing_while_hidden_leaves_one_hidden(visitor, forum):
    visitor.get("/my/choices").press("Hide me from everyone")
    choose(visitor, "closed", "closed")
    assert in_force(forum).hold


def test_an_answer_from_another_window_must_be_read_before_it_is_saved(visitor, forum):
    acknowledge(visitor)
    visitor.get("/choices/care-team").press("Go on", level="closed").press("Go on", level="closed").press("Go on")
    shown, path = visitor.page, visitor.path
    visitor.get("/choices/others").press("Go on", level="answered")
    visitor.page, visitor.path = shown, path
    visitor.press("Save my choices")
    assert "changed in another window" in visitor.text
    assert in_force(forum) is None


def test_what_is_open_after_saving_is_what_the_check_page_said(visitor, nurse):
    acknowledge(visitor)
    visitor.get("/choices/care-team").press("Go on", level="answered").press("Go on", level="seen")
    visitor.press("Go on", members=[nurse])
    checked = [value.get_text(" ", strip=True) for value in visitor.page.select(".nhsuk-summary-list__value")]
    visitor.press("Save my choices")
    saved = [value.get_text(" ", strip=True) for value in visitor.page.select(".nhsuk-summary-list__value")]
    assert saved == checked
