"""From when to when a rule holds, in the patient's own zone: half-open spans in UTC, and no refusal ends early.

Twice a year a clock leaves an hour out or shows it twice, and an island may leave out a day. Where a time of day was
there twice or not at all, a span begins at the earlier of the two instants it could mean and ends at the later one.
"""

from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from governance.decision.provisions import Interval
from governance.decision.vocabulary import Instant
from governance.ui.clock import to_datetime, to_instant

TWO_WEEKS: Final = timedelta(days=14)
_DAY: Final = timedelta(days=1)
FIRST_YEAR: Final = 2020
LAST_YEAR: Final = 2100


@cache
def zones() -> tuple[str, ...]:
    """Return every zone by its IANA name, in order; not what stands for this machine's clock, or for none."""
    return tuple(sorted(available_timezones() - {"Factory", "localtime"}))


def span_of_days(zone: str, first: date, last: date) -> Interval:
    """Return the span of whole days in a zone, both of them inside."""
    return Interval(min(_readings(zone, first)), max(_readings(zone, last + _DAY)))


def two_weeks_from(zone: str, now: Instant) -> Interval:
    """Return the span from an instant to the same time of day two weeks later; never shorter than 14 times 24 hours."""
    here = to_datetime(now).astimezone(ZoneInfo(zone))
    later = here.replace(tzinfo=None) + TWO_WEEKS
    ends = [_instant(zone, later, fold) for fold in (0, 1)]
    return Interval(now, max(*ends, Instant(now + TWO_WEEKS // timedelta(microseconds=1))))


def _readings(zone: str, day: date) -> tuple[Instant, Instant]:
    """Return both instants that the midnight at which a day begins can mean; most often they are the same."""
    midnight = datetime.combine(day, time.min)
    return _instant(zone, midnight, 0), _instant(zone, midnight, 1)


def _instant(zone: str, moment: datetime, fold: int) -> Instant:
    return to_instant(moment.replace(tzinfo=ZoneInfo(zone), fold=fold))
