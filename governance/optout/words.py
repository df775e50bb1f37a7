"""What opens and what changes, in words that a patient can check against what they meant."""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from flask_babel import gettext

from governance.decision.provisions import WhoKind
from governance.decision.vocabulary import BEGINNING, AccountKey, Action, Capacity, Instant, Level
from governance.optout.choices import Choices, Named
from governance.optout.own.rules import Rule, Scope
from governance.optout.own.words import Names, RuleWords, level_in_words
from governance.optout.steps import NOBODY_NAMED, RULES, Step, steps_between
from governance.optout.waiting import Opens
from governance.policy.views.optout import OptoutPolicy
from governance.ui.dates import day_and_time
from governance.ui.professions import profession

_TO_THE_READER: Final = {
    "en": (re.compile(r"\b(my|mine|me)\b"), {"my": "your", "me": "you", "mine": "yours"}),
    # In Spanish a verb carries who it is done to at its end: *leerme*.
    "es": (re.compile(r"\b(mis?)\b|(?<=[aeiáéí]r)me\b"), {"mi": "tu", "mis": "tus", "me": "te"}),
}
"""By language, how the titles of actions speak of whoever chooses, and how a sentence speaks to them."""
_EXTRAS: Final = "_extras"
_SWITCHES: Final = {"emergency": "emergency_view", "peers": "peers"}
"""The choices that are a yes or a no, with the policy's own word for each."""
_CIRCLES: Final = ("care_team", "others")


def without_name() -> str:
    """Say who somebody is whose name cannot be shown."""
    said: str = gettext("one professional whose name we cannot show here")
    return said


def who_opens(opens: Opens, names: Names) -> str:
    """Say who could do more."""
    said: str = _somebody(opens, names)
    if opens.capacity is Capacity.PEER:
        said = gettext("%(who)s (here as a patient)", who=said)
    elif opens.capacity is None and opens.who is WhoKind.NAMED:
        said = gettext("%(who)s (even if signed in as no professional)", who=said)
    elif opens.capacity is None:
        said = gettext("a member of your forum")
    return said


def _somebody(opens: Opens, names: Names) -> str:
    said: str
    if opens.who is WhoKind.NAMED:
        said = names.get(AccountKey(opens.name)) or without_name()
    elif opens.who is WhoKind.PROFESSION:
        said = gettext("a %(profession)s", profession=profession(opens.name))
    elif opens.who is WhoKind.CARE_TEAM:
        said = gettext("a professional in your care team")
    elif opens.who is WhoKind.ORGANISATION:
        said = gettext("a professional of a clinic that you named")
    else:
        said = gettext("a nurse or doctor who is not in your care team")
    return said


def may_do(policy: OptoutPolicy, action: Action) -> str:
    """Say what an action is, to the person it is done to: "read your posts"."""
    title = policy.record.section(f"action.{action}.title")
    mine, yours = _TO_THE_READER[policy.record.speaks]
    words = mine.sub(lambda found: yours[found.group()], title)
    said: str = f"{words[:1].lower()}{words[1:]}"
    if action is Action.MESSAGE:
        said = gettext("%(do)s, once you wrote first", do=said)
    return said


def sentence(policy: OptoutPolicy, opens: Opens, names: Names, due: Instant | None) -> str:
    """Say from when who could do what; without a time, that it depends on somebody's yes."""
    said: str
    who, what = who_opens(opens, names), may_do(policy, opens.action)
    if due is None:
        said = gettext("Once others have said yes, %(who)s could %(do)s.", who=who, do=what)
    elif (since := opens.first(due)) is None:
        said = gettext("Only in a time that is over before this begins, %(who)s could %(do)s.", who=who, do=what)
    else:
        said = gettext("From %(time)s, %(who)s could %(do)s.", time=day_and_time(since), who=who, do=what)
    return said


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
    said: str = gettext("You are hidden.") if step.value else gettext("You are not hidden any more.")
    return said


def _switch(policy: OptoutPolicy, step: Step, _names: Names) -> str:
    return policy.record.section(f"{_SWITCHES[step.part]}.{'yes' if step.value else 'no'}")


def _member(step: Step, names: Names) -> str:
    who = names.get(AccountKey(step.member)) or without_name()
    said: str
    if step.value:
        said = gettext("In my care team now: %(who)s.", who=who)
    else:
        said = gettext("Not in my care team any more: %(who)s.", who=who)
    return said


def _rule(policy: OptoutPolicy, step: Step, names: Names) -> str:
    # Of a time that is over, the history says what it was when it was chosen.
    said = RuleWords(policy, names, BEGINNING)
    if step.value == NOBODY_NAMED:
        return said.gone(Rule(Scope.of(step.member), Level.CLOSED))
    return said.line(Rule.of(step.member, str(step.value)))


def by_name(policy: OptoutPolicy, step: Step, names: Names) -> str:
    """Say what a step means for one person."""
    account, code = AccountKey(step.member), str(step.value)
    who = names.get(account) or without_name()
    said: str = gettext("By name, %(who)s: %(level)s.", who=who, level=said_by_name(policy, code))
    return said


def said_by_name(policy: OptoutPolicy, code: str) -> str:
    """Say what a code of a choice by name means."""
    if code == NOBODY_NAMED:
        said: str = gettext("as for their group")
        return said
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
    others = [Person(without_name(), one.level, one.at_most) for one in choices.named if one.account not in names]
    return (*sorted(shown), *sorted(others))


def _extra(policy: OptoutPolicy, step: Step) -> str:
    circle = _circle(policy, step.part.removesuffix(_EXTRAS))
    what = policy.record.section(f"action.{step.member}.title")
    said: str
    if step.value:
        said = gettext("%(circle)s: yes to “%(what)s”.", circle=circle, what=what)
    else:
        said = gettext("%(circle)s: no to “%(what)s”.", circle=circle, what=what)
    return said


def _level(policy: OptoutPolicy, circle: str, before: Level | None, after: Level) -> str:
    who, level = _circle(policy, circle), policy.record.section(f"level.{after}.title")
    said: str
    if before is None:
        said = gettext("%(circle)s: “%(level)s”.", circle=who, level=level)
    else:
        was = policy.record.section(f"level.{before}.title")
        said = gettext("%(circle)s: from “%(before)s” to “%(after)s”.", circle=who, before=was, after=level)
    return said


def _circle(policy: OptoutPolicy, circle: str) -> str:
    return policy.record.section(f"rule.who.{circle}")


_BY_PART: Final = {"hold": _hold, "emergency": _switch, "peers": _switch, "named": by_name, RULES: _rule}
"""What says a step about a part that is neither a group's level nor its extras nor the team."""
