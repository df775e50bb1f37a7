"""Every law of the decision holds in every world drawn, and catches a decision that breaks it."""

import os

import pytest

from governance.decision.decide import decide
from governance.decision.vocabulary import Reason
from tests.decision.broken import BROKEN_DECISIONS, decide_after_a_look, let_through_what_is_broken
from tests.decision.laws import LAWS, Breach, first_breach
from tests.decision.shrink import tell
from tests.decision.spoil import ESSENTIAL, never_raises, permits_without
from tests.decision.worlds import World, worlds

COUNT = int(os.environ.get("WORLDS", "100000")) // 10
BROKEN = [(name, number) for name, decisions in BROKEN_DECISIONS.items() for number in range(len(decisions))]


@pytest.fixture(scope="module")
def sample() -> list[World]:
    return list(worlds(seed=11, count=COUNT))


@pytest.fixture(scope="module")
def permitted(sample) -> list[World]:
    return [world for world in sample if decide(*world).reason is Reason.PERMITTED]


def told(breach: Breach | None) -> str:
    return "" if breach is None else f"\n{tell(breach.before)}\n---\n{tell(breach.after)}"


@pytest.mark.parametrize("name", LAWS)
def test_the_law_holds(name, sample):
    breach = first_breach(LAWS[name], decide, sample)
    assert breach is None, told(breach)


def test_every_law_has_a_decision_that_breaks_it():
    assert LAWS.keys() == BROKEN_DECISIONS.keys()


@pytest.mark.parametrize(("name", "number"), BROKEN)
def test_the_law_catches_a_decision_that_breaks_it(name, number, sample):
    assert first_breach(LAWS[name], BROKEN_DECISIONS[name][number], sample) is not None


def test_the_decision_never_raises(sample):
    breach = first_breach(never_raises, decide, sample)
    assert breach is None, repr(breach)


def test_a_decision_that_raises_is_caught(sample):
    assert first_breach(never_raises, decide_after_a_look, sample) is not None


@pytest.mark.parametrize("name", ESSENTIAL)
def test_the_decision_refuses_without_what_it_needs(name, permitted):
    assert not any(permits_without(decide, name, world) for world in permitted)


@pytest.mark.parametrize("name", ESSENTIAL)
def test_a_decision_that_permits_what_is_broken_is_caught(name, permitted):
    assert any(permits_without(let_through_what_is_broken, name, world) for world in permitted)
