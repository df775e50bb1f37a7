"""Choices that cross: one is about fewer people, the other about a smaller place. There the no counts; we say so."""

from collections.abc import Iterator
from typing import NamedTuple

from governance.decision.levels import CHOSEN_ACTIONS, LEVELS
from governance.decision.provisions import WHO_RANK, Scale, WhoKind
from governance.decision.vocabulary import Action
from governance.optout.choices import Choices
from governance.optout.own.rules import Rule, Scope


class Crossing(NamedTuple):
    """A yes and a no that meet where neither is within the other, with an action that they disagree about."""

    yes: Scope
    no: Scope
    action: Action


def crossings(choices: Choices) -> list[Crossing]:
    """Return every pair of choices that cross, one action of each."""
    said = list(_said(choices))
    found = {}
    for yes in said:
        for no in said:
            action = _disagree(yes, no)
            if action is not None and _cross(yes.scope, no.scope) and not _settled(said, yes.scope, no.scope):
                found[yes.scope, no.scope] = Crossing(yes.scope, no.scope, action)
    return sorted(found.values())


def _said(choices: Choices) -> Iterator[Rule]:
    """Yield all that is said of somebody or some place, as rules."""
    yield from choices.rules
    for one in choices.named:
        yield Rule(Scope(WhoKind.NAMED, one.account), one.level, one.at_most)


def _disagree(yes: Rule, no: Rule) -> Action | None:
    if yes.closes:
        return None
    differing = LEVELS[yes.level] & (CHOSEN_ACTIONS - LEVELS[no.level])
    return next((action for action in Action if action in differing), None)


def _cross(yes: Scope, no: Scope) -> bool:
    if yes.who is no.who is WhoKind.NAMED and yes.name == no.name:
        # Somebody who is refused by name everywhere is kept away whatever stands beside it (step 3b).
        return no.scale is Scale.EVERYWHERE and yes.scale is not Scale.EVERYWHERE and _may_meet(yes, no)
    by_person = WHO_RANK[yes.who] - WHO_RANK[no.who]
    by_place = yes.scale - no.scale
    return by_person * by_place < 0 and _may_meet(yes, no)


def _settled(said: list[Rule], yes: Scope, no: Scope) -> bool:
    """Say whether something is said of these very people in this very place, for all of the no's time."""
    fewer = max(yes, no, key=lambda scope: WHO_RANK[scope.who])
    smaller = max(yes, no, key=lambda scope: scope.scale)
    there = fewer.who, fewer.name, smaller.scale, smaller.platform, smaller.place
    return any(
        rule.scope not in (yes, no) and rule.scope[:5] == there and _holds_as_long(rule.scope, no) for rule in said
    )


def _holds_as_long(one: Scope, other: Scope) -> bool:
    in_time = one.start <= other.start and other.end <= one.end
    return in_time and one.since <= other.since and other.until <= one.until


def _may_meet(one: Scope, other: Scope) -> bool:
    apart = one.end <= other.start or other.end <= one.start or one.until <= other.since or other.until <= one.since
    wide = min(one, other, key=lambda scope: scope.scale)
    # Which thread lies in which group nobody tells us: it may.
    return not apart and (wide.scale is Scale.EVERYWHERE or one.platform == other.platform)
