"""Age bands, and the midnights at which they change. Pure: no tables, no clock."""

import calendar
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from governance.decision.vocabulary import Instant
from governance.errors import BadInputError
from governance.policy.views.desk import Calendar
from governance.ui.clock import to_datetime, to_instant

ADULT: Final = 18
_BEYOND_CALENDARS: Final = to_instant(datetime(9000, 1, 1, tzinfo=UTC))


class Band(StrEnum):
    """How old somebody is, as coarsely as it matters."""

    UNDER_13 = "under_13"
    FROM_13 = "13_to_15"
    FROM_16 = "16_to_17"
    ADULT = "adult"


class _Years(NamedTuple):
    first: int
    end: int
    """Half-open: the age with which the next band begins."""


_YEARS: Final = {
    Band.UNDER_13: _Years(0, 13),
    Band.FROM_13: _Years(13, 16),
    Band.FROM_16: _Years(16, ADULT),
    Band.ADULT: _Years(ADULT, 200),
}


def band_at(adult_from: int, zone: str, at: Instant) -> Band:
    """Return the band of somebody who turns 18 then."""
    return next(band for band, years in _YEARS.items() if at < turns(adult_from, years.end, zone))


def adult_from_of(band: Band, changes_on: date | None, zone: str, at: Instant) -> Instant:
    """Return when somebody turns 18 who leaves a band on a day, at local midnight.

    Without a day it is the latest that the band leaves open: nobody comes of age too early. Raises `BadInputError`
    for a day that cannot be.
    """
    today, years = to_datetime(at).astimezone(ZoneInfo(zone)).date(), _YEARS[band]
    if band is Band.ADULT:
        if changes_on is not None:
            raise BadInputError("somebody who is an adult changes band no more; leave out the day")
        return midnight(today, zone)
    latest = years_later(today, years.end - years.first)
    day = latest if changes_on is None else changes_on
    if not today < day <= latest:
        raise BadInputError(
            "the day on which the band changes must come after today, and no later than the band is long"
        )
    return midnight(years_later(day, ADULT - years.end), zone)


def turns(adult_from: int, years: int, zone: str) -> Instant:
    """Return when somebody reaches an age (whole years, at most 18) who turns 18 then, by the clock of a zone."""
    if adult_from >= _BEYOND_CALENDARS:
        # A restore that knows an age on one side alone says never.
        return Instant(adult_from)
    eighteenth = to_datetime(Instant(adult_from)).astimezone(ZoneInfo(zone))
    day = years_later(eighteenth.date(), years - ADULT)
    if adult_from == midnight(eighteenth.date(), zone):
        # Of a day without a midnight the clock shows one o'clock; another birthday has its own.
        return midnight(day, zone)
    return to_instant(eighteenth.replace(year=day.year, month=day.month, day=day.day))


def years_later(day: date, years: int) -> date:
    """Return the same day of another year; 29 February is 1 March where the year has no such day."""
    year = max(day.year + years, 1)
    if day.day > calendar.monthrange(year, day.month)[1]:
        return date(year, 3, 1)
    return day.replace(year=year)


def midnight(day: date, zone: str) -> Instant:
    """Return when a day begins by the clock of a zone; where no clock shows midnight, when it would have."""
    return to_instant(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)))


def next_working_day(at: Instant, staff: Calendar) -> Instant:
    """Return the end of the first day after a day on which staff work: neither of a weekend nor a holiday."""
    day = to_datetime(at).astimezone(ZoneInfo(staff.zone)).date() + timedelta(days=1)
    while day.isoweekday() in staff.weekend or day in staff.holidays:
        day += timedelta(days=1)
    return midnight(day + timedelta(days=1), staff.zone)
