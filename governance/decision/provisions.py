"""One line of a patient's choices: effect, who, where, actions, when, reach; and their index."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, NamedTuple

from governance.decision.vocabulary import (
    BEGINNING,
    FOREVER,
    AccountKey,
    Action,
    Contact,
    Effect,
    Instant,
    PlatformId,
    Word,
)


class Interval(NamedTuple):
    """A half-open span of time: `start` is inside, `end` is not."""

    start: Instant
    end: Instant

    def covers(self, instant: Instant) -> bool:
        """Say whether the instant lies inside."""
        return self.start <= instant < self.end


ALWAYS: Final = Interval(BEGINNING, FOREVER)
NEVER: Final = Interval(FOREVER, FOREVER)


class WhoKind(Word):
    """How a provision names professionals."""

    NAMED = "named"
    ORGANISATION = "organisation"
    PROFESSION = "profession"
    CARE_TEAM = "care_team"
    OTHERS = "others"


WHO_RANK: Final = {
    WhoKind.NAMED: 2,
    WhoKind.ORGANISATION: 1,
    WhoKind.PROFESSION: 1,
    WhoKind.CARE_TEAM: 0,
    WhoKind.OTHERS: 0,
}
"""named is within organisation and profession, these are within care team and others."""


class Who(NamedTuple):
    """Whom a provision is about; `name` is an account key, an organisation or a profession."""

    kind: WhoKind
    name: str = ""


CARE_TEAM: Final = Who(WhoKind.CARE_TEAM)
OTHERS: Final = Who(WhoKind.OTHERS)


def named(account: AccountKey) -> Who:
    """Name one professional by the account the patient saw."""
    return Who(WhoKind.NAMED, account)


class Scale(IntEnum):
    """How narrow a place is; a larger number lies within a smaller one."""

    EVERYWHERE = 0
    PLATFORM = 1
    COMMUNITY = 2
    THREAD = 3
    POST = 4


class Place(NamedTuple):
    """Where a provision holds; `id` is the platform's own id of the community, thread or post."""

    scale: Scale
    platform: PlatformId = PlatformId("")
    id: str = ""


EVERYWHERE: Final = Place(Scale.EVERYWHERE)

_REFUSE: Final = Effect.REFUSE
_ANY: Final = Contact.ANY
_EVERYWHERE: Final = Scale.EVERYWHERE


@dataclass(frozen=True, slots=True)
class Provision:
    """One permit or refusal.

    `when`: the time of the decision at which it holds. `reach`: the times of the content it is about
    (all posts, or new ones); it says nothing about actions on a person.
    """

    id: str
    effect: Effect
    who: Who
    where: Place
    actions: frozenset[Action]
    when: Interval = ALWAYS
    reach: Interval = ALWAYS
    contact: Contact = Contact.ANY
    refuses: bool = field(init=False, repr=False, compare=False)
    """Whether this line is a refusal."""
    unconditional: bool = field(init=False, repr=False, compare=False)
    """Whether it holds at every place and time, whoever wrote first."""

    def __post_init__(self) -> None:
        """Work out once what every decision asks."""
        whenever = self.contact is _ANY and self.when == ALWAYS == self.reach
        object.__setattr__(self, "refuses", self.effect is _REFUSE)
        object.__setattr__(self, "unconditional", whenever and self.where.scale is _EVERYWHERE)


def narrower(one: Provision, other: Provision) -> bool:
    """Say whether `one` is contained in `other` in person and place, and smaller in one of them.

    Only for two provisions that match the same request: then their places lie in one another, and two
    named ones name the same professional.
    """
    rank, other_rank = WHO_RANK[one.who.kind], WHO_RANK[other.who.kind]
    same_who = one.who == other.who or rank == other_rank == WHO_RANK[WhoKind.NAMED]
    if not (rank > other_rank or same_who) or one.where.scale < other.where.scale:
        return False
    return rank > other_rank or one.where.scale > other.where.scale


_FEW: Final = 8
"""Up to so many lines a walk is faster than a look-up."""


class Bucket:
    """The lines for one action and one `Who`, found by place.

    `settled` is the line that decides among those that hold always and everywhere. It is the only one to be
    looked at outside the places `elsewhere`; these are None if there are lines that other things limit.
    """

    __slots__ = ("by_place", "elsewhere", "few", "lines", "settled")

    def __init__(self, lines: tuple[Provision, ...]) -> None:
        """Index the lines by place, if they are many."""
        self.few = len(lines) <= _FEW
        self.lines = lines if self.few else tuple(sorted(lines, key=lambda line: line.where.scale))
        always = [line for line in lines if line.unconditional]
        self.settled = next((line for line in always if line.refuses), always[0] if always else None)
        limited = [line.where for line in lines if not line.unconditional]
        by_place_only = all(place.scale >= Scale.COMMUNITY for place in limited)
        self.elsewhere = frozenset(place.id for place in limited) if by_place_only else None
        by_place: dict[Place, list[Provision]] = {}
        for line in () if self.few else lines:
            by_place.setdefault(_filed_under(line.where), []).append(line)
        self.by_place = by_place

    def near(self, places: tuple[Place, ...] | None) -> Sequence[Provision]:
        """Return which of many lines can match there; every one where some place was not sent."""
        if places is None:
            return self.lines
        return [line for place in places for line in self.by_place.get(place, ())]


def _filed_under(place: Place) -> Place:
    if place.scale is Scale.EVERYWHERE:
        return EVERYWHERE
    return Place(place.scale, place.platform) if place.scale is Scale.PLATFORM else place


class About:
    """The lines for one action, found by who."""

    __slots__ = ("by_who", "narrow")

    def __init__(self, lines: Iterable[Provision]) -> None:
        """Index the lines by who."""
        grouped: dict[Who, list[Provision]] = {}
        for line in lines:
            grouped.setdefault(line.who, []).append(line)
        self.by_who = {who: Bucket(tuple(found)) for who, found in grouped.items()}
        self.narrow = frozenset(grouped) - {CARE_TEAM, OTHERS}


class _Index(dict[Action, About]):
    """The lines by action: compiled when first asked for, and from then on as quick with a hundred as with one."""

    def __init__(self, lines: tuple[Provision, ...]) -> None:
        super().__init__()
        self._lines = lines

    def __missing__(self, action: Action) -> About:
        about = self[action] = About([line for line in self._lines if action in line.actions])
        return about


@dataclass(frozen=True, slots=True)
class Provisions:
    """All lines of one directive, in any order, with an index by action and by who."""

    lines: tuple[Provision, ...] = ()
    refused_names: frozenset[str] = field(init=False, repr=False, compare=False)
    """Every account that some line refuses by name, whatever else the line says."""
    about: Mapping[Action, About] = field(init=False, repr=False, compare=False)
    """The lines about each action."""

    def __post_init__(self) -> None:
        """Collect the names once."""
        object.__setattr__(self, "about", _Index(self.lines))
        names = [line.who.name for line in self.lines if line.refuses and line.who.kind is WhoKind.NAMED]
        object.__setattr__(self, "refused_names", frozenset(names))
