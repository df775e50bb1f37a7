"""The front hall: the way in, my choices now, and one press that hides."""

from http import HTTPStatus

import pytest
from sqlalchemy import text

from governance.db.extension import reading, transaction
from governance.decision.facts import Room
from governance.decision.vocabulary import Ages, Posture
from governance.identity.service import platform_named
from governance.patients.models import Patient
from governance.pdp.communities import Communities, Wanted
from governance.policy.current import policies
from governance.portal.emergency import Emergency, dialled
from governance.ui.clock import now
from governance.ui.house import house
from tests.ui.visits import FORUM, Visitor, acknowledge, choose, forum, nurse, sign_in, stranger, visitor

__all__ = ["forum", "nurse", "stranger", "visitor"]


def has_record(app):
    with app.app_context(), reading() as session:
        return session.query(Patient).count() > 0


def test_the_start_page_links_to_the_sign_in_of_that_forum(stranger):
    stranger.get("/start/t1d-forum")
    link = stranger.page.find("a", string=lambda text: text and "Sign in through your forum" in text)
    assert link["href"] == "/sign-in/t1d-forum"


@pytest.mark.parametrize("path", ["/", "/start/t1d-forum"])
@pytest.mark.parametrize(
    "absent",
    [
        "your age",
        "if your forum hides posts already",
        "checked the Spanish words",
    ],
)
def test_the_first_pages_say_what_an_early_version_does_not_have(stranger, path, absent):
    stranger.get(path)
    assert "This is an early version" in stranger.text
    assert absent in stranger.text


def test_the_first_page_of_all_leads_to_the_sign_in(stranger):
    stranger.get("/").follow("Sign in through your forum")
    assert (stranger.path, stranger.status) == ("/sign-in", HTTPStatus.OK)


def test_an_unknown_forum_is_not_found(stranger):
    assert stranger.get("/start/nowhere").status == HTTPStatus.NOT_FOUND


def test_looking_around_leaves_no_record(visitor, forum):
    for path in ("/my", "/my/choices", "/disclosure/must-knows", "/choices/care-team", "/choices/team"):
        visitor.get(path)
    assert not has_record(forum)


def test_somebody_new_is_led_to_what_to_know_first(visitor):
    assert visitor.get("/my").path == "/disclosure/must-knows"


def test_somebody_who_chose_is_led_to_their_choices(visitor):
    choose(visitor, care_team="closed")
    assert visitor.get("/my").path == "/my/choices"


@pytest.mark.parametrize("path", ["/", "/start/t1d-forum", "/my/choices"])
def test_a_person_sees_whose_choices_these_are_and_can_sign_out_there(visitor, path):
    visitor.get(path)
    assert "signed in with the account ana of t1d-forum" in visitor.text
    assert visitor.press("Sign out").get("/my/choices").path == "/sign-in"


@pytest.mark.parametrize("path", ["/", "/start/t1d-forum"])
def test_nobody_is_named_to_a_stranger(stranger, path):
    assert "signed in with the account" not in stranger.get(path).text


def test_one_press_hides_with_nothing_read_and_nothing_answered(visitor):
    visitor.get("/my/choices").press("Hide me from everyone signed in here as a health professional")
    assert "You are hidden from now on" in visitor.text


def test_hiding_twice_stays_hidden(visitor):
    visitor.get("/my/choices")
    page = visitor.page
    visitor.press("Hide me from everyone")
    visitor.page, visitor.path = page, "/my/choices"
    visitor.press("Hide me from everyone")
    assert "You are hidden" in visitor.text


def test_the_limits_stand_under_the_press_and_stay_after_it(visitor):
    limit = "People who are signed out, or who do not say what they are, can still read public pages"
    assert limit in visitor.get("/my/choices").text
    assert limit in visitor.press("Hide me from everyone").text


@pytest.mark.parametrize(
    "path",
    [
        "/disclosure/must-knows",
        "/disclosure/understanding/who_reads",
        "/disclosure/acknowledge",
        "/choices/care-team",
        "/choices/others",
        "/choices/team",
        "/choices/people",
    ],
)
def test_every_page_on_the_way_lets_people_say_no_in_one_press(visitor, path):
    visitor.get("/disclosure/must-knows")
    visitor.get(path).press("Say no to everyone now")
    assert (visitor.path, visitor.status) == ("/my/choices", HTTPStatus.OK)
    assert "You are hidden" in visitor.text


def test_choices_say_what_is_allowed_to_whom_and_since_when(visitor, nurse):
    acknowledge(visitor)
    choose(visitor, members=[nurse])
    visitor.get("/my/choices")
    assert "Nora Quill (nurse)" in visitor.text
    assert "Answer my posts" in visitor.text
    assert "This has counted since" in visitor.text


def test_a_page_never_shows_the_choices_of_somebody_else(visitor, nurse, forum):
    acknowledge(visitor)
    choose(visitor, members=[nurse])
    client = forum.test_client()
    client.set_cookie("governance", sign_in(forum, "ben"))
    other = Visitor(client).get("/my/choices")
    assert "You have not chosen yet" in other.text
    assert "Nora Quill" not in other.text


def test_nothing_is_kept_by_the_browser_or_on_the_way(visitor):
    assert visitor.client.get("/my/choices").headers["Cache-Control"] == "no-store"


def test_signing_out_ends_it(visitor):
    visitor.get("/my/choices").press("Sign out")
    assert visitor.get("/my/choices").h1 == "You are not signed in"


def test_every_country_of_the_record_has_a_name_and_every_number_is_shown(stranger):
    lines = policies().reporting.emergency.tables["lines"]
    stranger.get("/whom-to-call")
    for line in lines:
        assert policies().reporting.country_name(line["country"]) in stranger.text
        assert line["number"] in stranger.text


def test_members_of_the_eu_with_its_number_are_not_named_one_by_one():
    where = {call.number: call.where for call in Emergency.of(policies().reporting).danger}
    assert where["112"] == "European Union"
    assert where["911"] == "United States, Canada"


def test_whom_to_call_is_told_in_spanish_too():
    told = Emergency.of(policies().reporting, "es")
    assert told.words.title == "¿Necesitas ayuda ya?"
    assert {call.number: call.where for call in told.danger}["911"] == "Estados Unidos, Canadá"
    spain = next(country for country in told.countries if country.name == "España")
    assert [line.name for line in spain.lines][:2] == ["Servicios de emergencia", "ANAR"]


def test_a_telephone_gets_digits_alone():
    assert dialled("1-800-668 6868") == "18006686868"


def sets_community(app, mode, name="c"):
    with app.app_context(), transaction() as session:
        forum, keyring = platform_named(session, FORUM), house().keyring
        wanted = Wanted(Room(Posture.INFORMED, Ages.ADULTS), [], mode)
        Communities(session, keyring, forum.id).put(name, wanted, now=now(), told=None)


def test_where_a_forum_only_tries_this_out_its_members_are_told(visitor, forum):
    assert "trying this out" not in visitor.get("/my/choices").text
    sets_community(forum, "observe")
    assert "professionals can still see what you closed" in visitor.get("/my/choices").text
    sets_community(forum, "enforce")
    assert "trying this out" not in visitor.get("/my/choices").text


def test_who_hides_where_a_forum_only_tries_this_out_is_not_told_that_nobody_can_read(visitor, forum):
    promise = "Nobody who is signed in here as a health professional can read your posts"
    sets_community(forum, "observe")
    acknowledge(visitor)
    choose(visitor, "closed", "closed")
    visitor.get("/my/choices").press("Hide me from everyone")
    for page in ("/my/choices", "/my/choices/saved"):
        told = visitor.get(page).text
        assert (promise in told, "nothing is hidden yet. Elsewhere" in told) == (False, True)
    sets_community(forum, "enforce")
    for page in ("/my/choices", "/my/choices/saved"):
        told = visitor.get(page).text
        assert (promise in told, "nothing is hidden yet" in told) == (True, False)


def said_of_the_forum(visitor):
    return " ".join(visitor.get("/my/forums").page.select_one(".box").get_text(" ").split())


def test_the_page_of_forums_says_of_each_where_it_keeps_to_what_was_chosen(visitor, forum):
    assert "has not told us of its groups" in said_of_the_forum(visitor)
    sets_community(forum, "observe")
    assert "Nothing stops there yet" in said_of_the_forum(visitor)
    sets_community(forum, "enforce", "d")
    assert "In 1 of its 2 groups it is still trying this out" in said_of_the_forum(visitor)
    acknowledge(visitor)
    choose(visitor, "closed", "closed")
    assert "In 1 of its 2 groups it is still trying this out" in said_of_the_forum(visitor)
    sets_community(forum, "enforce")
    assert "keeps to what you chose, in all its groups" in said_of_the_forum(visitor)


def test_a_row_that_does_not_open_keeps_nobody_from_their_forums(visitor, forum):
    acknowledge(visitor)
    choose(visitor, "closed", "closed")
    sets_community(forum, "enforce")
    with forum.app_context(), transaction() as session:
        session.execute(text("UPDATE effective_row SET mac = x'00' WHERE kind = 'community'"))
    assert "cannot say now" in said_of_the_forum(visitor)
