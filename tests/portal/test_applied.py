"""Whether a forum that decides by itself has one's newest choices: said where they are saved, and with one's forums."""

import pytest
import textstat

from governance.db.extension import transaction
from governance.effective.models import find_revision
from governance.effective.replicas.service import Said, write_down
from governance.identity.service import platform_named
from governance.ui.clock import now
from governance.ui.house import house
from tests.optout.wishes import prove
from tests.portal.test_could_have_seen import tell
from tests.portal.test_web import sets_community
from tests.ui.test_pages import sentences
from tests.ui.visits import FORUM, choose, forum, nurse, visitor

__all__ = ["forum", "nurse", "visitor"]
FORUMS = "/my/forums"
HAS_IT = "Your newest choices are in it."
NOT_YET = "Your newest choices are not in it yet. They will be within 7 seconds."


def asks(app, applied=None, lease_ms=7_000, name="a-replica"):
    """Write down what a replica says when it asks: by default that it has everything."""
    with app.app_context(), transaction() as session:
        forum_id = platform_named(session, FORUM).id
        revision = find_revision(session, forum_id) if applied is None else applied
        write_down(session, house().keyring, forum_id, Said(name, revision, lease_ms), now())


@pytest.fixture
def proved(forum, visitor):
    prove(forum, visitor)
    return visitor


def test_before_any_choice_nothing_is_said_of_it(forum, visitor):
    asks(forum)
    page = visitor.get(FORUMS).text
    assert "newest choices" not in page
    assert "asks us each time" not in page


def test_a_forum_without_a_replica_asks_each_time_once_it_told_of_its_groups(forum, proved):
    choose(proved, "closed", "closed")
    assert "This forum asks us each time." not in proved.get(FORUMS).text
    sets_community(forum, "enforce")
    assert "This forum asks us each time." in proved.get(FORUMS).text


def test_a_choice_is_said_to_be_there_once_the_slowest_replica_has_it(forum, proved):
    asks(forum)
    saved = choose(proved, "closed", "closed").text
    assert NOT_YET in saved
    assert "shows your posts to no health professional until they are" in saved
    assert textstat.flesch_kincaid_grade(sentences(proved.page)) <= 6
    assert NOT_YET in proved.get(FORUMS).text
    assert textstat.flesch_kincaid_grade(sentences(proved.page)) <= 6
    asks(forum)
    assert HAS_IT in proved.get(FORUMS).text
    assert HAS_IT in proved.get("/my/stopped").text
    asks(forum, applied=0, lease_ms=5_000, name="another-one")
    assert NOT_YET in proved.get(FORUMS).text


@pytest.mark.slow
def test_a_forum_that_told_of_its_own_decisions_and_is_silent_now_is_not_said_to_ask(forum, proved, nurse):
    tell(forum, nurse)
    choose(proved, "closed", "closed")
    page = proved.get(FORUMS).text
    assert "We have not heard from it just now." in page
    assert "asks us each time" not in page


@pytest.mark.slow
def test_in_spanish_too(forum, proved):
    sets_community(forum, "enforce")
    choose(proved, "closed", "closed")
    asks(forum, applied=0)
    page = proved.get(f"{FORUMS}?lang=es").text
    assert "aún no está en ella. Lo estará en 7 segundos." in page
