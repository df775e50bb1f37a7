"""How long to wait before the next try: full jitter, so that what failed together does not come back together."""

from collections.abc import Callable
from typing import Final

SECOND: Final = 1_000_000
"""In microseconds, as all times here."""
HOUR: Final = 3_600 * SECOND
FIRST_WAIT: Final = 10 * SECOND
LONGEST_WAIT: Final = 24 * HOUR
MOST_TRIES: Final = 18
"""After these a job is a dead letter: two and a half days on average, five at most."""

Chance = Callable[[], float]
"""A random number from 0 to below 1."""


def longest_wait(tries: int) -> int:
    """Return the most one may have to wait after so many tries, in microseconds; it doubles up to 24 hours."""
    # The exponent is bounded too: two to the power of a number from outside could be any size.
    return min(LONGEST_WAIT, FIRST_WAIT << min(tries - 1, 32))


def wait_after(tries: int, chance: Chance) -> int:
    """Return how long to wait after so many tries, 1 or more: anything from nothing to the longest."""
    return int(longest_wait(tries) * chance())
