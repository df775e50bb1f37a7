"""Everything that can be done to a patient's choices, in any order, over HTTP, with the oracle at its side.

`pytest -m hunt tests/machine` asks 200,000 times, half of them on each database; `HUNT_REQUESTS` asks for another
number, `HUNT_SEED` for walks from another seed on. Each walk is a test of its own, and goes the same way each time: a
hunt that was stopped goes on with the next seed, and `HUNT_SEED=1004 HUNT_REQUESTS=4000` walks 1004 alone, on both. A
walk that fails says its seed, and tells its last steps.
"""

import os

import pytest

from tests.machine.broken import VARIANTS
from tests.machine.walk import STEPS, Walk
from tests.marks import few

pytestmark = pytest.mark.timeout(1_800)
A_WALK = 2_000
"""Requests in one world; a longer hunt goes through many of them."""
HUNTED, SEED = int(os.environ.get("HUNT_REQUESTS", "200000")), int(os.environ.get("HUNT_SEED", "1000"))


def goes(settings, seed, each, steps=STEPS):
    walk = Walk(settings, seed)
    walk.goes(A_WALK, steps, each)
    assert walk.machine.world.requests >= A_WALK
    assert 0 < walk.machine.permitted < walk.machine.decisions


def test_two_thousand_requests_find_no_disagreement(settings):
    goes(settings, seed=4, each=30)


@pytest.mark.slow
@pytest.mark.usefixtures("both")
def test_two_thousand_requests_find_none_on_either_database(settings):
    goes(settings, seed=2, each=8)


@pytest.mark.hunt
@pytest.mark.usefixtures("both")
@pytest.mark.parametrize("seed", range(SEED, SEED + max(1, HUNTED // 2 // A_WALK)))
def test_two_hundred_thousand_requests_find_no_disagreement(settings, seed):
    goes(settings, seed, each=8)


@pytest.mark.parametrize("breaks", few(VARIANTS))
def test_the_machine_finds_a_service_that(settings, monkeypatch, breaks):
    """The controls: each within the requests of a plain walk."""
    breaks(monkeypatch)
    often = {step: weight * (20 if step.__name__ in VARIANTS[breaks] else 1) for step, weight in STEPS.items()}
    with pytest.raises(AssertionError):
        goes(settings, seed=3, each=6, steps=often)
