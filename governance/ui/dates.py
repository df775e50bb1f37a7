"""Days and times as people write them, in the language of the page, saying by which clock."""

from datetime import date, datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from babel.core import get_global
from babel.dates import format_date, format_datetime, get_timezone_location
from flask import current_app, g, has_request_context
from flask_babel import gettext

from governance.decision.vocabulary import Instant
from governance.ui.clock import HERE, on_the_wall, to_datetime
from governance.ui.languages import page_language


class _Shapes(NamedTuple):
    """How a language writes them, as Unicode patterns (UTS #35)."""

    day: str
    moment: str
    day_and_time: str


_SHAPES: Final = {
    "en": _Shapes("d MMMM y", "d MMMM y 'at' HH:mm", "EEEE d MMMM y 'at' HH:mm"),
    "es": _Shapes("d 'de' MMMM 'de' y", "d 'de' MMMM 'de' y, HH:mm", "EEEE d 'de' MMMM 'de' y, HH:mm"),
}


READERS_ZONE: Final = "governance.readers_zone"
"""Under this name an app keeps what says where the person lives who reads this page, by an IANA name, if it knows."""


def readers_zone() -> str:
    """Return the zone by whose clock a page speaks: that of who reads it, if anybody told us of it."""
    if not has_request_context():
        return HERE
    found: str = g.get("readers_zone") or current_app.extensions.get(READERS_ZONE, str)() or HERE
    g.readers_zone = found
    return found


def only_zone(country: str) -> str:
    """Return the one zone of a country, by its two letters; empty where it has several, or none that we know."""
    zones: list[str] = get_global("territory_zones").get(country, [])
    return zones[0] if len(zones) == 1 else ""


def clock_name(zone: str = "") -> str:
    """Return how pages name a zone's clock: "UK time", "Mexico City time"; that of who reads, unless one is given."""
    zone = zone or readers_zone()
    if zone == HERE:
        return str(gettext("UK time"))
    place = get_timezone_location(zone, locale=page_language(), return_city=True)
    return str(gettext("%(place)s time", place=place))


def day(instant: Instant) -> str:
    """Return the day alone: "3 May 2026"."""
    return _written(instant, _SHAPES[page_language()].day)


def month(first: date) -> str:
    """Return a month: "December 2025"; `first`: any of its days."""
    written: str = format_date(first, "LLLL 'de' y" if page_language() == "es" else "LLLL y", locale=page_language())
    return written


def moment(instant: Instant) -> str:
    """Return an instant: "3 May 2026 at 15:04 (UK time)"."""
    return _by_the_clock(_written(instant, _SHAPES[page_language()].moment))


def moment_there(instant: Instant, zone: str) -> str:
    """Return an instant as clocks show it in a zone, by its IANA name: "3 May 2026 at 15:04 (Asia/Tokyo)"."""
    return f"{_said(_there(instant, zone), _SHAPES[page_language()].moment)} ({zone})"


def weekday_there(instant: Instant, zone: str) -> str:
    """Return the same with its day of the week; of the zone that the page speaks of, in words."""
    if zone == readers_zone():
        return day_and_time(instant)
    return f"{_said(_there(instant, zone), _SHAPES[page_language()].day_and_time)} ({zone})"


def time_there(instant: Instant, zone: str) -> str:
    """Return the time alone, as clocks show it in a zone."""
    return time_of_day(instant) if zone == readers_zone() else f"{_said(_there(instant, zone), 'HH:mm')} ({zone})"


def day_and_time(instant: Instant) -> str:
    """Return an instant with its day of the week: "Sunday 3 May 2026 at 15:04 (UK time)"."""
    return _by_the_clock(_written(instant, _SHAPES[page_language()].day_and_time))


def time_of_day(instant: Instant) -> str:
    """Return the time alone, for what is near: "15:04 (UK time)"."""
    return _by_the_clock(_written(instant, "HH:mm"))


def _there(instant: Instant, zone: str) -> datetime:
    return to_datetime(instant).astimezone(ZoneInfo(zone))


def _written(instant: Instant, shape: str) -> str:
    return _said(on_the_wall(instant, readers_zone()), shape)


def _said(at: datetime, shape: str) -> str:
    return format_datetime(at, shape, tzinfo=at.tzinfo, locale=page_language())


def _by_the_clock(time: str) -> str:
    return f"{time} ({clock_name()})"
