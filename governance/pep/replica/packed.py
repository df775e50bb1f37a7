"""The accounts of a bundle as they lie: tokens and numbers in arrays, records in one piece. A patient takes some bytes.

Objects are made of what is asked about, and kept: most who chose a level share one record, and so one object.
"""

import sys
from array import array
from bisect import bisect_left
from itertools import accumulate, chain, islice
from operator import lt
from typing import Final

from governance.decision.vocabulary import PlatformId
from governance.pep.replica.meanings import Meanings, Read
from governance.pep.wire.bundle import Bundle
from governance.pep.wire.codec import WireError

_BITS: Final = 64
"""A token has so many; see `TOKEN_BYTES`."""
_ALIKE_BITS: Final = 4
"""Among about so many twofold accounts one is searched; of the rest it is known where they begin."""
_MOST_READ: Final = 50_000
"""Records that are kept as objects; then all are forgotten and read anew as they are asked about."""


class Packed:
    """What a bundle says of authors. Never changes; threads may share it."""

    def __init__(self, bundle: Bundle) -> None:
        """Pack it. Raises `WireError` if its accounts are not in their order, or have records that were not sent."""
        self._tokens, self._numbers = _columns(bundle.accounts)
        self._records = b"".join(bundle.records)
        self._starts = array("Q", chain((0,), accumulate(map(len, bundle.records))))
        self._meanings = Meanings(bundle.choices, PlatformId(bundle.header.platform))
        self._read: dict[int, Read] = {}
        if not all(map(lt, self._tokens, islice(self._tokens, 1, None))):
            raise WireError("accounts that are not in their order")
        if self._numbers and max(self._numbers) >= len(bundle.records):
            raise WireError("a record that was not sent")
        # Tokens are digests, and so lie evenly: where those of the same first bits begin saves most of a search.
        first_bits = max(0, len(self._tokens).bit_length() - _ALIKE_BITS)
        self._shift = _BITS - first_bits
        starts = (bisect_left(self._tokens, first << self._shift) for first in range(1 << first_bits))
        self._first = array("I", chain(starts, (len(self._tokens),)))

    def __len__(self) -> int:
        """Return how many accounts there are."""
        return len(self._tokens)

    def find(self, token: bytes) -> Read | None:
        """Return the record of an account; None of one that is nobody's patient. Raises `WireError`."""
        wanted, tokens = int.from_bytes(token, "big"), self._tokens
        bits = wanted >> self._shift
        at = bisect_left(tokens, wanted, self._first[bits], self._first[bits + 1])
        if at == len(tokens) or tokens[at] != wanted:
            return None
        number = self._numbers[at]
        found = self._read.get(number)
        return self._make(number) if found is None else found

    def _make(self, number: int) -> Read:
        data = self._records[self._starts[number] : self._starts[number + 1]]
        made = self._meanings.read(data)
        if len(self._read) >= _MOST_READ:
            self._read.clear()
            self._meanings.forget()
        self._read[number] = made
        return made


def _columns(accounts: bytes) -> tuple["array[int]", "array[int]"]:
    """Return tokens as numbers of 64 bits, and the numbers of records; no object is made of any of them."""
    cells = array("I")
    if cells.itemsize != 4:  # noqa: PLR2004 - 32 bits
        raise WireError("this machine counts in another way than the bundle")
    cells.frombytes(accounts)
    little = sys.byteorder == "little"
    if little:
        cells.byteswap()
    halves = array("I", bytes(8 * (len(cells) // 3)))
    halves[little::2], halves[not little :: 2] = cells[0::3], cells[1::3]
    tokens = array("Q")
    tokens.frombytes(halves.tobytes())
    return tokens, cells[2::3]
