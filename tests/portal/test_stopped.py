"""What is stopped, and what cannot be undone: by when forums follow, and who could have seen something before."""

import pytest
import textstat

from tests.optout.wishes import prove
from tests.portal.test_could_have_seen import tell
from tests.portal.test_see_as_pages import group
from tests.ui.test_pages import sentences
from tests.ui.visits import choose, forum, nurse, visitor

__all__ = ["forum", "nurse", "visitor"]
PATH = "/my/stopped"


@pytest.fixture
def proved(forum, visitor):
    prove(forum, visitor)
    return visitor


def test_whoever_has_not_chosen_has_stopped_nothing_and_is_asked_for_a_proof_first(forum, visitor):
    assert visitor.get(PATH).path == "/prove"
    prove(forum, visitor)
    assert "you have stopped nothing" in visitor.get(PATH).text
    assert PATH not in str(visitor.get("/my/choices").page)


def test_a_forum_that_asks_each_time_follows_at_once(proved):
    assert "t1d-forum asks us each time. So it follows at once" in choose(proved, "closed", "closed").text
    assert proved.get("/my/choices").follow("What is stopped, and what cannot be undone").path == PATH
    assert "t1d-forum asks us each time. So it follows at once" in proved.text
    assert "There is nothing to show of the 30 days before that." in proved.text


def test_what_was_seen_before_cannot_be_undone_and_what_comes_after_is_no_part_of_it(forum, proved, nurse):
    tell(forum, nurse)
    choose(proved, "closed", "closed")
    tell(forum, "somebody of whom we know nothing")
    assert "Nora Quill" in proved.get(PATH).text
    assert "whose name we cannot show" not in proved.text
    assert "it was allowed then." in proved.text
    assert textstat.flesch_kincaid_grade(sentences(proved.page)) <= 6


@pytest.mark.slow
def test_a_forum_that_decides_by_itself_is_not_said_to_follow_at_once(forum, proved, nurse):
    tell(forum, nurse)
    assert "also decides by itself" in choose(proved, "closed", "closed").text
    assert "follows at once" not in proved.text
    assert textstat.flesch_kincaid_grade(sentences(proved.page)) <= 6


@pytest.mark.slow
def test_a_forum_that_only_tries_it_out_stops_nothing_there(forum, proved):
    group(forum, "trial", mode="observe")
    page = choose(proved, "closed", "closed")
    assert "is still trying this out in some groups. Nothing stops there yet." in page.text


@pytest.mark.slow
def test_where_the_history_is_hidden_nobody_from_before_is_shown(forum, proved, nurse):
    tell(forum, nurse)
    proved.get("/my/put-right").press("Do it now", what="hide", made="yes")
    assert "Nora Quill" not in proved.get(PATH).text
    assert "There is nothing to show" in proved.text
