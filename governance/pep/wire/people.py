"""What is sent about an account whose words are shown."""

from dataclasses import dataclass
from typing import Final

from governance.decision.provisions import Interval, WhoKind
from governance.decision.vocabulary import (
    FOREVER,
    UNKNOWN,
    Action,
    Instant,
    UnknownType,
)
from governance.pep.wire.codec import Reader, WireError, Writer, actions_of, mask_of, word_of
from governance.pep.wire.lines import WireLine

KINDS: Final = (WhoKind.NAMED, WhoKind.ORGANISATION, WhoKind.PROFESSION)
"""How somebody can be meant, rather than a class."""

_RECORD, _HOLD, _PEERS, _AGE, _EMERGENCY, _ERASED, _BROKEN, _MORE = (1 << bit for bit in range(8))


@dataclass(frozen=True, slots=True)
class Covering:
    """For which actions, and when, permits count."""

    actions: frozenset[Action]
    during: Interval

    def write(self, to: Writer) -> None:
        """Write it."""
        to.short(mask_of(self.actions))
        to.span(self.during)

    @classmethod
    def read(cls, source: Reader) -> "Covering":
        """Read one."""
        return cls(actions_of(source.short()), source.span())


@dataclass(frozen=True, slots=True)
class Pair:
    """Somebody in a care team, or somebody who is blocked, as seen from one author."""

    kind: WhoKind
    pair: bytes
    during: Interval

    def write(self, to: Writer) -> None:
        """Write it."""
        to.byte(KINDS.index(self.kind))
        to.token(self.pair)
        to.span(self.during)

    @classmethod
    def read(cls, source: Reader) -> "Pair":
        """Read one."""
        return cls(word_of(KINDS, source.byte()), source.pair(), source.span())


@dataclass(frozen=True, slots=True)
class AuthorRecord:
    """What a decision needs of an author. Who chose a level and nothing else shares a record with all who did so.

    `choices` are the lines that many have, `own` those that few have; to a decision they are one list. `over` are the
    refusals that others set, of all parties together, and `kept` those that erasure left.
    """

    record: bool = True
    adult_from: Instant | UnknownType = UNKNOWN
    covered: tuple[Covering, ...] = ()
    choices: tuple[WireLine, ...] = ()
    own: tuple[WireLine, ...] = ()
    team: tuple[Pair, ...] = ()
    hold: bool = False
    over: tuple[WireLine, ...] = ()
    blocks: tuple[Pair, ...] = ()
    emergency_yes_since: Instant = FOREVER
    peers_welcome: bool = False
    erased_at: Instant | None = None
    kept: tuple[WireLine, ...] = ()
    broken: bool = False
    """A row that another hand changed: everything is refused."""

    @property
    def is_personal(self) -> bool:
        """Whether somebody is named in it, so that it reads differently for every viewer."""
        lines = (*self.own, *self.over, *self.kept)
        return bool(self.team or self.blocks) or any(line.is_narrow for line in lines)

    def encode(self, choices: int | None = None) -> bytes:
        """Return its bytes; with the number of its choices in the bundle's list, or with the choices themselves."""
        to = Writer()
        more = bool(self.own or self.team or self.over or self.blocks or self.kept)
        told = (
            (self.record, _RECORD),
            (self.hold, _HOLD),
            (self.peers_welcome, _PEERS),
            (self.adult_from is not UNKNOWN, _AGE),
            (self.emergency_yes_since != FOREVER, _EMERGENCY),
            (self.erased_at is not None, _ERASED),
            (self.broken, _BROKEN),
            (more, _MORE),
        )
        to.byte(sum(bit for is_so, bit in told if is_so))
        if self.adult_from is not UNKNOWN:
            to.instant(self.adult_from)
        if self.emergency_yes_since != FOREVER:
            to.instant(self.emergency_yes_since)
        if self.erased_at is not None:
            to.instant(self.erased_at)
        to.each(self.covered, lambda to, one: one.write(to))
        to.number(0 if choices is None else choices + 1)
        if choices is None:
            _write_lines(to, self.choices)
        if more:
            self._write_more(to)
        return to.done()

    def _write_more(self, to: Writer) -> None:
        for lines in (self.own, self.over, self.kept):
            _write_lines(to, lines)
        for pairs in (self.team, self.blocks):
            to.each(pairs, lambda to, pair: pair.write(to))

    @classmethod
    def decode(cls, data: bytes, choices: "tuple[tuple[WireLine, ...], ...]" = ()) -> "AuthorRecord":
        """Return the record; `choices` is the bundle's list. Raises `WireError`."""
        return cls.read(Reader(data), choices)

    @classmethod
    def read(cls, source: Reader, choices: "tuple[tuple[WireLine, ...], ...]" = ()) -> "AuthorRecord":
        """Read the record, which is all that there is to read."""
        flags = source.byte()
        adult_from = source.instant() if flags & _AGE else UNKNOWN
        emergency = source.instant() if flags & _EMERGENCY else FOREVER
        erased_at = source.instant() if flags & _ERASED else None
        covered = source.each(Covering.read)
        chosen = _read_choices(source, choices)
        own, over, kept = (source.each(WireLine.read) if flags & _MORE else () for _ in range(3))
        team, blocks = (source.each(Pair.read) if flags & _MORE else () for _ in range(2))
        source.end()
        return cls(
            record=bool(flags & _RECORD),
            adult_from=adult_from,
            covered=covered,
            choices=chosen,
            own=own,
            team=team,
            hold=bool(flags & _HOLD),
            over=over,
            blocks=blocks,
            emergency_yes_since=emergency,
            peers_welcome=bool(flags & _PEERS),
            erased_at=erased_at,
            kept=kept,
            broken=bool(flags & _BROKEN),
        )


def _read_choices(source: Reader, choices: tuple[tuple[WireLine, ...], ...]) -> tuple[WireLine, ...]:
    number = source.number()
    if number > len(choices):
        raise WireError("choices that were not sent")
    return source.each(WireLine.read) if number == 0 else choices[number - 1]


def _write_lines(to: Writer, lines: tuple[WireLine, ...]) -> None:
    to.each(lines, lambda to, line: line.write(to))
