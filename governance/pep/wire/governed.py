"""What is sent about an account that is governed, or that a professional has."""

from dataclasses import dataclass
from typing import Final

from governance.decision.facts import CapacityRecord
from governance.decision.provisions import Interval, WhoKind
from governance.decision.vocabulary import Action, Capacity, Instant, PlatformId
from governance.pep.wire.codec import Reader, Writer, actions_of, mask_of, word_of
from governance.pep.wire.people import KINDS

_CAPACITIES: Final = (Capacity.PROFESSIONAL, Capacity.PEER)
_NOWHERE: Final = PlatformId("")


@dataclass(frozen=True, slots=True)
class WireClaim:
    """A profession or organisation that a professional ever claimed, and when it is verified."""

    kind: WhoKind
    who: bytes
    verified: Interval

    def write(self, to: Writer) -> None:
        """Write it."""
        to.byte(KINDS.index(self.kind))
        to.token(self.who)
        to.span(self.verified)

    @classmethod
    def read(cls, source: Reader) -> "WireClaim":
        """Read one."""
        return cls(word_of(KINDS, source.byte()), source.token(), source.span())


@dataclass(frozen=True, slots=True)
class Standing:
    """What passes the gate until an instant, for each capacity. Why something does not is not sent."""

    until: Instant
    professional: frozenset[Action]
    peer: frozenset[Action]

    def write(self, to: Writer) -> None:
        """Write it."""
        to.instant(self.until)
        to.short(mask_of(self.professional))
        to.short(mask_of(self.peer))

    @classmethod
    def read(cls, source: Reader) -> "Standing":
        """Read one."""
        return cls(source.instant(), actions_of(source.short()), actions_of(source.short()))


@dataclass(frozen=True, slots=True)
class WireView:
    """A thread that an officer opened for a day."""

    thread: bytes
    during: Interval

    def write(self, to: Writer) -> None:
        """Write it."""
        to.token(self.thread)
        to.span(self.during)

    @classmethod
    def read(cls, source: Reader) -> "WireView":
        """Read one."""
        return cls(source.token(), source.span())


@dataclass(frozen=True, slots=True)
class GovernedRecord:
    """What a decision needs of an account that is governed, or that a professional has.

    `names` are the tokens of every account of theirs, with made-up ones among them, so that nobody counts how many
    forums they are on. `capacities` are those on this platform; their platform is empty here. `standing` is in the
    order of time.
    """

    governed: bool
    known: bool = True
    """Whether there is a record of a professional; an account may be governed without one."""
    surely: bool = False
    """Whether the assurance is A4."""
    names: tuple[bytes, ...] = ()
    claims: tuple[WireClaim, ...] = ()
    capacities: tuple[CapacityRecord, ...] = ()
    standing: tuple[Standing, ...] = ()
    views: tuple[WireView, ...] = ()
    broken: bool = False
    """A row that another hand changed: everything is refused."""

    def encode(self) -> bytes:
        """Return its bytes."""
        to = Writer()
        told = (self.governed, self.known, self.surely, self.broken)
        to.byte(sum(1 << bit for bit, is_so in enumerate(told) if is_so))
        to.each(self.names, Writer.token)
        to.each(self.claims, lambda to, one: one.write(to))
        to.each(self.capacities, _write_capacity)
        to.each(self.standing, lambda to, one: one.write(to))
        to.each(self.views, lambda to, one: one.write(to))
        return to.done()

    @classmethod
    def decode(cls, data: bytes) -> "GovernedRecord":
        """Return the record. Raises `WireError`."""
        source = Reader(data)
        flags = source.byte()
        governed, known, surely, broken = (bool(flags >> bit & 1) for bit in range(4))
        record = cls(
            governed=governed,
            known=known,
            surely=surely,
            names=source.each(Reader.token),
            claims=source.each(WireClaim.read),
            capacities=source.each(_read_capacity),
            standing=source.each(Standing.read),
            views=source.each(WireView.read),
            broken=broken,
        )
        source.end()
        return record


def _write_capacity(to: Writer, record: CapacityRecord) -> None:
    place = b"" if record.community is None else bytes.fromhex(record.community)
    to.byte(_CAPACITIES.index(record.capacity) << 1 | bool(place))
    to.raw(place)
    to.span(record.during)


def _read_capacity(source: Reader) -> CapacityRecord:
    bits = source.byte()
    community = source.token().hex() if bits & 1 else None
    return CapacityRecord(word_of(_CAPACITIES, bits >> 1), _NOWHERE, community, source.span())
