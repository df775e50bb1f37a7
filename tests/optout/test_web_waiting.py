"""Opening more on the pages: the witness in words, proof, age, the wait, cancel, undo, and ending *hide me*."""

from datetime import timedelta
from http import HTTPStatus

import pytest
import time_machine

from governance.decision.vocabulary import Level
from tests.optout.test_web import in_force, picked
from tests.optout.wishes import grow_up, prove, work
from tests.ui.visits import Visitor, acknowledge, choose, doctor, forum, nurse, sign_in, visitor

__all__ = ["doctor", "forum", "nurse", "visitor"]
SENTENCE = "a nurse or doctor who is not in your care team could read your posts."
UNDO = "Undo my last change"


@pytest.fixture
def ana(visitor, forum, nurse):
    """An adult who lets her nurse answer and everybody else do nothing."""
    acknowledge(visitor)
    grow_up(forum)
    choose(visitor, "answered", "closed", [nurse])
    return visitor


@pytest.fixture
def proved(ana, forum):
    prove(forum, ana)
    return ana


def opens_to_others(visitor, nurse):
    return choose(visitor, "answered", "seen", [nurse])


def buttons(visitor):
    return [button.get_text().strip() for button in visitor.page.main.find_all("button")]


def test_the_check_page_says_who_could_do_what_and_from_when(ana):
    with time_machine.travel("2026-11-23T10:00:00Z", tick=False):
        client = ana.client
        client.set_cookie("governance", sign_in(client.application, "ana"))
        ana.get("/choices/others").press("Go on", level="seen")
        assert f"From Tuesday 24 November 2026 at 10:00 (UK time), {SENTENCE}" in ana.text


def test_without_proof_nothing_opens_and_the_answers_are_kept(ana, forum, nurse):
    opens_to_others(ana, nurse)
    assert (ana.path, ana.h1) == ("/prove", "Show us that it is you")
    assert in_force(forum).others is Level.CLOSED
    assert "Nothing waits" in ana.get("/my/waiting").text
    assert picked(ana.get("/choices/others")) == ["seen"]


def test_what_closes_beside_it_counts_at_once_without_proof(ana, forum, nurse):
    choose(ana, "seen", "seen", [nurse])
    assert (in_force(forum).care_team, in_force(forum).others) == (Level.SEEN, Level.CLOSED)


def test_with_proof_it_waits_and_is_shown_in_words(proved, forum, nurse):
    opens_to_others(proved, nurse)
    assert (proved.path, proved.h1) == ("/my/waiting", "What waits to open")
    assert SENTENCE in proved.text
    assert "All other professionals: from “Closed” to “Seen”." in proved.text
    assert in_force(forum).others is Level.CLOSED


def test_it_takes_effect_when_it_is_due_and_not_before(proved, forum, nurse):
    opens_to_others(proved, nurse)
    with time_machine.travel(timedelta(hours=23, minutes=59)):
        assert work(forum) == 0
    with time_machine.travel(timedelta(hours=24, minutes=1)):
        assert work(forum) == 1
        assert in_force(forum).others is Level.SEEN


def test_one_press_on_my_choices_stops_it_for_good(proved, forum, nurse):
    opens_to_others(proved, nurse)
    proved.get("/my/choices")
    assert SENTENCE in proved.text
    proved.press("Stop this")
    assert "You stopped it." in proved.text
    with time_machine.travel(timedelta(days=2)):
        assert work(forum) == 1
        assert in_force(forum).others is Level.CLOSED


def test_nobody_stops_what_is_anothers(proved, forum, nurse):
    opens_to_others(proved, nurse)
    hidden = {i["name"]: i["value"] for i in proved.page.main.find_all("input", type="hidden")}
    client = forum.test_client()
    client.set_cookie("governance", sign_in(forum, "ben"))
    ben = Visitor(client).get("/my/choices").press("Hide me from everyone").get("/my/choices")
    token = ben.page.find("input", attrs={"name": "csrf_token"})["value"]
    answer = client.post("/my/waiting/cancel", data={"change": hidden["change"], "csrf_token": token})
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert SENTENCE in proved.get("/my/waiting").text


def test_the_next_change_begins_from_what_was_asked_for(proved, nurse):
    opens_to_others(proved, nurse)
    assert picked(proved.get("/choices/others")) == ["seen"]
    choose(proved, "in_touch", "seen", [nurse])
    assert buttons(proved.get("/my/waiting")) == ["Stop this", "Stop this"]


def test_hiding_stops_everything_that_waits(proved, forum, nurse):
    opens_to_others(proved, nurse)
    proved.get("/my/choices").press("Hide me from everyone")
    assert "You were hidden before it was due." in proved.get("/my/waiting").text
    with time_machine.travel(timedelta(days=2)):
        work(forum)
        assert in_force(forum).others is Level.CLOSED


def test_ending_the_hold_needs_proof_and_waits(ana, forum):
    ana.get("/my/choices").press("Hide me from everyone").follow("Stop hiding me")
    assert "Nora Quill could read your posts." in ana.text
    assert ana.press("Stop hiding me").path == "/prove"
    prove(forum, ana)
    assert ana.get("/my/show-again").press("Stop hiding me").path == "/my/waiting"
    assert in_force(forum).hold
    with time_machine.travel(timedelta(hours=25)):
        work(forum)
        assert not in_force(forum).hold


def test_a_slip_is_undone_at_once_in_the_same_session(ana, forum):
    before = in_force(forum)
    ana.get("/my/choices").press("Hide me from everyone")
    assert in_force(forum).hold
    ana.press(UNDO)
    assert "as it was before" in ana.text
    assert in_force(forum) == before


def test_another_session_of_the_same_person_is_offered_no_undo(ana, forum):
    ana.get("/my/choices").press("Hide me from everyone")
    client = forum.test_client()
    client.set_cookie("governance", sign_in(forum, "ana"))
    other = Visitor(client).get("/my/choices")
    assert UNDO not in other.text
    token = other.page.find("input", attrs={"name": "csrf_token"})["value"]
    client.post("/my/undo", data={"csrf_token": token})
    assert in_force(forum).hold


def test_after_ten_minutes_the_undo_is_refused(ana, forum):
    shown = ana.get("/my/choices").press("Hide me from everyone").page
    with time_machine.travel(timedelta(minutes=10, seconds=1)):
        assert UNDO not in ana.get("/my/choices").text
        ana.page, ana.path = shown, "/my/choices"
        assert ana.press(UNDO).status == HTTPStatus.CONFLICT
        assert in_force(forum).hold


@pytest.mark.parametrize(("years", "status"), [(13, HTTPStatus.CONFLICT), (17, HTTPStatus.OK)])
def test_under_the_consent_age_a_guardian_is_needed_and_said_so(visitor, forum, years, status):
    acknowledge(visitor)
    grow_up(forum, years)
    choose(visitor, "closed", "closed")
    prove(forum, visitor)
    choose(visitor, "closed", "seen")
    assert visitor.status == status
    assert ("guardian" in visitor.text) == (years == 13)
    assert in_force(forum).others is Level.CLOSED


@pytest.mark.parametrize("years", [13, 17])
def test_below_the_consent_age_a_very_first_choice_lets_nobody_in(visitor, forum, nurse, years):
    acknowledge(visitor)
    grow_up(forum, years)
    choose(visitor, "answered", "closed", [nurse])
    assert (visitor.path == "/prove") == (years == 13)
    assert bool(in_force(forum).team) == (years == 17)


def test_a_childs_wish_that_names_somebody_is_for_staff(visitor, forum, nurse):
    """Guardians never see names."""
    acknowledge(visitor)
    grow_up(forum, 13)
    prove(forum, visitor)
    choose(visitor, "answered", "closed", [nurse])
    assert "Our staff look at it first" in visitor.text
    assert not in_force(forum).team


def test_the_next_answers_begin_from_a_very_first_choice_that_waits(visitor, forum, nurse):
    """Nothing counts yet: a draft that began anew would drop what waits with the next press."""
    acknowledge(visitor)
    grow_up(forum, 13)
    prove(forum, visitor)
    visitor.get("/choices/person")
    visitor.answers("/choices/person", who=nurse, level="answered")
    choose(visitor, "closed", "closed")
    assert "Our staff look at it first" in visitor.text
    assert picked(visitor.get("/choices/care-team")) == ["closed"]
    assert visitor.get("/choices/check").path == "/choices/check"
    visitor.press("Save my choices")
    assert len(visitor.get("/my/waiting").page.find_all("input", attrs={"name": "change"})) == 1


def test_whose_age_nobody_told_is_asked_before_anything_opens(visitor, forum, nurse):
    acknowledge(visitor)
    choose(visitor, "answered", "closed", [nurse])
    prove(forum, visitor)
    opens_to_others(visitor, nurse)
    assert visitor.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "How old are you?" in visitor.text
    visitor.press("Save my choices", age="younger")
    assert (visitor.status, visitor.h1) == (HTTPStatus.CONFLICT, "A guardian has to agree first")
    opens_to_others(visitor, nurse).press("Save my choices", age="reached")
    assert visitor.path == "/my/waiting"
    assert in_force(forum).others is Level.CLOSED


def test_the_age_is_asked_once_and_not_again_after_the_proof(visitor, forum, nurse):
    acknowledge(visitor)
    choose(visitor, "answered", "closed", [nurse])
    opens_to_others(visitor, nurse)
    assert visitor.press("Save my choices", age="reached").path == "/prove"
    prove(forum, visitor)
    assert "How old are you?" not in visitor.get("/choices/check").text
    assert visitor.press("Save my choices").path == "/my/waiting"
