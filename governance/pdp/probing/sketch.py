"""How many different things were counted, in a kibibyte: no name is kept, and no memory grows."""

from collections.abc import Iterable
from math import exp, log
from typing import Final
from zlib import crc32

BITS: Final = 8_192
_FULL: Final = BITS - 1


class Sketch:
    """Counts different keys by linear counting (Whang et al. 1990); off by some percent at most up to 20,000.

    Keys are digests, spread evenly already; so a checksum is enough to place them.
    """

    __slots__ = ("_bits", "_ones")

    def __init__(self) -> None:
        """Begin at nothing."""
        self._bits = bytearray(BITS // 8)
        self._ones = 0

    def add(self, key: str) -> None:
        """Count a key, once however often it comes. In every process it sets the same bit."""
        self.add_all((key,))

    def add_all(self, keys: Iterable[str]) -> None:
        """Count many keys; the loop of every page, so without a call for each."""
        bits, added = self._bits, 0
        for key in keys:
            place = crc32(key.encode()) % BITS
            bit = 1 << (place & 7)
            if not bits[place >> 3] & bit:
                bits[place >> 3] |= bit
                added += 1
        self._ones += added

    def join(self, bits: bytes) -> None:
        """Count what another one counted, too.

        A bit that another thread sets in the very same moment may be lost; it is off by one then.
        """
        if len(bits) == len(self._bits):
            self._bits[:] = (int.from_bytes(self._bits) | int.from_bytes(bits)).to_bytes(len(bits))
            self._ones = int.from_bytes(self._bits).bit_count()

    @property
    def bits(self) -> bytes:
        """Return what was counted, for `join`."""
        return bytes(self._bits)

    @property
    def ones(self) -> int:
        """How many bits are set."""
        return self._ones

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
