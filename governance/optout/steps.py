"""The difference between two picks as single steps, each of which can be taken alone."""

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from governance.decision.levels import LEVELS
from governance.decision.vocabulary import AccountKey, Action, Level
from governance.optout.choices import Choices, Named

_LEVELS: Final = frozenset({"care_team", "others"})
_EXTRAS: Final = frozenset({"care_team_extras", "others_extras"})
_NAMED: Final = "named"
NOBODY_NAMED: Final = ""
"""The value of a step after which somebody has no choice by name any more."""


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
        if self.part == _NAMED:
            found = choices.by_name(AccountKey(self.member))
            return NOBODY_NAMED if found is None else found.code
        value = getattr(choices, self.part)
        return self.member in value if self.member else value

    def _after(self, choices: Choices) -> Any:  # noqa: ANN401 - as the fields of a pick
        before: Any = getattr(choices, self.part)
        if self.part == _NAMED:
            return frozenset(_named_after(before, AccountKey(self.member), str(self.value)))
        if self.part in _LEVELS:
            return Level(str(self.value))
        if not self.member:
            return self.value
        member = Action(self.member) if self.part in _EXTRAS else self.member
        return before | {member} if self.value else before - {member}


def steps_between(before: Choices, after: Choices) -> tuple[Step, ...]:
    """Return the steps from one pick to another, those first that close."""
    parts = (part for part in Choices._fields if part != _NAMED)
    found = [step for part in parts for step in _steps(part, getattr(before, part), getattr(after, part))]
    return tuple(sorted([*found, *_steps_by_name(before, after)], key=_closing_first))


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


def _steps_by_name(before: Choices, after: Choices) -> Iterator[Step]:
    for account in sorted({one.account for one in before.named ^ after.named}):
        was, will = before.by_name(account), after.by_name(account)
        first = _what_closes(before, was, will)
        if first is not None and first not in (was, will):
            yield Step(_NAMED, first.code, account)
        yield Step(_NAMED, NOBODY_NAMED if will is None else will.code, account)


def _what_closes(before: Choices, was: Named | None, will: Named | None) -> Named | None:
    """Return the half of a mixed step that never waits: a yes taken back, or an end to what groups do beyond it."""
    if will is None:
        return None if was is None or was.level is Level.CLOSED else was._replace(at_most=True)
    if will.closes:
        return None
    limited = was is not None and was.at_most and LEVELS[will.level] < LEVELS[was.level]
    beyond = (before.open_to("care_team") | before.open_to("others")) - LEVELS[will.level]
    return will._replace(at_most=True) if limited or (was is None and beyond) else None


def _named_after(before: frozenset[Named], account: AccountKey, code: str) -> Iterator[Named]:
    yield from (one for one in before if one.account != account)
    if code != NOBODY_NAMED:
        yield Named.of(account, code)


def _closing_first(step: Step) -> tuple[bool, bool]:
    # With the hold on nothing else opens; who is sent away cannot gain by a level.
    return step.part != "hold" or step.value is not True, bool(step.member) and not _closes(step)


def _closes(step: Step) -> bool:
    if step.part != _NAMED:
        return step.value is not True
    return step.value != NOBODY_NAMED and (Named.of(AccountKey(step.member), str(step.value)).closes)
