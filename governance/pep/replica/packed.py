"""The accounts of a bundle as they lie: tokens and numbers in arrays, records in one piece. A patient takes some bytes.

Objects are made of what is asked about, and kept: most who chose a level share one record, and so one object.
"""

import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import accumulate, chain, islice
from operator import lt
from typing import Final

from governance.decision.edges import Edges, edges_of_author, looks_at_single_words
from governance.decision.facts import Author
from governance.decision.provisions import Who, WhoKind
from governance.decision.vocabulary import PlatformId
from governance.pep.wire.bundle import Bundle
from governance.pep.wire.codec import WireError
from governance.pep.wire.facts import author_of
from governance.pep.wire.keys import WireKeys
from governance.pep.wire.lines import WireLine
from governance.pep.wire.people import AuthorRecord

_MOST_READ: Final = 50_000
"""Records that are kept as objects; then all are forgotten and read anew as they are asked about."""


class Known:
    """An author's facts, and what decides for how long an answer about them can be kept."""

    __slots__ = ("_edges", "author", "singly")

    def __init__(self, author: Author) -> None:
        """Work out what every page asks."""
        self.author = author
        self.singly = looks_at_single_words(author)
        """Whether two posts of theirs in one community can get two answers."""
        self._edges: Edges | None = None

    @property
    def edges(self) -> Edges:
        """When what is known of them changes by itself; worked out once somebody looks at them again."""
        if self._edges is None:
            self._edges = edges_of_author(self.author)
        return self._edges


class Read:
    """A record as it was sent, and what it means for everybody whom it does not name."""

    __slots__ = ("_kinds", "_pairs", "_platform", "record", "to_strangers")

    def __init__(self, record: AuthorRecord, platform: PlatformId) -> None:
        """Work out what is the same for every viewer. Nobody in particular is its author: no rule asks who it is."""
        self.record = record
        self._platform = platform
        author = author_of(b"", record, {}, platform)
        self.to_strangers = None if author is None else Known(author)
        """None if the record is broken."""
        named = list(_named(record)) if record.is_personal else []
        self._pairs = frozenset(pair for _, pair in named)
        self._kinds = frozenset(kind for kind, _ in named)

    def for_viewer(self, keys: WireKeys, author: bytes, viewer: Iterable[tuple[bytes, Who]]) -> Known | None:
        """Return what it means for one viewer, by all tokens that could mean them; None if it is broken."""
        if not self._pairs:
            return self.to_strangers
        kinds, pairs = self._kinds, self._pairs
        digests = ((keys.pair(author, token), who) for token, who in viewer if who.kind in kinds)
        whos = {pair: who for pair, who in digests if pair in pairs}
        if not whos:
            return self.to_strangers
        met = author_of(author, self.record, whos, self._platform)
        return None if met is None else Known(met)


def _named(record: AuthorRecord) -> Iterator[tuple[WhoKind, bytes]]:
    for pair in (*record.team, *record.blocks):
        yield pair.kind, pair.pair
    for line in (*record.choices, *record.own, *record.over, *record.kept):
        if line.is_narrow:
            yield line.who, line.pair


class Packed:
    """What a bundle says of authors. Never changes; threads may share it."""

    def __init__(self, bundle: Bundle) -> None:
        """Pack it. Raises `WireError` if its accounts are not in their order, or have records that were not sent."""
        self._tokens, self._numbers = _columns(bundle.accounts)
        self._records = b"".join(bundle.records)
        self._starts = array("Q", chain((0,), accumulate(map(len, bundle.records))))
        self._choices: tuple[tuple[WireLine, ...], ...] = bundle.choices
        self._platform = PlatformId(bundle.header.platform)
        self._read: dict[int, Read] = {}
        if not all(map(lt, self._tokens, islice(self._tokens, 1, None))):
            raise WireError("accounts that are not in their order")
        if self._numbers and max(self._numbers) >= len(bundle.records):
            raise WireError("a record that was not sent")

    def __len__(self) -> int:
        """Return how many accounts there are."""
        return len(self._tokens)

    def find(self, token: bytes) -> Read | None:
        """Return the record of an account; None of one that is nobody's patient. Raises `WireError`."""
        wanted = int.from_bytes(token, "big")
        at = bisect_left(self._tokens, wanted)
        if at == len(self._tokens) or self._tokens[at] != wanted:
            return None
        number = self._numbers[at]
        found = self._read.get(number)
        return self._make(number) if found is None else found

    def _make(self, number: int) -> Read:
        data = self._records[self._starts[number] : self._starts[number + 1]]
        made = Read(AuthorRecord.decode(data, self._choices), self._platform)
        if len(self._read) >= _MOST_READ:
            self._read.clear()
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
