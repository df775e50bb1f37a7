"""How many different things were counted, in a kibibyte: no name is kept, and no memory grows."""

from collections.abc import Iterable
from math import exp, log
from typing import Final

BITS: Final = 8_192
_FULL: Final = BITS - 1


class Sketch:
    """Counts different keys by linear counting (Whang et al. 1990); off by some percent at most up to 20,000."""

    __slots__ = ("_bits", "_ones")

    def __init__(self) -> None:
        """Begin at nothing."""
        self._bits = bytearray(BITS // 8)
        self._ones = 0

    def add(self, key: str) -> None:
        """Count a key, once however often it comes. Which bit it sets, another process does not know."""
        self.add_all((key,))

    def add_all(self, keys: Iterable[str]) -> None:
        """Count many keys; the loop of every page, so without a call for each."""
        bits, added = self._bits, 0
        for key in keys:
            place = hash(key) % BITS
            bit = 1 << (place & 7)
            if not bits[place >> 3] & bit:
                bits[place >> 3] |= bit
                added += 1
        self._ones += added

    def is_above(self, ones: int) -> bool:
        """Say whether more bits are set; see `ones_for`."""
        return self._ones > ones

    @property
    def count(self) -> int:
        """How many there were."""
        return round(-BITS * log(1 - min(self._ones, _FULL) / BITS))


def ones_for(count: int) -> int:
    """Return how many bits so many different keys set."""
    return min(_FULL - 1, round(BITS * (1 - exp(-count / BITS))))
