"""What comes again and again is one row: never two at once, never twice for what was missed, never dead."""

import pytest

from governance.ledger.outbox import service
from governance.ledger.outbox.errors import HopelessJobError
from tests.ledger.outbox.conftest import HOUR, MINUTE, SECOND, START


@pytest.fixture
def nightly(office):
    office.does("k")
    office.recurs("k", HOUR)
    return office


def test_asking_twice_makes_one_row_and_the_last_rhythm_counts(nightly):
    nightly.recurs("k", HOUR)
    nightly.recurs("k", MINUTE)
    assert nightly.row().every == MINUTE


def test_it_comes_again_in_its_rhythm_however_late_it_was_done(nightly):
    nightly.works()
    assert nightly.row().due == START + HOUR
    nightly.later(HOUR + 7 * MINUTE)
    assert nightly.works() == 1
    assert nightly.row().due == START + 2 * HOUR


def test_what_was_missed_is_done_once(nightly):
    nightly.later(100 * HOUR + MINUTE)
    assert nightly.works() == 1
    assert nightly.row().due == START + 101 * HOUR


def test_two_workers_never_hold_it_at_once(nightly):
    nightly.later(100 * HOUR)
    assert nightly.take() is not None
    assert nightly.take() is None


def test_it_never_dies_and_waits_no_longer_than_its_rhythm(office):
    office.chance = 1.0
    office.does("k", fail=HopelessJobError)
    office.recurs("k", 40 * SECOND)
    for _ in range(30):
        assert office.works() == 1
        assert office.row().due - office.now <= 40 * SECOND
        office.later(40 * SECOND)
    assert office.row().dead is None
    office.does("k")
    office.works()
    assert (office.row().tries, office.row().last_error) == (0, None)


def test_killing_every_worker_does_not_end_it(nightly):
    for _ in range(30):
        assert nightly.take() is not None
        nightly.later(service.LEASE)
    assert nightly.works() == 1
