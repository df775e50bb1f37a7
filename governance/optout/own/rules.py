"""A rule of a patient's own: who may do what, where, when, and with which posts; and the lines it stands for."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Final, NamedTuple, Self

import msgspec

from governance.decision.levels import CHOSEN_ACTIONS, LEVELS, provisions_of_level
from governance.decision.provisions import ALWAYS, Interval, Place, Provision, Scale, Who, WhoKind
from governance.decision.vocabulary import FOREVER, AccountKey, Action, Contact, Effect, Instant, Level, PlatformId
from governance.effective.documents import Line
from governance.effective.said import is_limited

AT_MOST: Final = "at_most."
MOST_RULES: Final = 40
"""What an edit opens is searched for rule by rule: more would keep a person waiting, and nobody could read them."""
_CLASSES: Final = frozenset({WhoKind.CARE_TEAM, WhoKind.OTHERS})
_ID: Final = "rule"
_DIGITS: Final = 12


class Scope(NamedTuple):
    """What a rule is about; two rules about the same are one. Times are half-open, in UTC.

    `start` and `end` are the times of the decision, `since` and `until` those of the posts.
    """

    who: WhoKind
    name: str = ""
    scale: Scale = Scale.EVERYWHERE
    platform: str = ""
    place: str = ""
    start: int = ALWAYS.start
    end: int = ALWAYS.end
    since: int = ALWAYS.start
    until: int = ALWAYS.end
    zone: str = ""
    """The patient's IANA zone, in which the times were said."""

    @property
    def code(self) -> str:
        """Return it as one word, as a form and a step hold it."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def of(cls, code: str) -> Self:
        """Return what a code says. Raises `ValueError`."""
        return msgspec.json.decode(code, type=cls)

    @property
    def ends(self) -> bool:
        """Say whether its time comes to an end by itself."""
        return self.end != FOREVER

    @property
    def is_class_everywhere(self) -> bool:
        """Say whether it speaks of the same people and places as a level does; there a refusal always wins."""
        return self.who in _CLASSES and self.scale is Scale.EVERYWHERE

    @property
    def where(self) -> Place:
        """Return its place."""
        return Place(self.scale, PlatformId(self.platform), self.place)


class Rule(NamedTuple):
    """One rule: what those in its scope may do there, in its time; at most that, if it only refuses what is beyond."""

    scope: Scope
    level: Level
    at_most: bool = False

    @property
    def code(self) -> str:
        """Return what it lets them do in one word, as for a choice by name."""
        return f"{AT_MOST}{self.level}" if self.at_most else self.level.value

    @property
    def closes(self) -> bool:
        """Say whether it permits nothing."""
        return self.at_most or self.level is Level.CLOSED

    @classmethod
    def of(cls, scope: str, code: str) -> Self:
        """Return the rule that two codes say. Raises `ValueError`."""
        level = Level(code.removeprefix(AT_MOST))
        return cls(Scope.of(scope), level, level is not Level.CLOSED and code.startswith(AT_MOST))

    @classmethod
    def picked(cls, scope: Scope, level: Level) -> Self:
        """Return the rule for a level that was picked: beside the level of the same people it can only close."""
        return cls(scope, level, level is not Level.CLOSED and scope.is_class_everywhere)

    def lines(self) -> tuple[Provision, ...]:
        """Return what it stands for: permits and refusals, both in its time and for its posts alone."""
        scope = self.scope
        who, name = (
            Who(scope.who, scope.name),
            f"{_ID}.{sha256(scope.code.encode()).hexdigest()[:_DIGITS]}.{scope.zone}",
        )
        if self.level is Level.CLOSED:
            # By name all actions: a moderator who is refused keeps away from flagged posts too.
            actions = frozenset(Action) if scope.who is WhoKind.NAMED else CHOSEN_ACTIONS
            lines: tuple[Provision, ...] = (Provision(f"{name}.0", Effect.REFUSE, who, scope.where, actions),)
        else:
            lines = provisions_of_level(self.level, who, name=name, where=scope.where)
        when = Interval(Instant(scope.start), Instant(scope.end))
        reach = Interval(Instant(scope.since), Instant(scope.until))
        return tuple(replace(line, when=when, reach=reach) for line in lines if line.refuses or not self.at_most)


def rules_said(lines: Iterable[Line]) -> tuple[Rule, ...]:
    """Return the rules that lines in force were made of, each once, in order."""
    found: dict[Scope, list[Line]] = {}
    for line in lines:
        if line.who not in _CLASSES | {WhoKind.NAMED} or is_limited(line):
            # The zone says how the times were meant; it makes no second rule of the same lines.
            found.setdefault(scope_of(line)._replace(zone=""), []).append(line)
    return tuple(sorted(_rule(scope._replace(zone=_zone(some[0])), some) for scope, some in found.items()))


def scope_of(line: Line) -> Scope:
    """Return what a line is about."""
    place = line.scale, line.platform, line.place
    return Scope(line.who, line.name, *place, *line.when, *line.reach, _zone(line))


def level_said(lines: Sequence[Line]) -> tuple[Level, bool]:
    """Return the highest level within what lines say, and whether it is only what they do not refuse.

    After a restore that may be less than was ever picked, where two versions do not agree.
    """
    permitted, refused = (_actions(effect, lines) for effect in (Effect.PERMIT, Effect.REFUSE))
    level = _highest(permitted - refused)
    if level is not Level.CLOSED:
        return level, False
    limit = _highest(frozenset(Action) - refused)
    return limit, limit is not Level.CLOSED


def account_named(rule: Rule) -> AccountKey | None:
    """Return whom a rule is about by name."""
    return AccountKey(rule.scope.name) if rule.scope.who is WhoKind.NAMED else None


def opened_by(rules: Iterable[Rule]) -> frozenset[Action]:
    """Return whatever some rule permits to somebody."""
    return frozenset[Action]().union(*(LEVELS[rule.level] for rule in rules if not rule.closes))


def _rule(scope: Scope, lines: Sequence[Line]) -> Rule:
    return Rule(scope, *level_said(lines))


def _actions(effect: Effect, lines: Sequence[Line]) -> frozenset[Action]:
    said = (line.actions for line in lines if line.effect is effect)
    if effect is Effect.REFUSE:
        said = (line.actions for line in lines if line.effect is effect and line.contact is Contact.ANY)
    return frozenset[Action]().union(*said)


def _highest(actions: frozenset[Action]) -> Level:
    return max((level for level in Level if LEVELS[level] <= actions), key=list(Level).index)


def _zone(line: Line) -> str:
    parts = line.id.split(".")
    return parts[2] if len(parts) > 2 and parts[0] == _ID else ""  # noqa: PLR2004 - the word, the digest, the zone
