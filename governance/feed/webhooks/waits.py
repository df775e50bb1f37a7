"""How long to wait before the next try, and when to give up."""

from typing import Final

from governance.decision.vocabulary import Instant
from governance.ledger.outbox.backoff import HOUR, SECOND, Chance

GIVEN_UP_AFTER: Final = 24 * HOUR
_WAITS: Final = (5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400)
"""Seconds after the first failure in a row, the second one and so on; after more it stays at the last."""


def wait_after(failures: int, chance: Chance, asked: int = 0) -> int:
    """Return microseconds to wait after so many failures in a row: half of the step to all of it, or as asked for."""
    longest = _WAITS[min(max(failures, 1), len(_WAITS)) - 1] * SECOND
    # Not from nothing on: what just failed would be asked again at once.
    return max(int(longest * (1 + chance()) / 2), asked * SECOND)


def due_after(begun: int, now: Instant, wait: int) -> int | None:
    """Return when an event is tried next, the last time as its 24 hours end; none when it is given up."""
    last = begun + GIVEN_UP_AFTER
    return None if now >= last else min(now + wait, last)
