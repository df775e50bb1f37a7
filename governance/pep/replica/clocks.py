"""The clocks of a replica: how long ago something was, and what time it is at the service.

Nobody's wall clock decides by itself. A forum's may be set back, and a lease counted on it would not end; the steady
clock of a machine that slept, or of a guest that was frozen, may have stood still, and a lease counted on that alone
would not end either.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple

from governance.decision.vocabulary import Instant


def _steady() -> Callable[[], float]:
    """Return the steadiest clock of this machine: where there is one, one that goes on while the machine sleeps."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic if boot is None else partial(time.clock_gettime, boot)


class Moment(NamedTuple):
    """A moment by both clocks of this machine, in seconds."""

    steady: float
    wall: float


class Clocks(NamedTuple):
    """Where moments come from; tests hand in clocks of their own."""

    steady: Callable[[], float]
    wall: Callable[[], float]

    def now(self) -> Moment:
        """Return this moment."""
        return Moment(self.steady(), self.wall())

    def is_less_since(self, earlier: Moment, seconds: float) -> bool:
        """Say whether less time went by, by whichever clock went further: who waits too long refuses too much."""
        return self.steady() - earlier.steady < seconds and self.wall() - earlier.wall < seconds


HERE: Final = Clocks(_steady(), time.time)


class ServiceTime:
    """What time it is at the service: what it said last, and the steady clock from then on.

    Never ahead of the service: an answer is older when it arrives than when it was written, so no refusal ends early.
    A permit that ends by time may end late by as long as the answer was on its way, which is less than the lease.
    """

    def __init__(self, clocks: Clocks) -> None:
        """Know nothing yet."""
        self._clocks = clocks
        self._said: tuple[Instant, float] | None = None

    def set(self, said: Instant) -> None:
        """Take what the service just said."""
        self._said = (said, self._clocks.steady())

    def now(self) -> Instant:
        """Return the time there. Raises `LookupError` before the service said anything."""
        if self._said is None:
            raise LookupError
        said, at = self._said
        return Instant(said + int((self._clocks.steady() - at) * 1_000_000))
