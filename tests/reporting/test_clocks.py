"""The drill: a clock that stands where we put it, two zones, a holiday, summer time; every clock fires once."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from governance.decision.vocabulary import Instant
from governance.policy.current import policies
from governance.policy.views.desk import SEVERITIES, Span, Unit
from governance.reporting.clocks.calendars import after_pause, due, works_on
from governance.ui.clock import to_datetime, to_instant

LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
DESK = policies().desk
GB, US = DESK.calendars["GB"], DESK.calendars["US"]
DAY = 24 * 3600 * 1_000_000


def at(zone, *when):
    return to_instant(datetime(*when, tzinfo=zone))


def ends(start, amount, unit, calendar):
    """The last day of a span, as its place has it; a span ends with the midnight after it."""
    end = to_datetime(due(start, Span(amount, Unit(unit)), calendar)).astimezone(ZoneInfo(calendar.zone))
    assert (end.hour, end.minute) == (0, 0)
    return (end - timedelta(hours=1)).date()


@pytest.mark.parametrize(
    ("filed", "amount", "last"),
    [
        ((2026, 12, 23, 9), 1, date(2026, 12, 24)),
        ((2026, 12, 24, 23, 59), 1, date(2026, 12, 29)),  # Christmas, a weekend, and Boxing Day on the Monday
        ((2026, 12, 24, 9), 3, date(2026, 12, 31)),
        ((2026, 4, 2, 17), 1, date(2026, 4, 7)),  # Good Friday to Easter Monday
        ((2026, 5, 2, 12), 1, date(2026, 5, 5)),  # a Saturday before the May holiday
        ((2026, 3, 27, 23), 2, date(2026, 3, 31)),  # over the change to summer time
    ],
)
def test_working_days_know_holidays_and_weekends(filed, amount, last):
    assert ends(at(LONDON, *filed), amount, "working_days", GB) == last


def test_a_holiday_counts_where_it_is_one():
    eve = at(NEW_YORK, 2026, 11, 25, 12)
    assert ends(eve, 1, "working_days", US) == date(2026, 11, 27)  # after Thanksgiving
    assert ends(eve, 1, "working_days", GB) == date(2026, 11, 26)


def test_the_day_is_that_of_the_place():
    late = at(NEW_YORK, 2026, 6, 8, 22)  # in London it is the 9th by then
    assert ends(late, 1, "working_days", US) == date(2026, 6, 9)
    assert ends(late, 1, "working_days", GB) == date(2026, 6, 10)


def test_hours_run_through_nights_and_holidays():
    night = at(LONDON, 2026, 12, 25, 2)
    assert due(night, Span(4, Unit.HOURS), GB) == night + 4 * 3600 * 1_000_000
    before = at(LONDON, 2026, 10, 24, 12)  # the night has an hour more
    assert due(before, Span(72, Unit.HOURS), GB) - before == 3 * DAY


def test_a_month_ends_on_the_same_day_or_the_last_one():
    assert ends(at(LONDON, 2026, 11, 30, 9), 3, "months", GB) == date(2027, 2, 28)
    assert ends(at(LONDON, 2026, 10, 5, 9), 3, "months", GB) == date(2027, 1, 5)


def test_beyond_what_a_calendar_knows_a_clock_is_never_later():
    """The control: with the holidays of 2029 it would be later."""
    eve = at(LONDON, 2029, 12, 24, 9)
    assert GB.through < date(2029, 12, 24)
    assert ends(eve, 1, "working_days", GB) == date(2029, 12, 25)


def test_a_pause_adds_what_it_took_and_ends_on_a_day_of_work():
    span = Span(3, Unit.WORKING_DAYS)
    before = due(at(LONDON, 2026, 6, 8, 9), span, GB)  # the end of Thursday the 11th
    later = to_datetime(after_pause(before, 2 * DAY, span, GB)).astimezone(LONDON)
    assert later.date() == date(2026, 6, 16)  # Saturday is no day of work, so it is the end of Monday
    assert not works_on(GB, date(2026, 6, 13))
    assert works_on(GB, date(2026, 6, 15))


def test_the_more_serious_the_sooner():
    clock = DESK.clocks["house.acknowledge"]
    filed = at(LONDON, 2026, 6, 8, 9)
    ended = [due(filed, clock.span(severity), GB) for severity in SEVERITIES]
    assert ended == sorted(ended, reverse=True)
    assert ended[-1] == filed + 4 * 3600 * 1_000_000


@pytest.mark.parametrize("filed", [(2026, 12, 23, 22), (2026, 4, 2, 9), (2027, 12, 31, 23, 59)])
def test_no_clock_of_any_regime_is_due_before_it_starts(filed):
    for zone, calendar in ((LONDON, GB), (NEW_YORK, US)):
        start = at(zone, *filed)
        for clock in DESK.clocks.values():
            assert due(start, clock.usual, calendar) > start


def test_every_span_is_named_by_whoever_answers_for_it():
    assert all(regime.owner for regime in DESK.regimes.values())
    assert Instant(0) < due(Instant(0), Span(1, Unit.WORKING_DAYS), GB)
