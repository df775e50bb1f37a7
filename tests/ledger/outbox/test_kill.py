"""kill -9 of one of two worker processes, again and again: every job's effect exactly once, none without its cause.

Two workers that are built wrongly show that this can fail.
"""

import os

import pytest

from tests.ledger.outbox.processes import Yard, in_two_transactions, ours, without_proof
from tests.marks import few

HUNTED = int(os.environ.get("HUNT_KILLS", "500"))


@pytest.fixture
def url(settings, app, both):
    """A database with every table, on SQLite and on PostgreSQL."""
    assert app
    assert both
    return settings.database_url


def survives(url, rounds):
    with Yard(url, ours) as yard:
        for number in range(rounds):
            yard.round(number)
        yard.drains()
        effects = yard.effects()
    assert len(yard.wanted) == rounds * 8
    assert effects.keys() == yard.wanted
    assert not effects.keys() & yard.unwanted
    assert set(effects.values()) == {1}


@pytest.mark.parametrize("rounds", few([5, 20]))
def test_killed_workers_lose_nothing_and_double_nothing(url, rounds):
    survives(url, rounds)


@pytest.mark.hunt
@pytest.mark.timeout(1_800)
def test_five_hundred_kills_lose_nothing_and_double_nothing(url):
    survives(url, HUNTED)


def doubles(yard, spoil):
    for _ in range(20):
        yard.wants()
        spoil()
        if max(yard.effects().values(), default=0) > 1:
            return True
    return False


@pytest.mark.slow
def test_without_the_proof_of_the_lease_a_stalled_worker_doubles_effects(url):
    with Yard(url, without_proof) as yard:
        assert doubles(yard, yard.stalls_one)


@pytest.mark.slow
def test_with_effect_and_completion_apart_a_killed_worker_doubles_effects(url):
    with Yard(url, in_two_transactions) as yard:
        assert doubles(yard, yard.kills_one_at_work)
