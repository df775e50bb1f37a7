"""The only clock. Doors read it once per request and hand the instant down."""

import time
from datetime import UTC, datetime, timedelta

from governance.decision.vocabulary import Instant

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
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
