"""Extras and people by name at their pages: nobody has to open them, and what is picked there is what counts."""

from http import HTTPStatus

import pytest
import textstat

from governance.db.extension import reading
from governance.decision.levels import EXTRAS
from governance.decision.vocabulary import Action, Level
from governance.optout.choices import Choices, Named
from governance.policy.current import policies
from tests.optout.test_web import in_force, offered, picked
from tests.optout.wishes import grow_up, prove, waits_of
from tests.ui.test_pages import sentences
from tests.ui.visits import acknowledge, choose, doctor, forum, nurse, stranger, visitor

__all__ = ["doctor", "forum", "nurse", "stranger", "visitor"]

CLOSED, SEEN, ANSWERED = Level.CLOSED, Level.SEEN, Level.ANSWERED


def says(visitor, who, level):
    """Pick one person and what they may do; nothing is confirmed."""
    return visitor.get("/choices/people").press("Go on", who=who).press("Go on", level=level)


def confirms(visitor):
    return visitor.get("/choices/check").press("Save my choices")


def rows(visitor):
    keys = [key.get_text(" ", strip=True) for key in visitor.page.select(".nhsuk-summary-list__key")]
    values = [value.get_text(" ", strip=True) for value in visitor.page.select(".nhsuk-summary-list__value")]
    return dict(zip(keys, values, strict=True))


@pytest.fixture
def ready(visitor):
    """Somebody who was told, and answered what everybody is asked."""
    acknowledge(visitor)
    visitor.get("/choices/care-team").press("Go on", level="answered").press("Go on", level="answered")
    return visitor.press("Go on")


# --- people by name


def test_everyone_but_one_doctor(ready, forum, doctor):
    says(ready, doctor, "closed")
    assert rows(ready)["Yes or no to one person by name"] == (
        "Dr Omar Vale: Closed For them this counts, and not what their group may do."
    )
    confirms(ready)
    assert in_force(forum) == Choices(ANSWERED, ANSWERED, named=frozenset({Named(doctor, CLOSED)}))


def test_nobody_but_one_nurse(visitor, forum, nurse):
    acknowledge(visitor)
    visitor.get("/choices/care-team").press("Go on", level="closed").press("Go on", level="closed").press("Go on")
    says(visitor, nurse, "part_of_care")
    confirms(visitor)
    assert in_force(forum) == Choices(named=frozenset({Named(nurse, Level.PART_OF_CARE)}))


def test_a_no_by_name_needs_no_reading_and_a_yes_does(visitor, forum, nurse):
    visitor.get("/choices/care-team").press("Go on", level="closed").press("Go on", level="closed").press("Go on")
    says(visitor, nurse, "seen")
    confirms(visitor)
    assert (visitor.status, in_force(forum)) == (HTTPStatus.CONFLICT, None)
    says(visitor, nurse, "closed")
    confirms(visitor)
    assert in_force(forum).named == {Named(nurse, CLOSED)}


def test_a_no_takes_no_more_presses_than_a_yes(ready, nurse):
    paths = {level: says(ready, nurse, level).path for level in ("closed", "seen", "group")}
    assert set(paths.values()) == {"/choices/check"}


def test_every_level_of_one_person_says_what_it_means(visitor, nurse):
    visitor.get("/choices/people").press("Go on", who=nurse)
    assert offered(visitor) == [*(level.value for level in Level), "group"]
    assert picked(visitor) == []
    policy = policies().optout
    for level in Level:
        assert " ".join(policy.level_words(level, "named").body.split()) in visitor.text


def test_what_was_said_is_shown_and_picked_when_one_comes_back(ready, doctor):
    says(ready, doctor, "seen")
    ready.get("/choices/people")
    assert "Your answer: “Seen”" in ready.text
    ready.press("Go on", who=doctor)
    assert picked(ready) == ["seen"]


def test_as_for_their_group_takes_the_choice_by_name_away(ready, forum, doctor):
    says(ready, doctor, "closed")
    says(ready, doctor, "group")
    confirms(ready)
    assert in_force(forum).named == frozenset()


def test_two_windows_do_not_mix_two_people_up(ready, forum, nurse, doctor):
    ready.get("/choices/people").press("Go on", who=doctor)
    shown, path = ready.page, ready.path
    ready.get("/choices/people").press("Go on", who=nurse)
    ready.page, ready.path = shown, path
    ready.press("Go on", level="closed")
    confirms(ready)
    assert in_force(forum).named == {Named(doctor, CLOSED)}


@pytest.mark.usefixtures("nurse")
@pytest.mark.parametrize("page", ["/choices/people", "/choices/person"])
def test_somebody_who_is_not_on_the_page_cannot_be_chosen_for(visitor, page):
    visitor.get("/choices/people")
    token = visitor.page.find("input", {"name": "csrf_token"})["value"]
    answer = visitor.client.post(page, data={"csrf_token": token, "who": "not-a-key", "level": "closed"})
    assert answer.status_code == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize("level", ["all", "at_most.seen", ""])
def test_a_level_that_is_not_offered_for_one_person_is_refused(visitor, nurse, level):
    visitor.get("/choices/people").press("Go on", who=nurse).press("Go on", level=level)
    assert visitor.status == HTTPStatus.BAD_REQUEST


@pytest.mark.usefixtures("doctor")
def test_no_answer_is_said_at_the_top_and_at_the_question(visitor, nurse):
    visitor.get("/choices/people").press("Go on")
    assert visitor.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert visitor.page.select_one(".nhsuk-error-summary a")["href"] == "#who"
    visitor.press("Go on", who=nurse).press("Go on")
    assert visitor.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert visitor.page.find(id=visitor.page.select_one(".nhsuk-error-summary a")["href"].removeprefix("#"))
    assert visitor.page.find("input", {"name": "who"})["value"] == nurse


def test_a_page_about_nobody_leads_to_the_list(visitor, nurse):
    assert nurse
    assert visitor.get("/choices/person").path == "/choices/people"


def test_a_forum_without_professionals_has_nobody_to_name(visitor):
    visitor.get("/choices/people")
    assert "nobody to name for now" in visitor.text
    assert offered(visitor) == []


def test_a_yes_by_name_waits_with_its_name_and_a_no_does_not(ready, forum, nurse, doctor):
    confirms(ready)
    grow_up(forum)
    says(ready, nurse, "in_touch")
    says(ready, doctor, "closed")
    assert "Nora Quill could" in ready.text
    prove(forum, ready)
    confirms(ready)
    assert ready.path == "/my/waiting"
    assert "By name, Nora Quill: “In touch”." in ready.text
    assert in_force(forum).by_name(doctor) == Named(doctor, CLOSED)
    assert in_force(forum).by_name(nurse) is None
    with forum.app_context(), reading() as session:
        assert len(waits_of(session)) == 1
    ready.press("Stop")
    assert in_force(forum).by_name(nurse) is None


def test_history_and_receipt_have_the_people(ready, forum, doctor):
    says(ready, doctor, "closed")
    confirms(ready)
    prove(forum, ready)
    assert "By name, Dr Omar Vale: “Closed”." in ready.get("/my/history").text
    ready.get("/my/receipts").follow("Receipt 1")
    assert rows(ready)["People chosen by name"] == "“Closed”: 1"
    assert "Omar" not in ready.text


def test_the_page_after_saving_and_my_choices_say_who_was_chosen_for_by_name(ready, doctor):
    says(ready, doctor, "closed")
    confirms(ready)
    assert ready.path == "/my/choices/saved"
    assert "Dr Omar Vale: Closed" in rows(ready)["Yes or no to one person by name"]
    ready.get("/my/choices")
    assert "Dr Omar Vale: Closed" in rows(ready)["Yes or no to one person by name"]


@pytest.mark.parametrize("adult", [True, False])
def test_who_is_not_known_to_be_18_reads_what_a_level_does_not_open_for_them(ready, forum, nurse, adult):
    if adult:
        grow_up(forum)
    ready.get("/choices/people").press("Go on", who=nurse)
    assert ("While you are under 18" in ready.text) is not adult


# --- extras


def test_an_extra_that_is_ticked_is_what_counts(ready, forum):
    ready.get("/choices/more/others").press("Go on", actions=["quote", "mention"])
    assert rows(ready)["More for all other professionals"] == "Name or tag me Repeat my words elsewhere"
    assert rows(ready)["More for my care team"] == "Nothing"
    confirms(ready)
    assert rows(ready)["More for all other professionals"] == "Name or tag me Repeat my words elsewhere"
    prove(forum, ready)
    assert "All other professionals: yes to “Name or tag me”." in ready.get("/my/history").text
    ready.get("/my/receipts").follow("Receipt 1")
    assert "Name or tag me" in rows(ready)["All other professionals"]
    assert "Name or tag me" not in rows(ready)["My care team"]
    assert in_force(forum).others_extras == {Action.QUOTE, Action.MENTION}
    assert in_force(forum).care_team_extras == frozenset()
    ready.get("/choices/more/others")
    assert sorted(picked(ready)) == ["mention", "quote"]


def test_nothing_is_ticked_beforehand_and_nothing_is_an_answer(ready, forum):
    ready.get("/choices/more/care-team")
    assert picked(ready) == []
    assert ready.press("Go on").path == "/choices/check"
    confirms(ready)
    assert in_force(forum) == Choices(ANSWERED, ANSWERED)


@pytest.mark.parametrize("adult", [True, False])
def test_who_is_not_known_to_be_18_is_not_offered_to_be_looked_up_or_befriended(ready, forum, adult):
    if adult:
        grow_up(forum)
    ready.get("/choices/more/others")
    boxes = {box["value"] for box in ready.page.find_all("input", type="checkbox")}
    assert boxes == EXTRAS - {"record"} - (set() if adult else {"look_up", "connect"})
    ready.press("Go on", actions=["connect"])
    assert ready.status == (HTTPStatus.OK if adult else HTTPStatus.BAD_REQUEST)


@pytest.mark.parametrize("action", ["view", "moderate", "record", "everything"])
def test_what_is_no_extra_is_refused(ready, action):
    ready.get("/choices/more/others").press("Go on", actions=[action])
    assert ready.status == HTTPStatus.BAD_REQUEST


def test_who_is_closed_out_is_not_asked_about_and_loses_what_was_ticked(ready, forum):
    ready.get("/choices/more/others").press("Go on", actions=["quote"])
    ready.get("/choices/others").press("Go on", level="closed")
    assert "More for all other professionals" not in rows(ready)
    assert ready.get("/choices/more/others").path == "/choices/others"
    confirms(ready)
    assert in_force(forum) == Choices(ANSWERED, CLOSED)


def test_an_extra_waits_and_is_taken_back_at_once(ready, forum):
    ready.get("/choices/more/others").press("Go on", actions=["quote"])
    confirms(ready)
    grow_up(forum)
    ready.get("/choices/more/others").press("Go on", actions=["mention"])
    prove(forum, ready)
    confirms(ready)
    assert "All other professionals: yes to “Name or tag me”." in ready.text
    assert in_force(forum).others_extras == frozenset()


# --- both


@pytest.mark.parametrize("path", ["more/care-team", "more/others", "people", "person"])
def test_the_pages_are_easy_to_read_and_let_people_say_no(ready, nurse, path):
    ready.get("/choices/people").press("Go on", who=nurse)
    ready.get(f"/choices/{path}")
    assert ready.path == f"/choices/{path}"
    assert textstat.flesch_kincaid_grade(sentences(ready.page)) <= 6
    assert textstat.flesch_reading_ease(sentences(ready.page)) >= 70
    labelled = {label["for"] for label in ready.page.find_all("label")}
    assert {field["id"] for field in ready.page.select("input:not([type=hidden])")} == labelled
    ready.press("Say no to everyone now")
    assert "You are hidden" in ready.text


@pytest.mark.parametrize("path", ["more/care-team", "more/others", "people", "person"])
def test_who_is_not_signed_in_is_sent_to_sign_in(stranger, path):
    assert stranger.get(f"/choices/{path}").path == "/sign-in"


def test_a_choice_made_before_these_pages_goes_on_as_it_was(visitor, forum, nurse):
    acknowledge(visitor)
    choose(visitor, "answered", "closed", [nurse])
    before = in_force(forum)
    visitor.get("/choices/check").press("Save my choices")
    assert in_force(forum) == before
