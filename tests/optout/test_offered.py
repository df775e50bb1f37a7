"""Less is on offer than when it was picked, because somebody is younger than was said: no press fails for that."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.decision.levels import LEVELS
from governance.decision.provisions import WhoKind
from governance.decision.vocabulary import Action, Level
from governance.optout.choices import Choices, as_offered, is_offered, levels_for_others
from governance.optout.own.rules import Rule, Scope
from tests.optout.test_web import in_force, picked
from tests.optout.wishes import grow_up, prove
from tests.ui.visits import acknowledge, choose, doctor, forum, nurse, visitor

__all__ = ["doctor", "forum", "nurse", "visitor"]


@pytest.fixture
def ana(visitor, forum, nurse):
    """She was an adult by all we knew, and let everybody write back; now her forum says that she is 17."""
    acknowledge(visitor)
    grow_up(forum)
    choose(visitor, "answered", "in_touch", [nurse])
    grow_up(forum, 17)
    assert in_force(forum).others is Level.IN_TOUCH
    prove(forum, visitor)
    return visitor


def test_who_is_younger_than_was_said_can_stop_hiding(ana, forum):
    ana.get("/my/choices").press("Hide me from everyone").follow("Stop hiding me")
    assert ana.press("Stop hiding me").path == "/my/waiting"
    assert (in_force(forum).others, in_force(forum).hold) == (Level.ANSWERED, True)


def test_who_is_younger_than_was_said_can_refuse_somebody_at_once(ana, forum, doctor):
    ana.get("/choices/person")
    ana.answers("/choices/person", who=doctor, level="closed")
    ana.get("/choices/check").press("Save my choices")
    assert ana.path == "/my/choices/saved"
    assert [one.account for one in in_force(forum).named] == [doctor]
    assert in_force(forum).others is Level.ANSWERED


def test_the_question_has_what_counts_picked(ana):
    assert picked(ana.get("/choices/others")) == ["answered"]


def test_answers_given_before_we_knew_save_as_far_as_they_are_on_offer(visitor, forum):
    acknowledge(visitor)
    grow_up(forum)
    visitor.get("/choices/care-team")
    for page, answers in (("care-team", {"level": "answered"}), ("others", {"level": "in_touch"}), ("team", {})):
        visitor.answers(f"/choices/{page}", **answers)
    grow_up(forum, 17)
    visitor.get("/choices/check").press("Save my choices")
    assert in_force(forum).others is Level.ANSWERED


RULES = st.builds(
    lambda who, level: Rule.picked(Scope(who, "nurse" if who is WhoKind.PROFESSION else ""), level),
    st.sampled_from([WhoKind.PROFESSION, WhoKind.CARE_TEAM, WhoKind.OTHERS, WhoKind.NAMED]),
    st.sampled_from(list(Level)),
)
EXTRAS = st.frozensets(st.sampled_from([Action.LOOK_UP, Action.CONNECT, Action.QUOTE, Action.RESEARCH]))
PICKS = st.builds(
    Choices,
    care_team=st.sampled_from(list(Level)),
    others=st.sampled_from(levels_for_others(adult=True)),
    care_team_extras=EXTRAS,
    others_extras=EXTRAS,
    rules=st.lists(RULES, unique_by=lambda one: one.scope).map(frozenset),
    peers=st.booleans(),
)


@given(pick=PICKS, adult=st.booleans())
def test_what_is_left_is_on_offer_and_is_never_more(pick, adult):
    left = as_offered(pick, adult=adult)
    assert is_offered(left, adult=adult)
    assert (left == pick) is is_offered(pick, adult=adult)
    assert left.opened <= pick.opened
    assert all(LEVELS[left.about(rule.scope.code).level] <= LEVELS[rule.level] for rule in pick.rules)
