"""From which day a person decides without a guardian, worked out from the day they turn 18."""

import calendar
from datetime import datetime
from typing import Final

from governance.decision.vocabulary import Instant
from governance.ui.clock import to_datetime

_ADULT: Final = 18


def may_decide_alone(adult_from: int | None, consent_age: int, now: Instant) -> bool | None:
    """Say whether a person has reached the digital-consent age (whole years); None while nobody told us their age."""
    if adult_from is None:
        return None
    if adult_from <= now:
        return True
    return to_datetime(now) >= _years_before(to_datetime(Instant(adult_from)), max(0, _ADULT - consent_age))


def _years_before(day: datetime, years: int) -> datetime:
    year = day.year - years
    last = calendar.monthrange(year, day.month)[1]
    # Born on 29 February: a year older on 1 March, where the year has no such day.
    if day.day > last:
        return day.replace(year=year, month=3, day=1)
    return day.replace(year=year)
