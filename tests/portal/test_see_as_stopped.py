"""See as, on a forum that is stopped: the page says what a forum is told, why, and since when."""

import pytest

from governance.db.extension import transaction
from governance.decision.vocabulary import Action
from governance.effective.life.service import Life
from governance.effective.life.states import Why
from governance.identity.models import Platform
from governance.identity.service import platform_named
from governance.ui.clock import now, on_the_wall
from governance.ui.house import house
from tests.pdp.platforms.conftest import ADDRESS, LEAK, Prober
from tests.portal.test_see_as import lists, look
from tests.portal.test_web import sets_community
from tests.ui.visits import FORUM, acknowledge, choose, doctor, forum, nurse, visitor

__all__ = ["doctor", "forum", "nurse", "visitor"]
STOPPED = "nobody who is there as a health professional can do anything now"


@pytest.fixture
def life(forum):
    """Do something with the forum's life."""

    def act(what):
        with forum.app_context(), transaction() as session:
            platform = Platform.named(session, FORUM) or platform_named(session, FORUM)
            what(Life(session, house().keyring, platform.id, now()))

    return act


@pytest.fixture
def ana(visitor, nurse, forum):
    """She lets her nurse answer; one group of her forum enforces, another one tries it out."""
    sets_community(forum, "observe", "trial")
    acknowledge(visitor)
    choose(visitor, members=[nurse])
    sets_community(forum, "enforce")
    return visitor


def answers(visitor):
    """What stands under "They can" and "They cannot"."""
    return visitor.text[visitor.text.index("They can ") : visitor.text.index("What nobody can block")]


def leaks(life, tmp_path):
    prober = Prober(tmp_path)
    life(lambda one: one.note_probe(ADDRESS, prober.key))
    life(lambda one: one.take(prober.says([LEAK], kind="canary")))


def test_before_a_stop_the_nurse_can_read_and_after_it_nobody_can(ana, nurse, life, tmp_path):
    can, _ = lists(look(ana, nurse))
    assert can
    assert STOPPED not in ana.text
    assert "on hold" not in ana.text
    leaks(life, tmp_path)
    for whom in (nurse, "team", "other", "profession:nurse"):
        assert "They can Nothing." in look(ana, whom).text, whom
        assert ana.text.count(STOPPED) == len(Action) - 1
        assert "has been on hold since" in ana.text
        assert "A check found words there that should have been hidden." in ana.text


@pytest.mark.slow
def test_members_and_who_is_signed_out_look_as_before(ana, life):
    before = [answers(look(ana, whom)) for whom in ("member", "signed_out")]
    life(lambda one: one.suspend(Why.STAFF))
    assert [answers(look(ana, whom)) for whom in ("member", "signed_out")] == before
    assert "They can read your posts" in before[0]
    assert "has been on hold since" in ana.text
    assert "A check found words" not in ana.text


def test_a_group_that_observes_hides_all_while_its_forum_is_stopped(ana, nurse, life):
    named = {"whom": nurse, "group": "one", "community": "trial"}
    ana.get("/my/see-as").press("Who looks?", **named)
    assert "Professionals can see it all" in ana.text
    life(lambda one: one.suspend(Why.FORUM))
    ana.get("/my/see-as").press("Who looks?", **named)
    assert "Professionals can see it all" not in ana.text
    assert "They can Nothing." in ana.text


@pytest.mark.slow
def test_a_day_in_a_stop_says_that_the_forum_was_on_hold_then(ana, nurse, life):
    today = on_the_wall(now()).date().isoformat()
    asked = {"whom": nurse, "group": "informed", "day": today, "time": "23:59"}
    assert "was on hold then" not in ana.get("/my/see-as").press("Who looks?", **asked).text
    life(lambda one: one.suspend(Why.STAFF))
    ana.get("/my/see-as").press("Who looks?", **asked)
    assert "They could Nothing." in ana.text
    assert "t1d-forum was on hold then." in ana.text
    assert "could do anything then" in ana.text


@pytest.mark.slow
def test_a_forum_that_has_ended_is_said_to_have(ana, nurse, life):
    life(lambda one: one.end())
    assert "stopped working with us on" in look(ana, nurse).text
    assert "They can Nothing." in ana.text


@pytest.mark.slow
def test_what_follows_a_choice_is_not_promised_of_a_stopped_forum(ana, life, tmp_path):
    ana.get("/my/choices/saved")
    assert "In its other groups, it does." in ana.text
    leaks(life, tmp_path)
    for path in ("/my/choices/saved", "/my/choices"):
        ana.get(path)
        assert "has been on hold since" in ana.text, path
        assert "In its other groups, it does." not in ana.text
    ana.get("/my/choices")
