"""When somebody reads what is told us, in the words of the pages: from the desk's hours, days off and clocks."""

from typing import NamedTuple

from flask_babel import gettext

from governance.decision.vocabulary import Instant
from governance.policy.current import policies
from governance.reporting.clocks.hours import reading_at
from governance.ui.dates import day, time_there, weekday_there


class WhenRead(NamedTuple):
    """What a page says of it."""

    first: str
    """For the first line."""
    answer: str
    """By when there is a first answer."""


def when_read(at: Instant, told: Instant | None = None) -> WhenRead:
    """Say when somebody reads, and by when there is an answer to what was `told` then, or is told `at` this instant."""
    desk = policies().desk
    reading = reading_at(desk, at)
    if reading.until is None:
        first = gettext("Nobody reads this before %(when)s.", when=weekday_there(reading.next, reading.zone))
    else:
        first = gettext(
            "Today somebody reads what comes in until %(time)s, but nobody reads it at once.",
            time=time_there(reading.until, reading.zone),
        )
    by = reading_at(desk, told or at).answer_by
    last = day(Instant(by - 1))
    if by <= at:
        return WhenRead(first, gettext("A first answer should have come by %(day)s. We are late.", day=last))
    return WhenRead(first, gettext("You get a first answer by %(day)s at the latest.", day=last))
