"""Everything a decision may depend on: the request, and what the records say about the people in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from governance.decision.provisions import ALWAYS, NEVER, Interval, Provision, Provisions, Who, WhoKind
from governance.decision.vocabulary import (
    BEGINNING,
    FOREVER,
    NOT_SENT,
    POSTURE_STRICTNESS,
    UNKNOWN,
    AccountKey,
    Action,
    Ages,
    Assurance,
    Capacity,
    Instant,
    Mark,
    NotSentType,
    PlatformId,
    Posture,
    Status,
    UnknownType,
)


@dataclass(frozen=True, slots=True)
class Words:
    """What one author contributed to the thing asked about: a post, a quote in it, a profile.

    `edited` is None for words that were never edited. Actions on a person have no thread, post or times.
    """

    author: AccountKey
    community: str | NotSentType = NOT_SENT
    thread: str | NotSentType = NOT_SENT
    post: str | NotSentType = NOT_SENT
    created: Instant | NotSentType = NOT_SENT
    edited: Instant | NotSentType | None = NOT_SENT


@dataclass(frozen=True, slots=True)
class Request:
    """What a platform asks: may this viewer do this with these authors' words, now."""

    platform: PlatformId
    viewer: AccountKey
    action: Action
    words: tuple[Words, ...]
    at: Instant
    sender: AccountKey | NotSentType = NOT_SENT
    """Who wrote the private message that is asked about."""
    recipients: frozenset[AccountKey] | NotSentType = NOT_SENT
    flagged: bool | NotSentType = NOT_SENT
    initiated_by_patient: bool | NotSentType = NOT_SENT


@dataclass(frozen=True, slots=True)
class Claim:
    """A profession or an organisation that a professional ever claimed, and when it was verified."""

    who: Who
    verified: Interval = NEVER


@dataclass(frozen=True, slots=True)
class CapacityRecord:
    """A capacity that begins 24 hours after it was asked for; `community` None means the whole platform."""

    capacity: Capacity
    platform: PlatformId
    community: str | None
    during: Interval


class Restriction(NamedTuple):
    """One action that a measure closes to one professional, in every capacity."""

    action: Action
    during: Interval


class EmergencyView(NamedTuple):
    """One thread opened to one professional by an officer, for at most 24 hours."""

    platform: PlatformId
    thread: str
    during: Interval


@dataclass(frozen=True, slots=True)
class Hcp:
    """What the records say of one professional. The defaults are what an unknown one gets: nothing."""

    accounts: frozenset[AccountKey] = frozenset()
    """Every account ever tied to this record, on every platform."""
    status: Status = Status.UNKNOWN
    checked_until: Instant = BEGINNING
    """From here on the last check of the register is stale."""
    attested: Interval = NEVER
    """When the rules in force count as accepted."""
    assurance: Assurance = Assurance.A0
    claims: tuple[Claim, ...] = ()
    capacities: tuple[CapacityRecord, ...] = ()
    cases: tuple[Interval, ...] = ()
    """Serious cases: they stop a capacity from starting."""
    blocks: tuple[Interval, ...] = ()
    """HCP-wide measures."""
    restrictions: tuple[Restriction, ...] = ()
    """Measures that close single actions."""
    emergency_views: tuple[EmergencyView, ...] = ()
    ever_peer: bool = field(init=False, repr=False, compare=False)
    """Whether any record says `peer`; if none does, every time and community says `professional`."""

    def __post_init__(self) -> None:
        """Look through the records once."""
        peer = any(record.capacity is not Capacity.PROFESSIONAL for record in self.capacities)
        object.__setattr__(self, "ever_peer", peer)


@dataclass(frozen=True, slots=True)
class Viewer:
    """The account that wants to act, and why it is governed, if it is."""

    account: AccountKey
    governed_by: frozenset[Mark] = frozenset()
    hcp: Hcp = field(default_factory=Hcp)
    names: frozenset[AccountKey] = field(init=False, repr=False, compare=False)
    """Every account that a refusal by name can catch this viewer by."""
    by_name: tuple[Who, ...] = field(init=False, repr=False, compare=False)
    """The same, as provisions name them."""
    keys: tuple[Who, ...] = field(init=False, repr=False, compare=False)
    """Every `Who` narrower than a class that was ever true or claimed of this viewer."""
    key_set: frozenset[Who] = field(init=False, repr=False, compare=False)
    """The keys, to look one up."""

    def __post_init__(self) -> None:
        """Derive the names and keys once per viewer."""
        names = self.hcp.accounts | {self.account}
        by_name = tuple(Who(WhoKind.NAMED, name) for name in sorted(names))
        object.__setattr__(self, "names", names)
        object.__setattr__(self, "by_name", by_name)
        keys = (*by_name, *dict.fromkeys(claim.who for claim in self.hcp.claims))
        object.__setattr__(self, "keys", keys)
        object.__setattr__(self, "key_set", frozenset(keys))


class TeamEntry(NamedTuple):
    """A named account or an organisation in a patient's care team; entries are ended, never deleted."""

    member: Who
    during: Interval = ALWAYS


class Layer(NamedTuple):
    """Refusals by one other party; `platform` None is a guardian's, which holds everywhere."""

    platform: PlatformId | None
    refusals: tuple[Provision, ...]


class PairBlock(NamedTuple):
    """A measure between one patient and one account."""

    account: AccountKey
    during: Interval = ALWAYS


class Tombstone(NamedTuple):
    """What stays after erasure: it goes on refusing."""

    final_at: Instant
    hold: bool = False
    refusals: tuple[Provision, ...] = ()
    """Refusals by name."""


@dataclass(frozen=True, slots=True)
class Author:
    """What the records say of one author. The defaults are a person who never met this service."""

    account: AccountKey
    record: bool = False
    adult_from: Instant | UnknownType = UNKNOWN
    covered: Mapping[Action, Interval] = field(default_factory=dict)
    """For each action, when the acknowledged disclosure covers a permit of it."""
    provisions: Provisions = field(default_factory=Provisions)
    care_team: tuple[TeamEntry, ...] = ()
    hold: bool = False
    layers: tuple[Layer, ...] = ()
    blocks: tuple[PairBlock, ...] = ()
    emergency_yes_since: Instant = FOREVER
    """When the patient agreed beforehand to an emergency view; FOREVER is no."""
    peers_welcome: bool = False
    erased: Tombstone | None = None
    hcp: Hcp | None = None
    """The author's own record as a professional, if there is one."""
    team_members: frozenset[Who] = field(init=False, repr=False, compare=False)
    """Whoever is or was in the care team."""
    names_somebody: bool = field(init=False, repr=False, compare=False)
    """Whether any refusal by name is their own, or is kept by a tombstone."""

    def __post_init__(self) -> None:
        """Note once what spares most people's authors a search."""
        object.__setattr__(self, "team_members", frozenset([entry.member for entry in self.care_team]))
        object.__setattr__(self, "names_somebody", bool(self.provisions.refused_names or self.erased))


class Setting(NamedTuple):
    """What a community was from an instant on."""

    since: Instant
    posture: Posture
    ages: Ages


class Room(NamedTuple):
    """The posture and ages by which words are judged."""

    posture: Posture
    ages: Ages


@dataclass(frozen=True, slots=True)
class Community:
    """A community's settings, oldest first, and the accounts its platform appointed as moderators."""

    history: tuple[Setting, ...]
    moderators: frozenset[AccountKey] = frozenset()
    observes_from: Instant = FOREVER
    """From when its answers are only observed, for words written from then on; FOREVER enforces."""
    only_room: Room | None = field(init=False, repr=False, compare=False, default=None)
    """Posture and ages, if they never changed."""

    def __post_init__(self) -> None:
        """Spare the look through the history where there is none."""
        if len(self.history) == 1 and self.history[0].posture in POSTURE_STRICTNESS:
            object.__setattr__(self, "only_room", Room(self.history[0].posture, self.history[0].ages))


DEFAULT_ROOM: Final = Room(Posture.INFORMED, Ages.MIXED)


@dataclass(frozen=True, slots=True)
class Conduct:
    """The published conduct record as data: what each action and each register status asks for."""

    assurance: Mapping[Action, Assurance]
    permits: Mapping[Status, frozenset[Action]]


@dataclass(frozen=True, slots=True)
class Facts:
    """All records a request touches. What is missing here refuses."""

    viewer: Viewer
    authors: Mapping[AccountKey, Author]
    conduct: Conduct
    communities: Mapping[str, Community] = field(default_factory=dict)
    strictest: Room = DEFAULT_ROOM
    """The strictest posture and ages that any community of the platform ever had."""
