"""The machine's own books: what it did to whom. Written by its steps alone, never read from the service."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from governance.decision.facts import Claim, Hcp
from governance.decision.provisions import NEVER, Interval, Who, WhoKind
from governance.decision.vocabulary import BEGINNING, FOREVER, Assurance, Status

MINUTE = 60_000_000
DAY = 24 * 60 * MINUTE
POLICY = tomllib.loads((Path(__file__).parents[2] / "policies/optout/optout.toml").read_text())
LEVELS = {level: frozenset(actions) for level, actions in POLICY["levels"].items()}
"""What each level is said to let somebody do, in the published words."""
ORDER = list(LEVELS)
EXTRAS = frozenset(POLICY["extras"]["actions"])
CHOSEN = LEVELS["part_of_care"] | EXTRAS
"""All that a patient chooses about."""
WAIT = POLICY["loosening"]["cooling_off_hours"] * 60 * MINUTE
UNDO = POLICY["loosening"]["undo_minutes"] * MINUTE
ERASED_AFTER = POLICY["erasing"]["wait_days"] * DAY


class Rule(NamedTuple):
    """Somebody is refused everything in one place, for a time, with some posts."""

    who: str
    name: str = ""
    scale: int = 0
    forum: str = ""
    place: str = ""
    start: int = 0
    end: int = FOREVER
    since: int = BEGINNING
    until: int = FOREVER


class Named(NamedTuple):
    """What was said of one professional by name; `at_most` refuses what lies beyond the level and permits nothing."""

    account: str
    level: str
    at_most: bool = False

    @property
    def closes(self):
        return self.at_most or self.level == "closed"


class Pick(NamedTuple):
    """What a person picked."""

    care_team: str = "closed"
    others: str = "closed"
    team: frozenset = frozenset()
    hold: bool = False
    care_team_extras: frozenset = frozenset()
    others_extras: frozenset = frozenset()
    named: frozenset = frozenset()
    rules: frozenset = frozenset()

    def open_to(self, circle):
        return LEVELS[getattr(self, circle)] | getattr(self, f"{circle}_extras")

    @property
    def opened(self):
        return self.open_to("care_team") | self.open_to("others")

    @property
    def permits_anything(self):
        return bool(self.opened) or any(not one.closes for one in self.named)

    def said_of(self, account):
        return next((one for one in self.named if one.account == account), None)


class Entry(NamedTuple):
    """Somebody's time in a care team."""

    account: str
    start: int
    end: int = FOREVER


class Body(NamedTuple):
    """What counts: a pick, who is and was in the team, and whether anything was ever said."""

    said: bool = False
    pick: Pick = Pick()
    entries: tuple = ()

    def then(self, pick, now):
        """The body after a pick: nobody's time in the team is forgotten."""
        kept = tuple(
            one if one.account in pick.team or one.end != FOREVER else one._replace(end=now) for one in self.entries
        )
        return Body(
            said=True,
            pick=pick,
            entries=(*kept, *(Entry(account, now) for account in sorted(pick.team - self.pick.team))),
        )


NOTHING = Body()


@dataclass
class Wait:
    """What was asked for and does not count yet."""

    parts: tuple
    base: Body
    made: int
    due: int
    complete: bool = True
    """Whether nobody else has to agree, or all have."""
    asks: str = ""
    """Whose yes it takes besides: a guardian's, or an officer's where it names somebody."""


@dataclass
class Stone:
    """What an erasure left."""

    final_at: int
    hold: bool
    refused: tuple = ()
    """Lines that refuse by name."""


@dataclass(eq=False)
class Record:
    """One patient, or what is left of one."""

    name: str
    exists: bool = True
    body: Body = NOTHING
    chose: bool = False
    """Whether they ever pressed something that was written down as a version."""
    waits: list = field(default_factory=list)
    last: Any = None
    """The last version: before it, after it, and when."""
    told: list = field(default_factory=list)
    """When and by which version they were told."""
    ask_again: set = field(default_factory=set)
    says: dict = field(default_factory=dict)
    """Who said from when they are 18."""
    adult_from: int | None = None
    layers: dict = field(default_factory=dict)
    """By party: on which forum (None: everywhere), and what it refuses."""
    released: set = field(default_factory=set)
    """Parties that let the patient take their refusals away."""
    guardian: tuple | None = None
    """The forum of the guardian's account, and the number of their link."""
    blocks: list = field(default_factory=list)
    """Whom an officer keeps away, and when."""
    agreed: dict = field(default_factory=dict)
    """By group: what a guardian said yes to, which ends at 18."""
    hides_by: str = ""
    """The code that hides them."""
    stone: Stone | None = None
    accounts: dict = field(default_factory=dict)
    """By account: its forum and name. Of somebody erased there is none."""
    yes_on: frozenset | None = None
    """On which forums what groups are permitted counts; None is all."""
    yes_waits: dict = field(default_factory=dict)
    erased_at: int | None = None
    """When their deletion is due, if they asked for it."""

    def counts_on(self, forum):
        """What groups are permitted counts on one more forum."""
        del self.yes_waits[forum]
        if self.yes_on is not None:
            self.yes_on |= {forum}


class Joined(NamedTuple):
    """An account that was joined to another record, which it is in still, and the record it had before."""

    account: str
    into: Record
    rests: Record | None


@dataclass
class Professional:
    """One professional, on one forum or on several."""

    name: str
    profession: str
    assurance: int
    accounts: frozenset
    verified_until: int
    attested: tuple
    status: str = "good"
    capacities: list = field(default_factory=list)
    blocks: list = field(default_factory=list)
    views: list = field(default_factory=list)

    def is_stopped(self, capacity):
        """Whether somebody became what they said while they were blocked for everybody: that never counts."""
        return any(start <= capacity.during.start < end for start, end in self.blocks)

    def running(self, platform, now):
        """As what they are here, on a whole forum or in communities of it, as far as it counts."""
        here = [one for one in self.capacities if one.platform == platform]
        return [one for one in here if one.during.start <= now < one.during.end and not self.is_stopped(one)]

    def facts(self):
        """The same as the oracle asks for it."""
        verified = Interval(0, self.verified_until) if self.assurance >= 3 else NEVER
        return Hcp(
            accounts=self.accounts,
            status=Status(self.status),
            checked_until=self.verified_until,
            attested=Interval(*self.attested),
            assurance=Assurance(self.assurance),
            claims=(Claim(Who(WhoKind.PROFESSION, self.profession), verified),),
            capacities=tuple(self.capacities),
            cases=tuple(Interval(*during) for during in self.blocks),
            blocks=tuple(Interval(*during) for during in self.blocks),
            emergency_views=tuple(self.views),
        )


@dataclass
class Group:
    """A community: from when it was what, and who moderates."""

    history: list
    moderators: frozenset = frozenset()


@dataclass
class Book:
    """Everything that was done."""

    now: int = 0
    records: dict = field(default_factory=dict)
    """By account: whose it is."""
    professionals: dict = field(default_factory=dict)
    """By account."""
    declared: set = field(default_factory=set)
    """Accounts that a forum called a professional's."""
    groups: dict = field(default_factory=dict)
    """By forum and name."""
    strictest: dict = field(default_factory=dict)
    """By forum: the strictest posture and ages of any of its communities, the unknown ones included."""
    published: list = field(default_factory=list)
    """Versions of the disclosure after the first: number, since when, and which actions they pause."""
    events: dict = field(default_factory=dict)
    """By account: what became of it last."""
    joined: list = field(default_factory=list)
    linked: dict = field(default_factory=dict)
    """By account: since when it is its record's."""
