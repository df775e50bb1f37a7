"""When a span is over, by the days on which people work in one place; beyond what a calendar knows never later."""

import calendar as months
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from governance.decision.vocabulary import Instant
from governance.patients.ages.bands import midnight
from governance.policy.views.desk import Calendar, Span, Unit
from governance.ui.clock import to_datetime

_HOUR: Final = 3600 * 1_000_000
_MONTHS: Final = 12
_DAY: Final = timedelta(days=1)


def works_on(calendar: Calendar, day: date) -> bool:
    """Say whether people work on a day."""
    return day.isoweekday() not in calendar.weekend and day not in calendar.holidays


def due(start: Instant, span: Span, calendar: Calendar) -> Instant:
    """Return when a span is over that begins at an instant: hours to the second, all else with the end of its last day.

    The day of the beginning does not count. A day is a day of the calendar's place, of 23 or 25 hours twice a year.
    """
    if span.unit is Unit.HOURS:
        return Instant(start + span.amount * _HOUR)
    first = day_of(start, calendar)
    if span.unit is Unit.MONTHS:
        return _end_of(_months_after(first, span.amount), calendar)
    if span.unit is Unit.DAYS:
        return _end_of(first + span.amount * _DAY, calendar)
    return _end_of(_working_day_after(first, span.amount, calendar), calendar)


def after_pause(before: Instant, stood_still: int, span: Span, calendar: Calendar) -> Instant:
    """Return when a clock is due that stood still for so many microseconds: when a day of work ends, but for hours."""
    later = Instant(before + stood_still)
    if span.unit is Unit.HOURS:
        return later
    # The old end was a midnight: of the day before it, not of the one that begins.
    day = day_of(Instant(later - 1), calendar)
    while span.unit is Unit.WORKING_DAYS and not works_on(calendar, day):
        day += _DAY
    return _end_of(day, calendar)


def day_of(at: Instant, calendar: Calendar) -> date:
    """Return which day it is in the calendar's place."""
    return to_datetime(at).astimezone(ZoneInfo(calendar.zone)).date()


def _end_of(day: date, calendar: Calendar) -> Instant:
    return midnight(day + _DAY, calendar.zone)


def _working_day_after(day: date, many: int, calendar: Calendar) -> date:
    while many:
        day += _DAY
        many -= works_on(calendar, day)
    return day


def _months_after(day: date, many: int) -> date:
    year, month = divmod(day.month - 1 + many, _MONTHS)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, months.monthrange(year, month)[1]))
