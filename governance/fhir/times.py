"""Half-open spans of microseconds as FHIR's periods, whose end is inside; and how coarse a platform may know them."""

from datetime import UTC, datetime
from typing import Final

from governance.decision.provisions import ALWAYS, Interval
from governance.decision.vocabulary import BEGINNING, FOREVER, Instant
from governance.ui.clock import to_datetime, to_instant

_FIRST: Final = to_instant(datetime(1, 1, 1, tzinfo=UTC))
_LAST: Final = to_instant(datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC))
_HOUR: Final = 3_600 * 1_000_000
_DAY: Final = 24 * _HOUR


def moment(instant: Instant) -> str:
    """Return an instant as FHIR writes it, to the microsecond; what lies beyond its years is their first or last."""
    within = Instant(min(max(instant, _FIRST), _LAST))
    return to_datetime(within).isoformat(timespec="microseconds").replace("+00:00", "Z")


def period(span: Interval) -> dict[str, str]:
    """Return a span as a Period; a side without limit is left out.

    An end of FHIR is inside: ours is one microsecond later. A span without any time is the last microsecond of all.
    """
    if span.start >= span.end:
        return {"start": moment(FOREVER), "end": moment(FOREVER)}
    told = {}
    if span.start > _FIRST:
        told["start"] = moment(span.start)
    if span.end <= _LAST:
        told["end"] = moment(Instant(span.end - 1))
    return told


def day_of(instant: Instant) -> Instant:
    """Return when the day of an instant began (UTC)."""
    return Instant(instant - instant % _DAY)


def day(instant: Instant) -> str:
    """Return the day of an instant (UTC)."""
    return to_datetime(instant).date().isoformat()


def wider(span: Interval) -> Interval:
    """Return a span of whole hours around a span."""
    return Interval(_down(span.start), _up(span.end))


def tighter(span: Interval) -> Interval:
    """Return the whole hours within a span; it may be empty."""
    return Interval(_up(span.start), _down(span.end))


def begun(span: Interval, since: Instant) -> Interval:
    """Return a span without its start, if that is no later than an instant."""
    return span._replace(start=ALWAYS.start) if span.start <= since else span


def _down(instant: Instant) -> Instant:
    return instant if instant in (BEGINNING, FOREVER) else Instant(instant - instant % _HOUR)


def _up(instant: Instant) -> Instant:
    return instant if instant in (BEGINNING, FOREVER) else Instant(instant + -instant % _HOUR)
