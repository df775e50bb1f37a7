"""How long to wait before the next try, and when to give up."""

from typing import Final

from governance.decision.vocabulary import Instant
from governance.ledger.outbox.backoff import HOUR, SECOND, Chance

GIVEN_UP_AFTER: Final = 24 * HOUR
_WAITS: Final = (5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400)
"""Seconds after the first failure in a row, the second one and so on; after more it stays at the last."""


def wait_after(failures: int, chance: Chance) -> int:
    """Return microseconds that an event waits after so many failures: half of the step to all of it."""
    longest = _WAITS[min(max(failures, 1), len(_WAITS)) - 1] * SECOND
    # Not from nothing on: what just failed would be asked again at once.
    return int(longest * (1 + chance()) / 2)


def rest_after(failures: int, chance: Chance, asked: int = 0) -> int:
    """Return microseconds that an address rests after so many failures in a row, whatever else waits for it.

    It doubles: a receiver that fails two times out of five must still get thousands of events within a day.
    """
    longest = min(5 << min(max(failures, 1) - 1, 16), 3_600) * SECOND
    return max(int(longest * (1 + chance()) / 2), asked * SECOND)


def due_after(begun: int, now: Instant, wait: int) -> int | None:
    """Return when an event is tried next, the last time as its 24 hours end; none when it is given up."""
    last = begun + GIVEN_UP_AFTER
    return None if now >= last else min(now + wait, last)
