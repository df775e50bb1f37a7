"""Who could have seen posts of a forum that was on hold: when that was, and what it says it showed all the same."""

import pytest
import textstat

from governance.db.extension import transaction
from governance.decision.vocabulary import FOREVER, Action, Instant
from governance.effective.life.holds import hold_on, holds_since
from governance.effective.life.service import Life
from governance.effective.life.states import Why
from governance.effective.replicas.service import HEARD_FOR
from governance.identity.service import account_for, platform_named
from governance.ledger.decisions.service import Shown, write_shown
from governance.portal import onlookers as module
from governance.ui.clock import now
from governance.ui.house import house
from tests.forum import DAY
from tests.optout.wishes import prove
from tests.portal.test_onlookers import ask, found, lines, made, show, view, world
from tests.ui.spanish import in_spanish
from tests.ui.test_pages import sentences
from tests.ui.visits import FORUM, forum, nurse, visitor

__all__ = ["forum", "made", "nurse", "visitor", "world"]
PATH = "/my/could-have-seen"
SECOND = 1_000_000


def life(world):
    return Life(world.session, world.keyring, world.id, world.now)


def holds(world):
    life(world).suspend(Why.STAFF)
    world.session.flush()
    world.session.expire_all()


def goes_on(world):
    """As an end of a hold does it; reports of a probe are looked at elsewhere."""
    life(world)._gate(shut=False)
    world.session.flush()
    world.session.expire_all()


def test_while_a_forum_is_on_hold_nobody_could_have_seen_anything_that_it_asked_about(world):
    """The list is of what decisions let through, and the hold stands beside it."""
    holds(world)
    assert ask(world, view("nia"), view("dan")) == [(False, False)] * 2
    assert ask(world, view("nia", community="trial")) == [(False, False)]
    assert lines(world) == {}
    (hold,) = found(world).holds
    assert (hold.forum, hold.begun, hold.ended) == ("forum", world.now, None)


def test_the_time_that_is_over_is_told_with_its_end_and_later_answers_count_again(world):
    begun = world.now
    holds(world)
    world.later(days=1)
    goes_on(world)
    assert [(one.begun, one.ended) for one in found(world).holds] == [(begun, begun + DAY)]
    assert ask(world, view("nia")) == [(True, False)]
    assert lines(world) == {"Nia": (True, False)}
    assert not found(world).professionals[0].despite_hold


def test_a_hold_of_long_ago_is_told_no_more_than_what_else_was_then(world):
    holds(world)
    world.later(hours=1)
    goes_on(world)
    world.later(days=29)
    assert len(found(world).holds) == 1
    world.later(days=2)
    assert found(world).holds == ()


@pytest.mark.parametrize(("after", "flagged"), [(-1, False), (0, False), (HEARD_FOR - 1, False), (HEARD_FOR, True)])
def test_what_a_forum_says_it_showed_on_hold_stands_out_once_it_must_have_known(world, after, flagged):
    begun = world.now
    holds(world)
    world.later(hours=1)
    show(world, "nia", at=begun + after)
    (nia,) = found(world).professionals
    assert (nia.shown is not None, nia.despite_hold) == (True, flagged)


def test_what_it_showed_after_a_hold_does_not_stand_out_and_without_the_end_it_would(world, monkeypatch):
    begun = world.now
    holds(world)
    world.later(hours=1)
    goes_on(world)
    world.later(hours=1)
    show(world, "nia")
    assert not found(world).professionals[0].despite_hold
    monkeypatch.setattr(module, "_is_within", lambda at, _: at > begun)
    assert found(world).professionals[0].despite_hold


def test_a_member_is_no_more_known_for_a_hold(world):
    """Who is here as a patient has no line of their own, so nothing stands out in it."""
    begun = world.now
    holds(world)
    world.later(hours=1)
    show(world, "peer", at=begun + HEARD_FOR)
    assert found(world).professionals == ()
    assert found(world).members


def test_holds_are_read_from_what_decisions_were_taken_on(world):
    assert holds_since(world.session, world.keyring, world.id, Instant(0)) == ()
    assert hold_on(world.session, world.keyring, world.id) is None
    begun = world.now
    holds(world)
    # A second reason is no second hold.
    life(world).suspend(Why.LEAK)
    assert hold_on(world.session, world.keyring, world.id) is not None
    assert holds_since(world.session, world.keyring, world.id, Instant(0)) == ((begun, FOREVER),)


def test_a_row_that_another_hand_changed_keeps_nobody_from_the_page(world):
    show(world, "nia")
    holds(world)
    world.session.connection().exec_driver_sql("UPDATE effective_fragment SET mac = x'00' WHERE kind = 'platform'")
    world.session.expire_all()
    assert found(world).holds == ()
    assert lines(world) == {"Nia": (False, True)}


@pytest.fixture
def held(forum, visitor, nurse):
    """Ana's forum is on hold, and said a while later that it showed something."""
    prove(forum, visitor)
    with forum.app_context(), transaction() as session:
        platform = platform_named(session, FORUM)
        Life(session, house().keyring, platform.id, now()).suspend(Why.STAFF)
        ana = account_for(session, house().keyring, platform, "ana", now()).key
        later = Instant(now() + HEARD_FOR + SECOND)
        write_shown(session, house().keyring, platform.id, [Shown(ana, nurse, Action.VIEW, later)])
    return visitor


def test_the_page_says_both_and_is_easy_to_read(held):
    held.get(PATH)
    assert "t1d-forum has been on hold since" in held.text
    assert "Your forum was on hold then. We had told it to show them nothing." in held.text
    assert held.page.find("a", string="You can report it")["href"].startswith("/tell-us")
    assert textstat.flesch_kincaid_grade(sentences(held.page)) <= 6


def test_in_spanish_too(held):
    reader = in_spanish(held)
    assert "está en pausa" in reader.get(PATH).text
    assert reader.left == {}
