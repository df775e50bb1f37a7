"""A level says something about every action a patient chooses about, and nothing about moderation."""

from itertools import pairwise

import pytest

from governance.decision.facts import TeamEntry
from governance.decision.levels import CHOSEN_ACTIONS, EXTRAS, LEVELS, provisions_of_level
from governance.decision.loosens import loosens
from governance.decision.provisions import CARE_TEAM, OTHERS
from governance.decision.vocabulary import Action, Contact, Effect, Level
from tests.decision.lines import NURSE, patient


def said(level, contact, extras=frozenset()):
    """Tell what the lines say of each action, where the patient wrote first and where not."""
    lines = provisions_of_level(level, OTHERS, name="mine", extras=extras)
    return [
        (line.effect, action) for line in lines if line.contact in (Contact.ANY, contact) for action in line.actions
    ]


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("contact", [Contact.AFTER, Contact.BEFORE])
@pytest.mark.parametrize("extras", [frozenset(), EXTRAS])
def test_every_chosen_action_is_permitted_or_refused_once(level, contact, extras):
    found = said(level, contact, extras)
    assert sorted(action for _, action in found) == sorted(CHOSEN_ACTIONS)
    assert Action.MODERATE not in CHOSEN_ACTIONS


def test_each_level_holds_all_of_the_one_before_and_something_more():
    assert list(LEVELS) == list(Level)
    assert all(lower < higher for lower, higher in pairwise(LEVELS.values()))


@pytest.mark.parametrize("who", [OTHERS, CARE_TEAM])
@pytest.mark.parametrize(("lower", "higher"), list(pairwise(Level)))
def test_a_level_up_is_a_loosening_and_a_level_down_is_none(who, lower, higher):
    team = (TeamEntry(NURSE),)
    one, other = (patient(*provisions_of_level(x, who, name="mine"), care_team=team) for x in (lower, higher))
    assert loosens(one, other) is not None
    assert loosens(other, one) is None


@pytest.mark.parametrize("extra", sorted(EXTRAS))
def test_an_extra_is_a_loosening_of_its_own(extra):
    plain = provisions_of_level(Level.SEEN, OTHERS, name="mine")
    more = provisions_of_level(Level.SEEN, OTHERS, name="mine", extras=frozenset({extra}))
    witness = loosens(patient(*plain), patient(*more))
    assert witness is not None
    assert witness.action is Action(extra)
    assert loosens(patient(*more), patient(*plain)) is None


def test_only_messages_depend_on_who_wrote_first():
    lines = provisions_of_level(Level.PART_OF_CARE, CARE_TEAM, name="mine", extras=EXTRAS)
    limited = {(line.effect, line.contact): line.actions for line in lines if line.contact is not Contact.ANY}
    messages = frozenset({Action.MESSAGE})
    assert limited == {(Effect.PERMIT, Contact.AFTER): messages, (Effect.REFUSE, Contact.BEFORE): messages}
