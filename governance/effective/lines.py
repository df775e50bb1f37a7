"""Lines of somebody's choices, as they are stored, and what becomes of them in a decision."""

from functools import lru_cache
from typing import NamedTuple

import msgspec

from governance.decision.provisions import Interval, Place, Provision, Provisions, Scale, Who, WhoKind
from governance.decision.vocabulary import BEGINNING, FOREVER, Action, Contact, Effect, Instant, PlatformId

Span = tuple[int, int]
_ALWAYS: Span = (BEGINNING, FOREVER)


class Line(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A provision, as stored."""

    id: str
    effect: Effect
    who: WhoKind
    actions: frozenset[Action]
    name: str = ""
    scale: Scale = Scale.EVERYWHERE
    platform: str = ""
    place: str = ""
    when: Span = _ALWAYS
    reach: Span = _ALWAYS
    contact: Contact = Contact.ANY


class AskedAgain(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What somebody else said yes to for a person under 18: at 18 it ends, until the person says it themselves."""

    who: WhoKind
    actions: frozenset[Action]
    name: str = ""
    scale: Scale = Scale.EVERYWHERE
    platform: str = ""
    place: str = ""

    @property
    def about(self) -> "About":
        """Return whom and which place it is about; of two about the same the actions of both end."""
        return About(self.who, self.name, self.scale, self.platform, self.place)


class About(NamedTuple):
    """Whom, and in which place, something that ends at 18 is about."""

    who: WhoKind
    name: str = ""
    scale: Scale = Scale.EVERYWHERE
    platform: str = ""
    place: str = ""

    def ends(self, actions: frozenset[Action]) -> AskedAgain:
        """Say that these actions end there."""
        return AskedAgain(self.who, actions, self.name, self.scale, self.platform, self.place)


def line_of(provision: Provision) -> Line:
    """Return a provision as it is stored."""
    return Line(
        id=provision.id,
        effect=provision.effect,
        who=provision.who.kind,
        actions=provision.actions,
        name=provision.who.name,
        scale=provision.where.scale,
        platform=provision.where.platform,
        place=provision.where.id,
        when=(provision.when.start, provision.when.end),
        reach=(provision.reach.start, provision.reach.end),
        contact=provision.contact,
    )


def lines_in_force(
    lines: tuple[Line, ...], asked_again: tuple[AskedAgain, ...], adult_from: int | None
) -> tuple[Line, ...]:
    """Return a patient's lines, with what ends when they turn 18 because it was not they alone who said yes to it.

    The end is a time in the lines themselves: it holds from that very midnight, whoever runs or does not run then.
    """
    if not asked_again:
        return lines
    since = BEGINNING if adult_from is None else adult_from
    ends = [
        Line(
            ":".join(("asked_again", *map(str, asked.about))),
            Effect.REFUSE,
            asked.who,
            asked.actions,
            asked.name,
            asked.scale,
            asked.platform,
            asked.place,
            when=(since, FOREVER),
        )
        for asked in asked_again
    ]
    return (*lines, *ends)


@lru_cache(maxsize=1_024)
def provisions_of(lines: tuple[Line, ...]) -> Provisions:
    """Return the lines with their index; all who picked the same levels share it."""
    return Provisions(tuple(provision_of(line) for line in lines))


def provision_of(line: Line) -> Provision:
    """Return a stored line as a provision."""
    return Provision(
        id=line.id,
        effect=line.effect,
        who=Who(line.who, line.name),
        where=Place(line.scale, PlatformId(line.platform), line.place),
        actions=line.actions,
        when=interval_of(line.when),
        reach=interval_of(line.reach),
        contact=line.contact,
    )


@lru_cache(maxsize=1_024)
def interval_of(span: Span) -> Interval:
    """Return a stored span of time."""
    return Interval(Instant(span[0]), Instant(span[1]))
