"""Every law of the decision holds in every world drawn, and catches a decision that breaks it."""

import pytest

from governance.decision.decide import decide
from tests.decision.broken import BROKEN_DECISIONS
from tests.decision.laws import LAWS, first_breach
from tests.decision.shrink import tell
from tests.decision.worlds import World, worlds


@pytest.fixture(scope="module")
def sample() -> list[World]:
    return list(worlds(seed=11, count=10_000))


@pytest.mark.parametrize("name", LAWS)
def test_the_law_holds(name, sample):
    breach = first_breach(LAWS[name], decide, sample)
    assert breach is None, f"{name}\n{tell(breach.before)}\n---\n{tell(breach.after)}"


def test_every_law_has_a_decision_that_breaks_it():
    assert LAWS.keys() == BROKEN_DECISIONS.keys()


@pytest.mark.parametrize(
    ("name", "number"), [(name, i) for name, all_ in BROKEN_DECISIONS.items() for i in range(len(all_))]
)
def test_the_law_catches_a_decision_that_breaks_it(name, number, sample):
    assert first_breach(LAWS[name], BROKEN_DECISIONS[name][number], sample) is not None
