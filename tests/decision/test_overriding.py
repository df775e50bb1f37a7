"""No capacity, badge, attestation or affiliation overrides a refusal, in any world drawn."""

import pytest

from governance.decision.decide import decide
from tests.decision.laws import first_breach
from tests.decision.overriding import OVERRIDING, nothing_overrides_a_refusal
from tests.decision.test_laws import COUNT, told
from tests.decision.worlds import worlds


@pytest.fixture(scope="module")
def sample():
    return list(worlds(seed=12, count=COUNT // 4))


def test_nothing_overrides_a_refusal(sample):
    breach = first_breach(nothing_overrides_a_refusal, decide, sample)
    assert breach is None, told(breach)


@pytest.mark.parametrize("name", OVERRIDING)
def test_a_decision_that_lets_something_override_one_is_caught(name, sample):
    assert first_breach(nothing_overrides_a_refusal, OVERRIDING[name], sample) is not None
