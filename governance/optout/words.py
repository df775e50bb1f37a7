"""What opens and what changes, in words that a patient can check against what they meant."""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from governance.decision.provisions import WhoKind
from governance.decision.vocabulary import BEGINNING, AccountKey, Action, Capacity, Instant, Level
from governance.optout.choices import Choices, Named
from governance.optout.own.rules import Rule, Scope
from governance.optout.own.words import Names, RuleWords, level_in_words
from governance.optout.steps import NOBODY_NAMED, RULES, Step, steps_between
from governance.optout.waiting import Opens
from governance.policy.views.optout import OptoutPolicy
from governance.ui.clock import HERE_IN_WORDS, on_the_wall

_TO_THE_READER: Final = {"my": "your", "me": "you", "mine": "yours"}
_SOMEBODY: Final = {
    WhoKind.CARE_TEAM: "a professional in your care team",
    WhoKind.OTHERS: "a nurse or doctor who is not in your care team",
    WhoKind.ORGANISATION: "a professional of a clinic that you named",
}
WITHOUT_NAME: Final = "one professional whose name we cannot show here"
_EXTRAS: Final = "_extras"
_SWITCHES: Final = {"emergency": "emergency_view", "peers": "peers"}
"""The choices that are a yes or a no, with the policy's own word for each."""
_CIRCLES: Final = {"care_team": "My care team", "others": "All other professionals"}


def who_opens(opens: Opens, names: Names) -> str:
    """Say who could do more."""
    if opens.who is WhoKind.NAMED:
        who = names.get(AccountKey(opens.name), WITHOUT_NAME)
        if opens.capacity is None:
            return f"{who} (even if signed in as no professional)"
    elif opens.capacity is None:
        return "a member of your forum"
    else:
        who = f"a {opens.name.replace('_', ' ')}" if opens.who is WhoKind.PROFESSION else _SOMEBODY[opens.who]
    return f"{who} (here as a patient)" if opens.capacity is Capacity.PEER else who


def may_do(policy: OptoutPolicy, action: Action) -> str:
    """Say what an action is, to the person it is done to: "read your posts"."""
    title = policy.record.section(f"action.{action}.title")
    words = re.sub(r"\b(my|me|mine)\b", lambda found: _TO_THE_READER[found.group()], title)
    once = ", once you wrote first" if action is Action.MESSAGE else ""
    return f"{words[:1].lower()}{words[1:]}{once}"


def sentence(policy: OptoutPolicy, opens: Opens, names: Names, due: Instant | None) -> str:
    """Say from when who could do what; without a time, that it depends on somebody's yes."""
    begins = "Once others have said yes" if due is None else f"From {day_and_time(due)}"
    return f"{begins}, {who_opens(opens, names)} could {may_do(policy, opens.action)}."


def day_and_time(instant: Instant) -> str:
    """Return an instant with its day of the week, saying by which clock."""
    at = on_the_wall(instant)
    return f"{at:%A} {at.day} {at:%B %Y} at {at:%H:%M} ({HERE_IN_WORDS})"


def changes(policy: OptoutPolicy, before: Choices | None, after: Choices, names: Names) -> list[str]:
    """Say what differs between two picks, one sentence each; all of the second one if there was none before."""
    if before is None:
        first = [_level(policy, circle, None, getattr(after, circle)) for circle in _CIRCLES]
        return [*first, *steps(policy, Choices(after.care_team, after.others), after, names)]
    return steps(policy, before, after, names)


def steps(policy: OptoutPolicy, before: Choices, after: Choices, names: Names) -> list[str]:
    """Say every step from one pick to another."""
    return said(policy, before, steps_between(before, after), names)


def said(policy: OptoutPolicy, before: Choices, some: Iterable[Step], names: Names) -> list[str]:
    """Say these steps, taken from a pick; of two about the same place the last."""
    return [_step(policy, before, step, names) for step in {step.place: step for step in some}.values()]


def _step(policy: OptoutPolicy, before: Choices, step: Step, names: Names) -> str:
    if step.part in _BY_PART:
        return _BY_PART[step.part](policy, step, names)
    if step.part.endswith(_EXTRAS):
        return _extra(policy, step)
    if step.member:
        return _member(step, names)
    return _level(policy, step.part, step.back_from(before), Level(str(step.value)))


def _hold(_policy: OptoutPolicy, step: Step, _names: Names) -> str:
    return "You are hidden." if step.value else "You are not hidden any more."


def _switch(policy: OptoutPolicy, step: Step, _names: Names) -> str:
    return policy.record.section(f"{_SWITCHES[step.part]}.{'yes' if step.value else 'no'}")


def _member(step: Step, names: Names) -> str:
    who = names.get(AccountKey(step.member), WITHOUT_NAME)
    return f"In my care team now: {who}." if step.value else f"Not in my care team any more: {who}."


def _rule(policy: OptoutPolicy, step: Step, names: Names) -> str:
    # Of a time that is over, the history says what it was when it was chosen.
    said = RuleWords(policy, names, BEGINNING)
    if step.value == NOBODY_NAMED:
        return said.gone(Rule(Scope.of(step.member), Level.CLOSED))
    return said.line(Rule.of(step.member, str(step.value)))


def by_name(policy: OptoutPolicy, step: Step, names: Names) -> str:
    """Say what a step means for one person."""
    account, code = AccountKey(step.member), str(step.value)
    who = names.get(account, WITHOUT_NAME)
    return f"By name, {who}: {said_by_name(policy, code)}."


def said_by_name(policy: OptoutPolicy, code: str) -> str:
    """Say what a code of a choice by name means."""
    if code == NOBODY_NAMED:
        return "as for their group"
    one = Named.of(AccountKey(""), code)
    return level_in_words(policy, one.level, at_most=one.at_most)


class Person(NamedTuple):
    """One professional with a level or a refusal of their own, as a page shows them."""

    name: str
    level: Level
    at_most: bool


def people_named(choices: Choices, names: Names) -> tuple[Person, ...]:
    """Return everybody chosen for by name, those first whose name can be shown."""
    shown = [Person(names[one.account], one.level, one.at_most) for one in choices.named if one.account in names]
    others = [Person(WITHOUT_NAME, one.level, one.at_most) for one in choices.named if one.account not in names]
    return (*sorted(shown), *sorted(others))


def _extra(policy: OptoutPolicy, step: Step) -> str:
    title = policy.record.section(f"action.{step.member}.title")
    return f"{_CIRCLES[step.part.removesuffix(_EXTRAS)]}: {'yes' if step.value else 'no'} to “{title}”."


def _level(policy: OptoutPolicy, circle: str, before: Level | None, after: Level) -> str:
    title = policy.record.section(f"level.{after}.title")
    if before is None:
        return f"{_CIRCLES[circle]}: “{title}”."
    return f"{_CIRCLES[circle]}: from “{policy.record.section(f'level.{before}.title')}” to “{title}”."


_BY_PART: Final = {"hold": _hold, "emergency": _switch, "peers": _switch, "named": by_name, RULES: _rule}
"""What says a step about a part that is neither a group's level nor its extras nor the team."""
