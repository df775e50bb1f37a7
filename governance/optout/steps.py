"""The difference between two picks as single steps, each of which can be taken alone."""

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from governance.decision.levels import LEVELS
from governance.decision.vocabulary import AccountKey, Action, Level
from governance.optout.choices import Choices, Named
from governance.optout.own.rules import Rule

_LEVELS: Final = frozenset({"care_team", "others"})
_EXTRAS: Final = frozenset({"care_team_extras", "others_extras"})
_NAMED: Final = "named"
RULES: Final = "rules"
_BY_CODE: Final = frozenset({_NAMED, RULES})
"""The parts that hold what is said of somebody or something, each by a code."""
NOBODY_NAMED: Final = ""
"""The value of a step after which somebody has no choice by name any more, or a rule is gone."""
_SWITCHES: Final = frozenset({"emergency", "peers"})
_Said = Named | Rule


class Step(NamedTuple):
    """One part of a pick set anew; of a part that lists people or actions, one of them in, out or changed."""

    part: str
    value: str | bool
    member: str = ""

    @property
    def place(self) -> tuple[str, str]:
        """Return what the step is about: two steps about the same place undo or repeat each other."""
        return self.part, self.member

    def on(self, choices: Choices) -> Choices:
        """Return the choices after this step."""
        changed: Choices = choices._replace(**{self.part: self._after(choices)})
        return changed

    def back_from(self, choices: Choices) -> Any:  # noqa: ANN401 - a level, a yes or no, or what is said of somebody
        """Return what the choices say at the step's place."""
        if self.part in _BY_CODE:
            found = _said_of(choices, self.part, self.member)
            return NOBODY_NAMED if found is None else found.code
        value = getattr(choices, self.part)
        return self.member in value if self.member else value

    def _after(self, choices: Choices) -> Any:  # noqa: ANN401 - as the fields of a pick
        before: Any = getattr(choices, self.part)
        if self.part in _BY_CODE:
            return frozenset(_said_after(before, self))
        if self.part in _LEVELS:
            return Level(str(self.value))
        if not self.member:
            return self.value
        member = Action(self.member) if self.part in _EXTRAS else self.member
        return before | {member} if self.value else before - {member}


def steps_between(before: Choices, after: Choices) -> tuple[Step, ...]:
    """Return the steps from one pick to another, those first that close."""
    parts = (part for part in Choices._fields if part not in _BY_CODE)
    found = [step for part in parts for step in _steps(part, getattr(before, part), getattr(after, part))]
    by_code = (step for part in (_NAMED, RULES) for step in _steps_by_code(part, before, after))
    return tuple(sorted([*found, *by_code], key=_closing_first))


def taken(choices: Choices, steps: Iterable[Step]) -> Choices:
    """Return the choices after all of these steps."""
    for step in steps:
        choices = step.on(choices)
    return choices


def _steps(part: str, before: Any, after: Any) -> Iterator[Step]:  # noqa: ANN401 - as the fields of a pick
    if isinstance(before, frozenset):
        yield from (Step(part, member in after, str(member)) for member in sorted(before ^ after))
    elif before != after:
        yield Step(part, after if isinstance(after, bool) else str(after))


def _steps_by_code(part: str, before: Choices, after: Choices) -> Iterator[Step]:
    differing: frozenset[_Said] = getattr(before, part) ^ getattr(after, part)
    for member in sorted({_member(one) for one in differing}):
        was, will = _said_of(before, part, member), _said_of(after, part, member)
        first = _what_closes(before, was, will)
        if first is not None and first not in (was, will):
            yield Step(part, first.code, member)
        yield Step(part, NOBODY_NAMED if will is None else will.code, member)


def _what_closes(before: Choices, was: _Said | None, will: _Said | None) -> _Said | None:
    """Return the half of a mixed step that never waits: a yes taken back, or an end to what others open beyond it."""
    if will is None:
        return None if was is None or was.level is Level.CLOSED else was._replace(at_most=True)
    if will.closes:
        return None
    limited = was is not None and was.at_most and LEVELS[will.level] < LEVELS[was.level]
    beyond = before.opened - LEVELS[will.level]
    return will._replace(at_most=True) if limited or (was is None and beyond) else None


def _member(one: _Said) -> str:
    return one.account if isinstance(one, Named) else one.scope.code


def _said_of(choices: Choices, part: str, member: str) -> _Said | None:
    return choices.by_name(AccountKey(member)) if part == _NAMED else choices.about(member)


def _said_by(step: Step) -> _Said:
    code = str(step.value)
    return Named.of(AccountKey(step.member), code) if step.part == _NAMED else Rule.of(step.member, code)


def _said_after(before: frozenset[_Said], step: Step) -> Iterator[_Said]:
    yield from (one for one in before if _member(one) != step.member)
    if step.value != NOBODY_NAMED:
        yield _said_by(step)


def _closing_first(step: Step) -> tuple[bool, bool]:
    # With the hold on nothing else opens; who is sent away cannot gain by a level.
    opens = (bool(step.member) or step.part in _SWITCHES) and not _closes(step)
    return step.part != "hold" or step.value is not True, opens


def _closes(step: Step) -> bool:
    if step.part not in _BY_CODE:
        return step.value is not True
    return step.value != NOBODY_NAMED and _said_by(step).closes
