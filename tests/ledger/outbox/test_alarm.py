"""When work is left undone somebody is told, once an hour, and scripts can see it."""

import pytest
from structlog.testing import capture_logs

from governance.ledger.outbox import alarm
from governance.ledger.outbox.crew import Crew
from governance.ledger.outbox.errors import HopelessJobError
from tests.ledger.outbox.conftest import HOUR, MINUTE, START


def look(office):
    """What the keeper of a crew does now and then; return what was told."""
    with capture_logs() as lines:
        Crew(office.tools, 1)._look()
    return [line for line in lines if line["log_level"] == "critical"]


@pytest.fixture
def failing(office):
    """Since the start every mail fails."""
    office.does("mail", fail=ConnectionError)
    office.wants("mail", to="ana@example.org")
    office.works()
    return office


def test_an_idle_outbox_is_well_and_says_so(office):
    assert office.condition().is_well
    assert look(office) == []


def test_a_short_failure_is_nobodys_business(failing):
    failing.later(alarm.PATIENCE - 1)
    failing.works()
    assert failing.condition().is_well


def test_after_a_quarter_of_an_hour_somebody_is_told(failing):
    failing.later(alarm.PATIENCE)
    failing.works()
    assert failing.condition().failing == {"mail": START}
    (told,) = look(failing)
    assert (told["kind"], told["failing"], told["dead"]) == ("mail", True, 0)
    assert "ana" not in str(told)


def test_told_once_an_hour_by_one_worker_alone(failing):
    failing.later(alarm.PATIENCE)
    assert [len(look(failing)) for _ in range(3)] == [1, 0, 0]
    failing.later(HOUR - 1)
    assert look(failing) == []
    failing.later(1)
    assert len(look(failing)) == 1


def test_one_success_ends_the_failure(failing):
    failing.later(alarm.PATIENCE)
    failing.does("mail")
    failing.works()
    assert failing.condition().is_well


def test_a_dead_letter_is_told_at_once_and_does_not_speak_for_its_kind(office):
    office.does("k", fail=HopelessJobError)
    office.wants()
    office.works()
    assert (office.condition().dead, office.condition().failing) == ({"k": 1}, {})
    assert len(look(office)) == 1


def test_work_that_nobody_takes_is_told(office):
    office.wants("unknown")
    office.later(15 * MINUTE)
    assert office.condition().overdue == {"unknown"}
    assert len(look(office)) == 1


def test_an_alarm_from_a_clock_that_was_ahead_does_not_silence_the_next(failing):
    failing.later(365 * 24 * HOUR)
    assert len(look(failing)) == 1
    failing.now = START + alarm.PATIENCE
    assert len(look(failing)) == 1
