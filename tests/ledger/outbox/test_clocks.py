"""Clocks are set forward and back; no job rests for a year because of it, and none is done twice."""

import pytest

from governance.ledger.outbox import service
from governance.ledger.outbox.errors import LeaseLostError
from tests.ledger.outbox.conftest import HOUR, MINUTE, SECOND, START

YEAR = 365 * 24 * HOUR


@pytest.fixture
def one(office):
    office.does("k")
    office.wants(number=1)
    return office


def test_a_lease_taken_under_a_clock_a_year_ahead_does_not_hold_for_a_year(one):
    one.now = START + YEAR
    assert one.take() is not None
    one.now = START
    assert one.works() == 1
    assert one.done == [{"number": 1}]


def test_a_recurring_job_done_under_a_clock_a_year_ahead_comes_back(office):
    office.does("k")
    office.recurs("k", HOUR)
    office.now = START + YEAR
    office.works()
    assert office.row().due > START + YEAR
    office.now = START + MINUTE
    assert office.works() == 1
    assert office.row().due == START + MINUTE + HOUR


def test_a_failed_job_put_off_under_a_clock_a_year_ahead_comes_back(office):
    office.does("k", fail=ValueError)
    office.wants()
    office.now = START + YEAR
    office.works()
    office.now = START
    assert office.works() == 1


def test_a_job_meant_for_next_year_waits_for_it(office):
    office.does("k")
    office.wants(due=START + YEAR)
    assert office.works() == 0


@pytest.mark.parametrize("step", [-YEAR, -MINUTE, MINUTE, YEAR])
def test_a_step_while_a_job_is_in_hand_takes_it_from_nobody_who_still_holds_it(one, step):
    job = one.take()
    one.later(step)
    with one.writing() as session:
        service.prove(session, job)
        service.finish(session, job, one.now)
    assert one.works() == 0
    assert one.rows() == []


@pytest.mark.parametrize("step", [-YEAR, MINUTE, YEAR])
def test_who_was_overtaken_because_of_a_step_writes_nothing(one, step):
    job = one.take()
    one.later(step)
    assert one.take() is not None
    with pytest.raises(LeaseLostError), one.writing() as session:
        service.prove(session, job)


@pytest.mark.parametrize("now", [START - YEAR, START - 1, START, START + 90 * SECOND, START + YEAR])
def test_the_next_time_is_always_ahead_and_never_further_than_the_rhythm(now):
    due = service.next_due(START, MINUTE, now)
    assert now < due <= now + MINUTE
