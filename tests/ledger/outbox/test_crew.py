"""Workers of one process: they hold what takes long, finish what is in hand, give back what takes too long."""

import time
from dataclasses import replace
from threading import Event

import pytest

from governance.ledger.outbox import worker
from governance.ledger.outbox.crew import Crew
from governance.ledger.outbox.handlers import Recurring
from tests.ledger.outbox.conftest import HOUR, SECOND

LEASE = 900_000
"""It is renewed three times in that: on a machine that is busy a keeper may come half a second late."""


def until(holds, seconds=20):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture
def running(office):
    """Start crews whose clock runs; they are stopped in the end."""
    crews = []
    begun, go_on = Event(), Event()

    def slowly(work):
        begun.set()
        assert go_on.wait(20)
        return lambda _session: office.done.append(work.tries)

    def start(workers=1, recurring=(), lease=LEASE):
        crew = Crew(replace(office.tools, clock=lambda: time.time_ns() // 1_000, lease=lease), workers)
        crew.start(recurring)
        crews.append(crew)
        return crew

    office.handlers["slow"] = slowly
    office.start, office.begun, office.go_on = start, begun, go_on
    yield office
    go_on.set()
    for crew in crews:
        crew.stop()


def test_a_crew_does_everything_once(running):
    running.does("k")
    wanted = [running.wants(due=0, number=number) for number in range(12)]
    running.start(3)
    running.start(2)
    until(lambda: not running.rows())
    assert sorted(done["number"] for done in running.done) == list(range(len(wanted)))


def test_a_handler_that_takes_longer_than_its_lease_keeps_it(running):
    running.wants("slow", due=0)
    running.start(1)
    assert running.begun.wait(20)
    running.start(1)
    time.sleep(3 * LEASE / SECOND)
    running.go_on.set()
    until(lambda: not running.rows())
    assert running.done == [1]


def test_a_stop_waits_for_what_is_in_hand_and_begins_nothing_more(running):
    running.wants("slow", due=0)
    running.wants("slow", due=1)
    crew = running.start(1)
    assert running.begun.wait(20)
    running.go_on.set()
    assert crew.stop()
    assert len(running.done) + len(running.rows()) == 2
    assert all(row.lease_token is None for row in running.rows())


def test_what_is_not_finished_in_time_is_given_back_and_done_by_another_once(running):
    running.wants("slow", due=0)
    crew = running.start(1, lease=HOUR)
    assert running.begun.wait(20)
    assert not crew.stop(grace=0.1)
    assert (running.row().lease_token, running.row().tries) == (None, 0)
    running.start(1)
    running.go_on.set()
    until(lambda: not running.rows())
    time.sleep(0.2)
    assert running.done == [1]


def test_two_crews_that_start_make_one_row_of_what_recurs(running):
    running.does("k")
    for _ in range(2):
        running.start(1, [Recurring("k", HOUR)])
    until(lambda: running.done)
    time.sleep(0.2)
    assert (len(running.rows()), len(running.done)) == (1, 1)


def test_a_rhythm_longer_than_a_day_is_refused(office):
    with pytest.raises(ValueError, match="once a day"):
        Crew(office.tools, 1).start([Recurring("k", 25 * HOUR)])


def test_a_database_that_is_away_for_a_moment_ends_no_worker(office, monkeypatch):
    failures = iter([ConnectionError, TimeoutError])

    def reading():
        for failure in failures:
            raise failure
        return office.looking()

    monkeypatch.setattr(worker, "PAUSE_SECONDS", 0.01)
    office.does("k")
    office.wants(due=0, number=1)
    crew = Crew(replace(office.tools, reading=reading), 1)
    crew.start()
    until(lambda: office.done)
    assert crew.stop()
    assert next(failures, None) is None
