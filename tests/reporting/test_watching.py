"""Where nobody could read a report somebody is told: by the check, at the start, and by the worker every hour."""

from contextlib import contextmanager
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from governance.config.check import State
from governance.decision.vocabulary import Instant
from governance.reporting.cli import check_readers
from governance.reporting.keeping.service import revoke
from governance.reporting.vaults.duty import name_contact
from governance.reporting.vaults.jobs import watching_handler
from tests.forum import DAY
from tests.reporting.office import Office


@pytest.fixture
def office(forum):
    return Office(forum)


def checked(office, settings, monkeypatch):
    office.session.commit()
    monkeypatch.setattr("governance.reporting.cli.now", lambda: office.forum.now)
    return {found.name: (found.state, found.what) for found in check_readers(settings)}


def logged(office):
    @contextmanager
    def reading():
        yield office.session

    with capture_logs() as logs:
        watching_handler(reading, lambda: office.forum.now)(None)
    return {line["event"]: line for line in logs}


def test_an_empty_desk_is_a_warning_and_a_full_one_is_none(office, settings, monkeypatch):
    found = checked(office, settings, monkeypatch)
    assert [state for state, _ in found.values()] == [State.WARNING, State.OK, State.WARNING]
    assert "forum" in found["reports"][1]
    office.opens()
    name_contact(office.work, "Ines Out", "ines@safe.example")
    assert {state for state, _ in checked(office, settings, monkeypatch).values()} == {State.OK}
    assert logged(office) == {}


def test_reports_that_too_few_can_read_are_counted(office, settings, monkeypatch):
    filed = office.opens().files()
    revoke(office.work, filed.report_id, office.vaults["oda"].staff_id)
    assert "1 can be read by fewer than two" in checked(office, settings, monkeypatch)["reports/readers"][1]
    line = logged(office)["reports_have_too_few_readers"]
    assert (line["one"], line["none"]) == (1, 0)
    assert str(filed.report_id) not in str(line)


def test_passphrases_that_nobody_typed_for_a_month_are_said_to_be(office):
    office.opens()
    office.forum.now = Instant(office.forum.now + 40 * DAY)
    assert logged(office)["reports_cannot_be_taken"]["places"] == 2


def test_a_database_that_does_not_answer_is_another_lines_to_say(settings):
    assert list(check_readers(replace(settings, database_url="sqlite:////nowhere/x.db"))) == []
