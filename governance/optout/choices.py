"""A patient's choices as values, and the lines they stand for."""

from typing import Final, NamedTuple, Self

import msgspec

from governance.decision.levels import EXTRAS, LEVELS, provisions_of_level
from governance.decision.provisions import CARE_TEAM, EVERYWHERE, OTHERS, Provision, WhoKind, named
from governance.decision.vocabulary import FOREVER, AccountKey, Action, Effect, Instant, Level
from governance.optout.own.rules import AT_MOST, MOST_RULES, Rule, account_named, opened_by

_ONLY_FOR_ADULTS: Final = frozenset({Action.LOOK_UP, Action.CONNECT})
_ASKED_ITEM_BY_ITEM: Final = frozenset({Action.RECORD})
"""A yes to all of one's posts at once would be the very thing that asking each time is to prevent."""
_LEVELS_FOR_OTHERS: Final = (Level.CLOSED, Level.SEEN, Level.ANSWERED, Level.IN_TOUCH)


def levels_for_others(*, adult: bool) -> tuple[Level, ...]:
    """Return what may be picked for professionals one did not name; nobody under 18 opens private messages to them."""
    return _LEVELS_FOR_OTHERS if adult else _LEVELS_FOR_OTHERS[:-1]


def levels_for(who: WhoKind, *, adult: bool) -> tuple[Level, ...]:
    """Return what a rule may say of one's own people, or of those one did not name."""
    return tuple(Level) if who in (WhoKind.NAMED, WhoKind.CARE_TEAM) else levels_for_others(adult=adult)


def extras_for(*, adult: bool) -> frozenset[Action]:
    """Return the extras on offer to a group; nobody looks up or befriends somebody under 18 (step 3g)."""
    return EXTRAS - _ASKED_ITEM_BY_ITEM - (frozenset() if adult else _ONLY_FOR_ADULTS)


class Named(NamedTuple):
    """One professional, by the account the patient saw, and what they may do whatever else was picked."""

    account: AccountKey
    level: Level
    """Closed is the refusal by name."""
    at_most: bool = False
    """Whether it only refuses what lies beyond the level: a yes by name that waits, or that a restore left."""

    @property
    def code(self) -> str:
        """Return what is said of this person in one word, as a form and a step hold it."""
        return f"{AT_MOST}{self.level}" if self.at_most else self.level.value

    @property
    def closes(self) -> bool:
        """Say whether it permits nothing."""
        return self.at_most or self.level is Level.CLOSED

    @classmethod
    def of(cls, account: AccountKey, code: str) -> Self:
        """Return what a code says. Raises `ValueError`."""
        return cls(account, Level(code.removeprefix(AT_MOST)), code.startswith(AT_MOST))

    def lines(self) -> tuple[Provision, ...]:
        """Return what it stands for; the id of a line tells whom it names, so that no one's leaving changes it."""
        who, name = named(self.account), f"named.{self.account}"
        if self.level is Level.CLOSED:
            # All actions: a moderator who is refused keeps away from flagged posts too.
            return (Provision(name, Effect.REFUSE, who, EVERYWHERE, frozenset(Action)),)
        lines = provisions_of_level(self.level, who, name=name)
        return tuple(line for line in lines if line.refuses or not self.at_most)


class Choices(NamedTuple):
    """What a patient picks: levels and extras for the care team and for all others, people by name, rules, the hold."""

    care_team: Level = Level.CLOSED
    others: Level = Level.CLOSED
    team: frozenset[AccountKey] = frozenset()
    hold: bool = False
    care_team_extras: frozenset[Action] = frozenset()
    others_extras: frozenset[Action] = frozenset()
    named: frozenset[Named] = frozenset()
    rules: frozenset[Rule] = frozenset()
    """Each about something else."""
    emergency: bool = False
    """Whether one professional may look at one thread where somebody thinks that the patient is in danger."""
    peers: bool = False
    """Whether professionals who are here as patients may meet the patient as any member."""

    @property
    def permits_anything(self) -> bool:
        """Say whether some action of somebody is permitted."""
        said: tuple[Named | Rule, ...] = (*self.named, *self.rules)
        by_name = any(not one.closes for one in said)
        return bool(self.open_to("care_team") or self.open_to("others")) or by_name or self.emergency or self.peers

    @property
    def opened(self) -> frozenset[Action]:
        """Return whatever some group or some rule permits, people by name left out."""
        return self.open_to("care_team") | self.open_to("others") | opened_by(self.rules)

    @property
    def spoken_of(self) -> frozenset[AccountKey]:
        """Return everybody who is in the care team or chosen for by name."""
        by_rule = {account for rule in self.rules if (account := account_named(rule)) is not None}
        return self.team | {one.account for one in self.named} | by_rule

    def about(self, scope: str) -> Rule | None:
        """Return the rule about one scope, by its code."""
        return next((rule for rule in self.rules if rule.scope.code == scope), None)

    def open_to(self, circle: str) -> frozenset[Action]:
        """Return what the level and the extras of `care_team` or `others` permit."""
        level: Level = getattr(self, circle)
        extras: frozenset[Action] = getattr(self, f"{circle}_extras")
        return LEVELS[level] | extras

    def by_name(self, account: AccountKey) -> Named | None:
        """Return what was said of one person by name."""
        return next((one for one in self.named if one.account == account), None)


def is_offered(wanted: Choices, *, adult: bool) -> bool:
    """Say whether all of a pick is on offer to somebody of their age."""
    extras, of_others = wanted.care_team_extras | wanted.others_extras, levels_for_others(adult=adult)
    by_rule = all(rule.level in levels_for(rule.scope.who, adult=adult) for rule in wanted.rules)
    few = len(wanted.rules) <= MOST_RULES and len({rule.scope for rule in wanted.rules}) == len(wanted.rules)
    return (
        wanted.others in of_others and extras <= extras_for(adult=adult) and by_rule and few and adult >= wanted.peers
    )


def as_offered(asked: Choices, *, adult: bool) -> Choices:
    """Return what is left of a pick where less is on offer than when it was made: the most that is, and nothing else.

    Of whom a forum said that they are grown up, it may say later that they are not. What they picked before must not
    stand in the way of their next press, least of all of one that closes.
    """
    extras = extras_for(adult=adult)
    return asked._replace(
        others=_at_most(asked.others, levels_for_others(adult=adult)),
        care_team_extras=asked.care_team_extras & extras,
        others_extras=asked.others_extras & extras,
        rules=frozenset(
            rule._replace(level=_at_most(rule.level, levels_for(rule.scope.who, adult=adult))) for rule in asked.rules
        ),
        peers=asked.peers and adult,
    )


def _at_most(level: Level, offered: tuple[Level, ...]) -> Level:
    return level if level in offered else offered[-1]


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """Somebody's time in the care team, half-open; the end is FOREVER while it runs."""

    account: AccountKey
    start: int
    end: int

    @property
    def running(self) -> bool:
        """Say whether this person is in the team now."""
        return self.end == FOREVER


class DirectiveBody(msgspec.Struct, frozen=True):
    """One version of a patient's choices, as sealed in a directive."""

    care_team: Level = Level.CLOSED
    others: Level = Level.CLOSED
    hold: bool = False
    entries: tuple[Entry, ...] = ()
    said: bool = True
    """False where the patient took back the only thing they ever chose: as before it, nothing is said."""
    care_team_extras: frozenset[Action] = frozenset()
    others_extras: frozenset[Action] = frozenset()
    named: tuple[Named, ...] = ()
    """In the order of the accounts, each once."""
    rules: tuple[Rule, ...] = ()
    """In order, each about something else. One whose time is over stays until the patient takes it away."""
    emergency_since: int = FOREVER
    """Since when a look in an emergency is agreed to; FOREVER is no."""
    peers: bool = False

    @property
    def choices(self) -> Choices:
        """Return what the patient picked."""
        team = frozenset(entry.account for entry in self.entries if entry.running)
        extras = self.care_team_extras, self.others_extras
        chosen = Choices(self.care_team, self.others, team, self.hold, *extras, frozenset(self.named))
        emergency = self.emergency_since != FOREVER
        return chosen._replace(rules=frozenset(self.rules), emergency=emergency, peers=self.peers)

    def followed_by(self, wanted: Choices, now: Instant) -> Self:
        """Return the next version. Entries of the team end, none is dropped: refusals go on binding who left."""
        kept = tuple(
            entry if entry.account in wanted.team or not entry.running else msgspec.structs.replace(entry, end=now)
            for entry in self.entries
        )
        joined = sorted(wanted.team - self.choices.team)
        return type(self)(
            care_team=wanted.care_team,
            others=wanted.others,
            hold=wanted.hold,
            entries=(*kept, *(Entry(account, now, FOREVER) for account in joined)),
            care_team_extras=wanted.care_team_extras,
            others_extras=wanted.others_extras,
            named=tuple(sorted(wanted.named)),
            rules=tuple(sorted(wanted.rules)),
            emergency_since=min(self.emergency_since, now) if wanted.emergency else FOREVER,
            peers=wanted.peers,
        )

    def provisions(self) -> tuple[Provision, ...]:
        """Return the lines that it all stands for; both classes are always said, and every extra that is off."""
        return (
            *provisions_of_level(self.care_team, CARE_TEAM, name="care_team", extras=self.care_team_extras),
            *provisions_of_level(self.others, OTHERS, name="others", extras=self.others_extras),
            *(line for one in self.named for line in one.lines()),
            *(line for rule in self.rules for line in rule.lines()),
        )
