"""One line of somebody's choices on the wire: 4 bytes, 8 more for a name or a place, 5 to 8 for a limit of time."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from governance.decision.provisions import ALWAYS, Interval, WhoKind
from governance.decision.vocabulary import BEGINNING, FOREVER, Action, Contact, Effect, Instant
from governance.pep.wire.codec import Reader, WireError, Writer, actions_of, mask_of, pack_instant

_WHOS: Final = (WhoKind.NAMED, WhoKind.ORGANISATION, WhoKind.PROFESSION, WhoKind.CARE_TEAM, WhoKind.OTHERS)
_CONTACTS: Final = (Contact.ANY, Contact.AFTER, Contact.BEFORE)
_CLASSES: Final = frozenset({WhoKind.CARE_TEAM, WhoKind.OTHERS})
_NOBODY: Final = b""


class Where(IntEnum):
    """Where a line holds, narrower with every number."""

    EVERYWHERE = 0
    HERE = 1
    COMMUNITY = 2
    THREAD = 3
    POST = 4


IN_A_PLACE: Final = frozenset({Where.COMMUNITY, Where.THREAD, Where.POST})


@dataclass(frozen=True, slots=True)
class WireLine:
    """A permit or refusal. `pair` is empty for a class, `place` wherever no single place is meant.

    A refusal of no action says that somebody is refused by name in some way that does not matter here: who is refused
    anywhere moderates nothing of this author, and is given no emergency view.
    """

    effect: Effect
    who: WhoKind
    actions: frozenset[Action]
    pair: bytes = _NOBODY
    where: Where = Where.EVERYWHERE
    place: bytes = b""
    when: Interval = ALWAYS
    reach: Interval = ALWAYS
    contact: Contact = Contact.ANY

    @property
    def is_narrow(self) -> bool:
        """Whether it is about somebody, rather than a class."""
        return self.who not in _CLASSES

    def write(self, to: Writer) -> None:
        """Write the line: four bytes of what is in a list, then what is not."""
        if bool(self.pair) is not self.is_narrow or bool(self.place) is not (self.where in IN_A_PLACE):
            raise ValueError("a line names somebody or a class, and a place exactly if it holds in one")
        bits = mask_of(self.actions) | _WHOS.index(self.who) << 13 | self.where << 16
        bits |= _CONTACTS.index(self.contact) << 19 | (self.effect is Effect.PERMIT) << 21
        times = b""
        for number, (instant, usual) in enumerate(_with_usual(self.when, self.reach)):
            if instant == usual:
                continue
            code, packed = _pack(instant)
            bits |= code << 22 + 2 * number
            times += packed
        to.raw(bits.to_bytes(4, "big") + self.pair + self.place + times)

    @classmethod
    def read(cls, source: Reader) -> "WireLine":
        """Read a line."""
        bits = int.from_bytes(source.raw(4), "big")
        who, where, contact = bits >> 13 & 7, bits >> 16 & 7, bits >> 19 & 3
        if who >= len(_WHOS) or where >= len(Where) or contact >= len(_CONTACTS) or bits >> 30:
            raise WireError("a line of an unknown form")
        narrow, in_a_place = _WHOS[who] not in _CLASSES, where in IN_A_PLACE
        pair = source.pair() if narrow else _NOBODY
        place = source.token() if in_a_place else b""
        start, end, new, old = (
            _unpack(source, bits >> 22 + 2 * number & 3, usual)
            for number, (_, usual) in enumerate(_with_usual(ALWAYS, ALWAYS))
        )
        return cls(
            effect=Effect.PERMIT if bits >> 21 & 1 else Effect.REFUSE,
            who=_WHOS[who],
            actions=actions_of(bits & 0x1FFF),
            pair=pair,
            where=Where(where),
            place=place,
            when=Interval(start, end),
            reach=Interval(new, old),
            contact=_CONTACTS[contact],
        )


def _with_usual(when: Interval, reach: Interval) -> tuple[tuple[Instant, Instant], ...]:
    """Return each end of both spans with what is not written: it is what nearly every line has."""
    return (when.start, BEGINNING), (when.end, FOREVER), (reach.start, BEGINNING), (reach.end, FOREVER)


_UNUSUAL_END: Final = 1
"""A span that begins with FOREVER or ends with BEGINNING never was: one sign stands for both."""


def _pack(instant: Instant) -> tuple[int, bytes]:
    return (_UNUSUAL_END, b"") if instant in (BEGINNING, FOREVER) else pack_instant(instant)


def _unpack(source: Reader, code: int, usual: Instant) -> Instant:
    if code == 0:
        return usual
    if code == _UNUSUAL_END:
        return FOREVER if usual == BEGINNING else BEGINNING
    return source.packed_instant(code)
