"""What the page after a press says: what was done, once, what it means while hidden, and how to undo it."""

import time
from datetime import timedelta

import pytest
import time_machine

from governance.db.extension import transaction
from governance.decision.vocabulary import Instant
from governance.identity.clients.platforms import set_display_name
from governance.ui.clock import now
from governance.ui.dates import time_of_day
from governance.ui.house import house
from tests.ui.visits import FORUM, acknowledge, choose, forum, nurse, stranger, visitor

__all__ = ["forum", "nurse", "stranger", "visitor"]
MINUTE = 60_000_000
HIDE = "Hide me from everyone"
HIDDEN = "You are hidden from now on."
UNDO = "Undo my last change"
UNDONE = "Your last change is undone."
WHEN_HIDDEN = "will count when you stop hiding"


@pytest.fixture
def ana(visitor, nurse):
    acknowledge(visitor)
    choose(visitor, "answered", "seen", [nurse])
    return visitor


def test_hiding_is_confirmed_once(ana):
    assert HIDDEN in ana.get("/my/choices").press(HIDE).text
    assert HIDDEN not in ana.get("/my/choices").text


@pytest.mark.parametrize("query", ["undone=1", "hidden=1", "said=undone", "said=hidden", "done=1&taken_away=1"])
def test_no_address_makes_a_page_say_that_something_was_done(ana, query):
    ana.get("/my/choices").press(HIDE)
    ana.get("/my/choices")
    ana.get(f"/my/choices?{query}")
    assert ana.page.select(".nhsuk-notification-banner") == []


def test_a_hiding_says_that_it_can_be_undone_until_when_and_what_it_was(ana):
    with time_machine.travel(int(time.time()), tick=False):
        ana.get("/my/choices").press(HIDE)
        until = time_of_day(Instant(now() + 10 * MINUTE))
        box = " ".join(ana.page.find(id="undo").get_text().split())
    assert "You are hidden." in box
    assert f"Until {until}" in box


def test_an_undone_hiding_says_so_once_and_is_not_offered_again(ana):
    ana.get("/my/choices").press(HIDE)
    ana.press(UNDO)
    assert UNDONE in ana.text
    assert "You are hidden" not in ana.text
    ana.get("/my/choices")
    assert UNDONE not in ana.text
    assert ana.page.find(id="undo") is None


def test_who_wants_to_stop_hiding_at_once_is_shown_the_undo_there(ana):
    ana.get("/my/choices").press(HIDE)
    ana.follow("Stop hiding me")
    assert ana.page.find(id="undo") is not None
    assert UNDONE in ana.press(UNDO).text


def test_after_ten_minutes_only_the_long_way_is_left(ana):
    with time_machine.travel(int(time.time()), tick=False) as clock:
        ana.get("/my/choices").press(HIDE)
        assert ana.page.find(id="undo") is not None
        clock.shift(timedelta(minutes=10))
        assert ana.get("/my/choices").page.find(id="undo") is None


def test_a_level_that_was_lowered_is_named_beside_its_undo(ana):
    choose(ana, "answered", "closed")
    assert "All other professionals: from “Seen” to “Closed”." in " ".join(ana.page.find(id="undo").get_text().split())


def test_what_is_chosen_while_hidden_is_said_to_count_later(ana):
    ana.get("/my/choices").press(HIDE)
    ana.get("/choices/others")
    assert "It will count when you stop hiding." in ana.text
    ana.press("Go on", level="closed")
    assert f"What you save {WHEN_HIDDEN}." in ana.get("/choices/check").text
    ana.press("Save my choices")
    assert f"They {WHEN_HIDDEN}." in ana.text
    assert "What counts now" not in ana.text
    ana.follow("My receipts").follow("given on")
    assert "What stands below counts only when you stop hiding." in ana.text
    assert "What counts when you stop hiding" in ana.get("/my/choices").text


def test_who_is_not_hidden_reads_nothing_of_hiding(ana):
    for path in ("/choices/check", "/my/choices/saved", "/my/choices"):
        assert "when you stop hiding" not in ana.get(path).text


def test_my_choices_lead_to_how_one_proves_oneself_and_to_where_one_is_signed_in(ana):
    ana.get("/my/choices").follow("How you prove that it is you")
    assert ana.h1 == "How you prove that it is you"
    assert ana.follow("Where I am signed in").path == "/my/sessions"


def test_pages_call_a_forum_as_its_members_do(ana, forum, stranger):
    with forum.app_context(), transaction() as session:
        set_display_name(session, house().keyring, FORUM, "Type 1  Together")
    for path in (f"/start/{FORUM}", "/sign-in"):
        assert "Type 1 Together" in stranger.get(path).text
        assert FORUM not in stranger.text
    for path in ("/my/choices", "/prove", "/my/proof", f"/start/{FORUM}"):
        assert "Type 1 Together" in ana.get(path).text
        assert FORUM not in ana.text
