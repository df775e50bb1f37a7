"""Measures count at once, end by themselves or when lifted, and never open what a patient refused."""

import pytest

from governance.crypto.blind_index import place_key
from governance.decision.vocabulary import Action, Instant, Level
from governance.effective.errors import NoSuchMeasureError
from governance.effective.measures import LONGEST_VIEW, Measures
from governance.effective.models import GovernedAccount, Measure
from governance.effective.service import Register
from tests.forum import DAY


@pytest.fixture
def open_forum(forum):
    for name in ("nia", "dan"):
        forum.registers(name)
    forum.opens("c")
    for name in ("ana", "bea"):
        forum.acknowledges(name)
        forum.chooses(name, Level.SEEN, Level.SEEN, ["nia"])
    return forum


@pytest.fixture
def measures(open_forum):
    return lambda: Measures(open_forum.session, open_forum.keyring, open_forum.now)


def hcp(forum, name):
    return forum.session.get(GovernedAccount, forum.key(name)).hcp


def test_a_pair_block_refuses_one_account_about_one_patient(open_forum, measures):
    measures().block_pair(open_forum.patient("ana").id, open_forum.key("dan"), open_forum.now + DAY)
    assert not open_forum.permits("dan", "ana")
    assert open_forum.permits("dan", "bea")
    assert open_forum.permits("nia", "ana")


def test_an_hcp_wide_block_refuses_everywhere(open_forum, measures):
    measures().block_hcp(hcp(open_forum, "dan"), open_forum.now + DAY)
    assert not open_forum.permits("dan", "ana")
    assert not open_forum.permits("dan", "bea")
    assert open_forum.permits("nia", "bea")


@pytest.mark.parametrize("way", ["by itself", "lifted"])
def test_a_block_ends(open_forum, measures, way):
    taken = [
        measures().block_pair(open_forum.patient("ana").id, open_forum.key("dan"), open_forum.now + DAY),
        measures().block_hcp(hcp(open_forum, "dan"), open_forum.now + DAY),
    ]
    open_forum.later(hours=1)
    if way == "lifted":
        for measure in taken:
            measures().lift(measure.id)
    else:
        open_forum.later(days=1)
    assert open_forum.permits("dan", "ana")
    assert Measure.standing(open_forum.session, open_forum.now) == []


def test_a_block_that_was_lifted_or_never_was_cannot_be_lifted(open_forum, measures):
    taken = measures().block_hcp(hcp(open_forum, "dan"), open_forum.now + DAY)
    measures().lift(taken.id)
    for gone in (taken.id, open_forum.id):
        with pytest.raises(NoSuchMeasureError):
            measures().lift(gone)


def test_of_two_equal_blocks_lifting_one_leaves_the_other(open_forum, measures):
    """Two officers may act on two cases in the same microsecond."""
    ana, dan = open_forum.patient("ana").id, open_forum.key("dan")
    one, _ = (measures().block_pair(ana, dan, open_forum.now + DAY) for _ in range(2))
    measures().lift(one.id)
    assert not open_forum.permits("dan", "ana")


def agreed(forum, name):
    """Somebody said beforehand that a professional may read in an emergency."""
    yes = {"emergency_yes_since": int(forum.now)}
    Register(forum.session, forum.keyring, forum.now).put("patient", str(forum.patient(name).id), "emergency", yes)


def test_an_emergency_view_opens_one_thread_for_a_day_to_one_professional(open_forum, measures):
    open_forum.hides("ana")
    agreed(open_forum, "ana")
    open_forum.later(hours=1)
    thread = place_key(open_forum.keyring, open_forum.id, "thread", "t")
    measures().view_in_emergency(hcp(open_forum, "dan"), open_forum.id, thread)
    assert open_forum.permits("dan", "ana")
    assert not open_forum.permits("dan", "ana", thread="t-2")
    assert not open_forum.permits("nia", "ana")
    assert not open_forum.permits("dan", "ana", "reply")
    open_forum.now = Instant(open_forum.now + LONGEST_VIEW)
    assert not open_forum.permits("dan", "ana")


def test_an_emergency_view_opens_nothing_of_who_did_not_agree(open_forum, measures):
    open_forum.hides("bea")
    measures().view_in_emergency(
        hcp(open_forum, "dan"), open_forum.id, place_key(open_forum.keyring, open_forum.id, "thread", "t")
    )
    assert not open_forum.permits("dan", "bea")


def cases(forum, name):
    return Register(forum.session, forum.keyring, forum.now).document("hcp", hcp(forum, name)).cases


def test_a_closed_action_is_closed_and_no_other(open_forum, measures):
    until, dan = Instant(open_forum.now + DAY), hcp(open_forum, "dan")
    closed = measures().close_action(dan, Action.VIEW, until)
    assert not open_forum.permits("dan", "ana")
    measures().lift(closed.id)
    assert open_forum.permits("dan", "ana")
    measures().close_action(dan, Action.REPLY, until)
    assert open_forum.permits("dan", "ana")


def test_a_measure_stops_a_start_for_its_time_and_no_longer(open_forum, measures):
    taken = measures().block_hcp(hcp(open_forum, "dan"), Instant(open_forum.now + DAY))
    assert cases(open_forum, "dan") == ((taken.since, taken.since + DAY),)
    open_forum.later(hours=1)
    measures().lift(taken.id)
    assert cases(open_forum, "dan") == ((taken.since, open_forum.now),)


@pytest.mark.slow
def test_what_a_restore_left_without_a_line_gets_one_and_can_be_lifted(open_forum, measures):
    dan = hcp(open_forum, "dan")
    measures().close_action(dan, Action.VIEW, Instant(open_forum.now + DAY))
    measures().block_hcp(dan, Instant(open_forum.now + DAY))
    open_forum.session.query(Measure).delete()
    measures().list_again("hcp", dan)
    for one in Measure.standing(open_forum.session, open_forum.now):
        measures().lift(one.id)
    assert open_forum.permits("dan", "ana")
