"""What the page of forums says of a forum's life: observing, enforcing unproven, live, on hold, ended."""

from datetime import UTC, datetime, timedelta

import pytest

from governance.db.extension import transaction
from governance.effective.life.service import Life
from governance.effective.life.states import Why
from governance.identity.clients.platforms import end_platform
from governance.identity.service import platform_named
from governance.pdp.platforms.service import go_live
from governance.ui.clock import now, to_instant
from governance.ui.house import house
from tests.pdp.platforms.conftest import ADDRESS, LEAK, Prober
from tests.portal.test_web import said_of_the_forum, sets_community
from tests.ui.visits import FORUM, forum, visitor

__all__ = ["forum", "visitor"]
MINUTE = timedelta(minutes=1) // timedelta(microseconds=1)


@pytest.fixture
def life(forum, tmp_path):
    """Do something with the forum's life, in a transaction of its own."""
    prober = Prober(tmp_path)

    def act(what, later=0):
        with forum.app_context(), transaction() as session:
            found = Life(session, house().keyring, platform_named(session, FORUM).id, now() + later * MINUTE)
            what(found, session)

    act(lambda one, _: one.note_probe(ADDRESS, prober.key))
    act.prober = prober
    return act


def live(_one, session):
    go_live(session, house().keyring, platform_named(session, FORUM).id, "c", now())


def test_each_state_is_told_in_plain_words(visitor, forum, life):
    sets_community(forum, "enforce")
    assert "says that it keeps to what you chose, in all its groups. No check has shown that" in said_of_the_forum(
        visitor
    )
    life(lambda one, _: one.take(life.prober.says()))
    assert "No check has shown that" in said_of_the_forum(visitor)
    life(live)
    assert "A check of its pages found nothing" in said_of_the_forum(visitor)
    sets_community(forum, "enforce", "d")
    assert "No check has shown that" in said_of_the_forum(visitor)
    life(lambda one, _: one.take(life.prober.says([LEAK], kind="canary")))
    said = said_of_the_forum(visitor)
    assert "on hold. A check found words there" in said
    assert "keeps to what you chose" not in said
    life(lambda one, _: one.take(life.prober.says(ago=-3 * timedelta(minutes=1))), later=3)
    life(lambda one, _: one.resume(), later=4)
    assert "on hold" not in said_of_the_forum(visitor)


def test_a_forum_that_staff_put_on_hold_is_not_said_to_leak(visitor, forum, life):
    sets_community(forum, "observe")
    life(lambda one, _: one.suspend(Why.STAFF))
    said = said_of_the_forum(visitor)
    assert "This forum is on hold. For now" in said
    assert "found words" not in said
    assert "Nothing stops there yet" not in said


def test_who_chose_nothing_yet_reads_as_well_that_a_forum_has_ended(visitor, forum, life):
    sets_community(forum, "enforce")

    def over(one, session):
        one.end()
        end_platform(session, house().keyring, FORUM, now())

    life(over)
    said = said_of_the_forum(visitor)
    assert "This forum has ended." in said
    assert "keeps to what you chose" not in said


def test_an_announced_end_says_when_and_what_to_do_before(visitor, life):
    life(lambda one, _: one.announce_end(to_instant(datetime(2040, 1, 31, tzinfo=UTC))))
    said = said_of_the_forum(visitor)
    assert "stops working with us on 31 January 2040" in said
    assert visitor.page.find("a", string="Take a copy of everything")["href"] == "/my/copy"
