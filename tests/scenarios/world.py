"""What a scenario file says, as plain data: who there is, what they chose, what is asked, what must come out.

Nothing here knows how an answer is found: the same world is put before the pure function, before the
service over HTTP, and before a forum's replica.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from governance.decision.facts import CapacityRecord, Claim, EmergencyView, PairBlock, Restriction, Setting, TeamEntry
from governance.decision.provisions import ALWAYS, Interval, Place, Provision, Who
from governance.decision.vocabulary import (
    FOREVER,
    AccountKey,
    Action,
    Assurance,
    Instant,
    Level,
    Mark,
    NotSentType,
    Reason,
    Status,
    UnknownType,
)


@dataclass(frozen=True)
class Choice:
    """A level with its extras, picked for a class or for one professional, at a place."""

    level: Level
    who: Who
    where: Place
    extras: frozenset[Action] = frozenset()
    only_new_since: Instant | None = None


@dataclass(frozen=True)
class LayerOfOther:
    """Refusals by a guardian (`platform` None) or by a platform."""

    platform: str | None
    refusals: tuple[Provision, ...]


@dataclass(frozen=True)
class Erasure:
    """What stays of a patient who had everything erased."""

    final_at: Instant
    hold: bool
    refusals: tuple[Provision, ...]


@dataclass(frozen=True)
class Patient:
    """One person who writes: the records about them, and what they chose."""

    accounts: frozenset[AccountKey]
    record: bool
    adult_from: Instant | UnknownType
    covered: Mapping[Action, Interval]
    choices: tuple[Choice, ...] = ()
    lines: tuple[Provision, ...] = ()
    team: tuple[TeamEntry, ...] = ()
    hold: bool = False
    layers: tuple[LayerOfOther, ...] = ()
    blocks: tuple[PairBlock, ...] = ()
    emergency_yes_since: Instant = FOREVER
    peers_welcome: bool = False
    erased: Erasure | None = None


@dataclass(frozen=True)
class Professional:
    """One health professional: what was found, what is recorded, what was decided about them."""

    accounts: frozenset[AccountKey]
    record: bool = True
    marks: frozenset[Mark] = frozenset({Mark.REGISTERED})
    status: Status = Status.GOOD
    checked_until: Instant = FOREVER
    attested: Interval = ALWAYS
    assurance: Assurance = Assurance.A4
    claims: tuple[Claim, ...] = ()
    capacities: tuple[CapacityRecord, ...] = ()
    cases: tuple[Interval, ...] = ()
    measures: tuple[Interval, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    emergency_views: tuple[EmergencyView, ...] = ()


@dataclass(frozen=True)
class Room:
    """One community of a platform, with all it ever was."""

    platform: str
    id: str
    history: tuple[Setting, ...]
    moderators: frozenset[AccountKey]


@dataclass(frozen=True)
class Rules:
    """The conduct record in force: what each action and each register status asks for."""

    assurance: Mapping[Action, Assurance]
    permits: Mapping[Status, frozenset[Action]]


@dataclass(frozen=True)
class World:
    """All people, communities and rules that the rows of one file speak about."""

    patients: Mapping[str, Patient]
    professionals: Mapping[str, Professional]
    strangers: frozenset[str]
    rooms: tuple[Room, ...]
    rules: Rules


@dataclass(frozen=True)
class Piece:
    """One author's part of the thing asked about."""

    author: AccountKey
    community: str | NotSentType
    thread: str | NotSentType
    post: str | NotSentType
    created: Instant | NotSentType
    edited: Instant | NotSentType | None


@dataclass(frozen=True)
class Row:
    """One question and the answer it must get."""

    name: str
    because: str
    platform: str
    viewer: AccountKey
    action: Action
    pieces: tuple[Piece, ...]
    now: Instant
    sender: AccountKey | NotSentType
    recipients: frozenset[AccountKey] | NotSentType
    flagged: bool | NotSentType
    patient_wrote_first: bool | NotSentType
    then: Reason
    step: str | None


@dataclass(frozen=True)
class Pair:
    """A law on one example: the answer before and after a change.

    `same`: the change may not alter the answer; otherwise it may only refuse more.
    """

    law: str
    same: bool
    before: Row
    after: Row


@dataclass(frozen=True)
class Scenario:
    """One file: a story, a world, and what is asked of it."""

    file: str
    title: str
    story: str
    world: World
    rows: tuple[Row, ...]
    pairs: tuple[Pair, ...] = field(default=())

    def all_rows(self) -> tuple[Row, ...]:
        """Return the rows and both halves of every pair."""
        halves = tuple(row for pair in self.pairs for row in (pair.before, pair.after))
        return self.rows + halves
