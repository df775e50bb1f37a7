"""Numbers, instants and lists as bytes. Whatever is not exactly as written here is not understood at all."""

import struct
from collections.abc import Callable
from typing import Final, TypeVar

from governance.decision.provisions import Interval
from governance.decision.vocabulary import BEGINNING, FOREVER, Action, Instant

TOKEN_BYTES: Final = 8
SIGNATURE_BYTES: Final = 64
SECOND: Final = 1_000_000

ACTIONS: Final = (
    Action.VIEW,
    Action.REACT,
    Action.REPLY,
    Action.QUOTE,
    Action.RECORD,
    Action.USE_IN_CARE,
    Action.RESEARCH,
    Action.MODERATE,
    Action.FIND,
    Action.LOOK_UP,
    Action.MENTION,
    Action.MESSAGE,
    Action.CONNECT,
)
"""The bit of each action, lowest first. Only ever to be appended to: replicas of yesterday read what is sent today."""

_BEGINNING, _FOREVER, _SECONDS, _MICROSECONDS = range(4)
_INT64: Final = struct.Struct(">q")
_LONGEST_VARINT: Final = 5
_MORE_FOLLOWS: Final = 0x80
_T = TypeVar("_T")


class WireError(Exception):
    """What was sent is not what this program reads; it counts as not sent at all."""


def mask_of(actions: frozenset[Action]) -> int:
    """Return actions as bits."""
    return sum(1 << bit for bit, action in enumerate(ACTIONS) if action in actions)


def actions_of(mask: int) -> frozenset[Action]:
    """Return the actions of some bits. Raises `WireError` for a bit that stands for none."""
    if mask >> len(ACTIONS):
        raise WireError("an action that this program does not know")
    return frozenset(action for bit, action in enumerate(ACTIONS) if mask >> bit & 1)


def word_of(words: tuple[_T, ...], number: int) -> _T:
    """Return a word of a closed list. Raises `WireError` for one that is not in it."""
    if number >= len(words):
        raise WireError("a word that this program does not know")
    return words[number]


class Writer:
    """Puts values behind one another."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._parts: list[bytes] = []

    def done(self) -> bytes:
        """Return everything written."""
        return b"".join(self._parts)

    def raw(self, value: bytes) -> None:
        """Write bytes whose length the reader knows."""
        self._parts.append(value)

    def byte(self, value: int) -> None:
        """Write a number below 256."""
        self.raw(bytes((value,)))

    def short(self, value: int) -> None:
        """Write a number below 65,536."""
        self.raw(value.to_bytes(2, "big"))

    def number(self, value: int) -> None:
        """Write a number below 2**32; most take one byte."""
        while value >= _MORE_FOLLOWS:
            self.byte(value % _MORE_FOLLOWS | _MORE_FOLLOWS)
            value >>= 7
        self.byte(value)

    def token(self, value: bytes) -> None:
        """Write a digest. Raises `ValueError` if it is none."""
        if len(value) != TOKEN_BYTES:
            raise ValueError("a token has 8 bytes")
        self.raw(value)

    def instant(self, value: Instant) -> None:
        """Write an instant: to the microsecond, whole seconds in fewer bytes."""
        if value in (BEGINNING, FOREVER):
            self.byte(_BEGINNING if value == BEGINNING else _FOREVER)
            return
        code, packed = pack_instant(value)
        self.byte(code)
        self.raw(packed)

    def span(self, value: Interval) -> None:
        """Write both ends of a span of time."""
        self.instant(value.start)
        self.instant(value.end)

    def each(self, values: "tuple[_T, ...]", write: Callable[["Writer", _T], None]) -> None:
        """Write how many there are, and each."""
        self.number(len(values))
        for value in values:
            write(self, value)


class Reader:
    """Takes values off in their order; every method raises `WireError` for what cannot be one."""

    def __init__(self, data: bytes) -> None:
        """Begin at the first byte."""
        self._data = data
        self._at = 0
        self.pairs: list[int] = []
        """Where the digests of pairs stood that were read so far."""

    def end(self) -> None:
        """Raise `WireError` if anything is left."""
        if self._at != len(self._data):
            raise WireError("more was sent than this program reads")

    def raw(self, length: int) -> bytes:
        """Read so many bytes."""
        end = self._at + length
        if end > len(self._data):
            raise WireError("it ends too early")
        value = self._data[self._at : end]
        self._at = end
        return value

    def byte(self) -> int:
        """Read a number below 256."""
        return self.raw(1)[0]

    def short(self) -> int:
        """Read a number below 65,536."""
        return int.from_bytes(self.raw(2), "big")

    def number(self) -> int:
        """Read a number below 2**32."""
        value = 0
        for place in range(_LONGEST_VARINT):
            byte = self.byte()
            value |= byte % _MORE_FOLLOWS << 7 * place
            if byte < _MORE_FOLLOWS:
                return value
        raise WireError("a number that is too long")

    def token(self) -> bytes:
        """Read a digest."""
        return self.raw(TOKEN_BYTES)

    def pair(self) -> bytes:
        """Read the digest of a pair. Nothing that is read after it depends on what it is."""
        self.pairs.append(self._at)
        return self.raw(TOKEN_BYTES)

    def instant(self) -> Instant:
        """Read an instant."""
        code = self.byte()
        if code in (_BEGINNING, _FOREVER):
            return BEGINNING if code == _BEGINNING else FOREVER
        return self.packed_instant(code)

    def packed_instant(self, code: int) -> Instant:
        """Read an instant whose code was read before."""
        if code == _SECONDS:
            return Instant(int.from_bytes(self.raw(5), "big", signed=True) * SECOND)
        if code == _MICROSECONDS:
            (value,) = _INT64.unpack(self.raw(8))
            return Instant(value)
        raise WireError("an instant of an unknown form")

    def span(self) -> Interval:
        """Read a span of time."""
        return Interval(self.instant(), self.instant())

    def each(self, read: "Callable[[Reader], _T]") -> "tuple[_T, ...]":
        """Read how many there are, and each."""
        return tuple([read(self) for _ in range(self.number())])


def pack_instant(value: Instant) -> tuple[int, bytes]:
    """Return the code and bytes of an instant."""
    seconds, rest = divmod(value, SECOND)
    if rest == 0 and -(2**39) <= seconds < 2**39:
        return _SECONDS, seconds.to_bytes(5, "big", signed=True)
    return _MICROSECONDS, _INT64.pack(value)
