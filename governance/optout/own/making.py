"""From the answers of five questions to rules: whom, what, where, when, which posts."""

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from governance.decision.provisions import ALWAYS, Interval, Scale, WhoKind
from governance.decision.vocabulary import FOREVER, AccountKey, Instant, Level
from governance.optout.choices import Choices, Named
from governance.optout.own.rules import Rule, Scope
from governance.optout.own.times import FIRST_YEAR, LAST_YEAR, span_of_days, two_weeks_from, zones

EVERYONE: Final = "everyone"
ALSO_NAMED: Final = "everyone_too"
"""Everyone, and those to whom a yes was said by name or in one place."""
_CIRCLES: Final = (Scope(WhoKind.CARE_TEAM), Scope(WhoKind.OTHERS))


class When(StrEnum):
    """How long a rule holds."""

    OPEN = "open"
    """Until the patient ends it."""
    TWO_WEEKS = "two_weeks"
    DAYS = "days"


class Posts(StrEnum):
    """Which posts a rule is about, seen from the moment it is made."""

    ALL = "all"
    NEW = "new"
    OLD = "old"


class BadDaysError(ValueError):
    """These are no days from one to another."""


class Days(NamedTuple):
    """Two days as a form sends them, and where they are meant."""

    first: str
    last: str
    zone: str


def span_for(when: When, days: Days, now: Instant) -> Interval:
    """Return from when to when. Raises `BadDaysError`."""
    if days.zone not in zones():
        raise BadDaysError
    if when is When.OPEN:
        return Interval(now, FOREVER)
    if when is When.TWO_WEEKS:
        return two_weeks_from(days.zone, now)
    try:
        first, last = date.fromisoformat(days.first), date.fromisoformat(days.last)
    except ValueError as error:
        raise BadDaysError from error
    if not (FIRST_YEAR <= first.year <= LAST_YEAR and first <= last and last.year <= LAST_YEAR):
        raise BadDaysError
    span = span_of_days(days.zone, first, last)
    if span.end <= now:
        raise BadDaysError
    return span


def reach_for(posts: Posts, now: Instant) -> Interval:
    """Return the times of the posts that a rule made now is about."""
    if posts is Posts.ALL:
        return ALWAYS
    return Interval(now, ALWAYS.end) if posts is Posts.NEW else Interval(ALWAYS.start, now)


def whom(said: str, name: str, choices: Choices) -> Iterator[Scope]:
    """Yield whom an answer means; *everyone* is never stored, it stands for both groups."""
    if said not in (EVERYONE, ALSO_NAMED):
        yield Scope(WhoKind(said), name)
        return
    yield from _CIRCLES
    if said == ALSO_NAMED:
        yield from (rule.scope for rule in yes_said(choices))


def yes_said(choices: Choices) -> Iterator[Rule]:
    """Yield what was said yes to that is narrower than a group: to whom, where, and how much."""
    for one in sorted(choices.named):
        if not one.closes:
            yield Rule(Scope(WhoKind.NAMED, one.account), one.level)
    yield from (rule for rule in sorted(choices.rules) if not rule.closes)


def spared(said: str, choices: Choices, terms: Scope) -> Iterator[Rule]:
    """Yield what keeps a rule for everyone in one place from crossing the yes of those whom it leaves out."""
    for rule in yes_said(choices) if said == EVERYONE else ():
        if rule.scope.scale < terms.scale and rule.scope.who not in (WhoKind.CARE_TEAM, WhoKind.OTHERS):
            yield from rules_for([rule.scope], rule.level, terms)


def rules_for(whos: Iterable[Scope], level: Level, terms: Scope) -> list[Rule]:
    """Return the rules for some people on the terms of one scope: its place, times, posts and zone."""
    found: dict[Scope, Rule] = {}
    for who in whos:
        place = _meet(who, terms)
        if place is not None:
            scale, platform, digest = place
            scope = terms._replace(who=who.who, name=who.name, scale=scale, platform=platform, place=digest)
            found[scope] = Rule.picked(scope, level)
    return list(found.values())


def into(choices: Choices, rules: Iterable[Rule]) -> Choices:
    """Return choices with further rules; one that is what a level or a choice by name says becomes that."""
    for rule in rules:
        choices = _with(choices, rule)
    return choices


def _with(choices: Choices, rule: Rule) -> Choices:
    scope = rule.scope
    if _is_plain(scope) and scope.who is WhoKind.NAMED:
        one = Named(AccountKey(scope.name), rule.level)
        return choices._replace(named=frozenset({*(x for x in choices.named if x.account != one.account), one}))
    if _is_plain(scope) and rule.level is Level.CLOSED and scope.who in (WhoKind.CARE_TEAM, WhoKind.OTHERS):
        if scope.who is WhoKind.CARE_TEAM:
            return choices._replace(care_team=Level.CLOSED, care_team_extras=frozenset())
        return choices._replace(others=Level.CLOSED, others_extras=frozenset())
    same = scope._replace(zone="")
    others = (one for one in choices.rules if one.scope._replace(zone="") != same)
    return choices._replace(rules=frozenset({*others, rule}))


def _is_plain(scope: Scope) -> bool:
    return scope.scale is Scale.EVERYWHERE and not scope.ends and (scope.since, scope.until) == tuple(ALWAYS)


def _meet(one: Scope, other: Scope) -> tuple[Scale, str, str] | None:
    """Return the smaller of two places, if one lies in the other as far as their names tell."""
    small, large = (one, other) if one.scale >= other.scale else (other, one)
    inside = (
        large.scale is Scale.EVERYWHERE
        or (large.scale is Scale.PLATFORM and large.platform == small.platform)
        or (large.scale, large.platform, large.place) == (small.scale, small.platform, small.place)
    )
    return (small.scale, small.platform, small.place) if inside else None
