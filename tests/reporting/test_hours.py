"""When somebody reads what comes in, as the form's first line says it: by hours, weekends, holidays, summer time."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from governance.policy.current import policies
from governance.policy.views.desk import DeskPolicy
from governance.reporting.clocks.hours import reading_at
from governance.ui.clock import to_datetime, to_instant
from tests.reporting.telling import opens_an_office, sends
from tests.ui.visits import Visitor, forum, stranger

__all__ = ["forum", "stranger"]
LONDON = ZoneInfo("Europe/London")
DESK = policies().desk


def read(desk, zone, *when):
    found = reading_at(desk, to_instant(datetime(*when, tzinfo=zone)))
    local = [None if at is None else to_datetime(at).astimezone(zone).strftime("%d %b %H:%M") for at in found[1:]]
    return tuple(local)


@pytest.mark.parametrize(
    ("now", "until", "again", "answer"),
    [
        ((2026, 11, 20, 8, 59), None, "20 Nov 09:00", "26 Nov 00:00"),  # Friday, before anybody came
        ((2026, 11, 20, 9, 0), "20 Nov 17:00", "23 Nov 09:00", "26 Nov 00:00"),
        ((2026, 11, 20, 16, 59), "20 Nov 17:00", "23 Nov 09:00", "26 Nov 00:00"),
        ((2026, 11, 20, 17, 0), None, "23 Nov 09:00", "26 Nov 00:00"),
        ((2026, 11, 22, 12, 0), None, "23 Nov 09:00", "26 Nov 00:00"),  # Sunday
        ((2026, 12, 24, 18, 0), None, "29 Dec 09:00", "01 Jan 00:00"),  # Christmas, a weekend, Boxing Day's Monday
        ((2026, 4, 2, 17, 0), None, "07 Apr 09:00", "10 Apr 00:00"),  # Easter
        ((2026, 3, 27, 23, 0), None, "30 Mar 09:00", "02 Apr 00:00"),  # summer time begins on the Sunday
    ],
)
def test_the_next_reading_follows_hours_weekends_holidays_and_summer_time(now, until, again, answer):
    assert read(DESK, LONDON, *now) == (until, again, answer)


def elsewhere(calendar, **hours):
    """A desk in another place, with hours of its own."""
    tables = DESK.record.tables
    desk = {**tables["desk"], "calendar": calendar, **hours}
    return DeskPolicy(replace(DESK.record, tables={**tables, "desk": desk}))


def test_another_place_has_its_own_clock_and_holidays():
    york = elsewhere("US", opens="08:00", closes="20:00")
    zone = ZoneInfo("America/New_York")
    assert read(york, zone, 2026, 11, 26, 12) == (None, "27 Nov 08:00", "02 Dec 00:00")  # Thanksgiving
    assert read(york, zone, 2026, 11, 25, 19) == ("25 Nov 20:00", "27 Nov 08:00", "02 Dec 00:00")


@pytest.fixture
def office(forum):
    return opens_an_office(forum)


def first_line(visitor):
    return visitor.get("/tell-us").page.select_one("h1 + p").get_text()


@pytest.mark.parametrize(
    ("when", "lang", "said"),
    [
        ((2026, 11, 22, 12), "en", "Nobody reads this before Monday 23 November 2026 at 09:00 (UK time)."),
        ((2026, 11, 23, 12), "en", "Today somebody reads what comes in until 17:00 (UK time)"),
        ((2026, 12, 24, 20), "es", "Nadie lee esto antes del martes 29 de diciembre de 2026, 09:00"),
        ((2026, 11, 23, 12), "es", "Hoy alguien lee lo que llega hasta las 17:00"),
    ],
)
def test_the_first_line_says_when_somebody_reads_and_then_whom_to_call(forum, stranger, when, lang, said):
    with time_machine.travel(datetime(*when, tzinfo=UTC), tick=False):
        opens_an_office(forum)
        stranger.client.get(f"/tell-us?lang={lang}")
        line = first_line(stranger)
        assert line.startswith(said)
        assert ("call for help first" if lang == "en" else "pedir ayuda") in line
        assert stranger.page.select_one("h1 + p + .box--calls")


@pytest.mark.usefixtures("office")
def test_another_place_is_named_by_its_zone(stranger, monkeypatch):
    monkeypatch.setattr(
        "governance.reporting.filing.reading.policies", lambda: type("P", (), {"desk": elsewhere("US")})
    )
    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=False):
        assert "Monday 23 November 2026 at 09:00 (America/New_York)" in first_line(stranger)


@pytest.mark.usefixtures("office")
def test_who_comes_back_reads_by_when_there_is_an_answer_and_that_it_is_late(forum, stranger):
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False) as clock:
        code = sends(stranger)
        assert "You get a first answer by 25 November 2026 at the latest." in reads_with(forum, code)
        clock.move_to(datetime(2026, 11, 26, 12, tzinfo=UTC))
        assert "should have come by 25 November 2026. We are late." in reads_with(forum, code)


def reads_with(app, code):
    return Visitor(app.test_client()).get("/answers").press("Open", go="open", code=code).text
