"""The only clock. Doors read it once per request and hand the instant down."""

import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall_time
from typing import Final
from zoneinfo import ZoneInfo

from governance.decision.vocabulary import BEGINNING, FOREVER, Instant

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HERE: Final = "Europe/London"
"""The zone of whoever nobody told us of where they live; pages name it (`ui/dates.py`)."""
_UNIT = timedelta(microseconds=1)


def now() -> Instant:
    """Return the present instant."""
    return Instant(time.time_ns() // 1_000)


def to_instant(moment: datetime) -> Instant:
    """Return the instant of an aware datetime; whole microseconds, no float between."""
    return Instant((moment - _EPOCH) // _UNIT)


def to_datetime(instant: Instant) -> datetime:
    """Return an instant as an aware datetime in UTC."""
    return _EPOCH + timedelta(microseconds=instant)


def in_utc(moment: datetime) -> str:
    """Return an aware datetime as programs read it (RFC 3339), in UTC. Raises `ValueError` for one without a zone."""
    if moment.tzinfo is None:
        # Taken for the zone of this machine it would be wrong by hours somewhere.
        raise ValueError("a time without a zone is none")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def in_iso(instant: Instant) -> str | None:
    """Return an instant as files for programs have it, in UTC; none for what has no begin or no end."""
    return None if instant in (BEGINNING, FOREVER) else in_utc(to_datetime(instant))


def in_iso_or_none(microseconds: int | None) -> str | None:
    """Return the same for an instant that may not have come yet."""
    return None if microseconds is None else in_iso(Instant(microseconds))


def to_the_second(microseconds: int) -> str:
    """Return an instant as commands print it: RFC 3339, in UTC, whole seconds."""
    return in_utc(to_datetime(Instant(microseconds)).replace(microsecond=0))


def on_the_wall(instant: Instant, zone: str = HERE) -> datetime:
    """Return an instant as clocks show it in a zone, by its IANA name, summer time and all."""
    return to_datetime(instant).astimezone(ZoneInfo(zone))


def from_the_wall(day: date, at: wall_time, zone: str = HERE) -> Instant:
    """Return the instant of a day and time in a zone; of an hour that comes twice, the first."""
    return to_instant(datetime.combine(day, at, tzinfo=ZoneInfo(zone)))


def day_on_the_wall(day: date, zone: str = HERE) -> tuple[Instant, Instant]:
    """Return when a day of a zone begins, and when the next one does."""
    begins = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    # Not 24 hours later: twice a year a day has 23 or 25.
    return to_instant(begins), to_instant(begins + timedelta(days=1))
