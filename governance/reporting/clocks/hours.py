"""When somebody reads what comes in: by the hours that the desk publishes and the days on which it works."""

from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from governance.decision.vocabulary import Instant
from governance.policy.views.desk import SEVERITIES, DeskPolicy
from governance.reporting.clocks.calendars import day_of, due, works_on
from governance.ui.clock import to_instant

_DAY: Final = timedelta(days=1)
_LEAST: Final = "house.acknowledge"
"""The clock of our first answer, as long as it runs for what is least serious: nothing waits longer."""


class Reading(NamedTuple):
    """When the desk reads, seen from an instant."""

    zone: str
    until: Instant | None
    """Until when somebody reads today; none if nobody does now."""
    next: Instant
    """When somebody reads again: after a closed hour, or after today."""
    answer_by: Instant
    """By when a first answer is there at the latest: the end of a day."""


def reading_at(desk: DeskPolicy, at: Instant) -> Reading:
    """Return when the desk reads what came in at an instant."""
    calendar = desk.calendars[desk.calendar]
    opens, closes = (time.fromisoformat(said) for said in desk.hours)
    day = day_of(at, calendar)
    begins, ends = (_at(day, hour, calendar.zone) for hour in (opens, closes))
    until = ends if works_on(calendar, day) and begins <= at < ends else None
    while not works_on(calendar, day) or _at(day, opens, calendar.zone) <= at:
        day += _DAY
    answer_by = due(at, desk.clocks[_LEAST].span(SEVERITIES[0]), calendar)
    return Reading(calendar.zone, until, _at(day, opens, calendar.zone), answer_by)


def _at(day: date, hour: time, zone: str) -> Instant:
    return to_instant(datetime.combine(day, hour, tzinfo=ZoneInfo(zone)))
