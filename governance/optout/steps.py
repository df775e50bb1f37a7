"""The difference between two picks as single steps, each of which can be taken alone."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from governance.decision.vocabulary import Level
from governance.optout.choices import Choices

_LEVELS = frozenset({"care_team", "others"})


class Step(NamedTuple):
    """One part of a pick set anew; of a part that lists people, one of them in or out."""

    part: str
    value: str | bool
    member: str = ""

    @property
    def place(self) -> tuple[str, str]:
        """Return what the step is about: two steps about the same place undo or repeat each other."""
        return self.part, self.member

    def on(self, choices: Choices) -> Choices:
        """Return the choices after this step."""
        before: Any = getattr(choices, self.part)
        value: Any = self.value
        if self.member:
            value = before | {self.member} if value else before - {self.member}
        elif self.part in _LEVELS:
            value = Level(str(value))
        changed: Choices = choices._replace(**{self.part: value})
        return changed

    def back_from(self, choices: Choices) -> Any:  # noqa: ANN401 - a level, a yes or no, or whether somebody is listed
        """Return what the choices say at the step's place."""
        value = getattr(choices, self.part)
        return self.member in value if self.member else value


def steps_between(before: Choices, after: Choices) -> tuple[Step, ...]:
    """Return the steps from one pick to another, those first that close."""
    found = [step for part in Choices._fields for step in _steps(part, getattr(before, part), getattr(after, part))]
    return tuple(sorted(found, key=_closing_first))


def taken(choices: Choices, steps: Iterable[Step]) -> Choices:
    """Return the choices after all of these steps."""
    for step in steps:
        choices = step.on(choices)
    return choices


def _steps(part: str, before: Any, after: Any) -> Iterator[Step]:  # noqa: ANN401 - as the fields of a pick
    if isinstance(before, frozenset):
        yield from (Step(part, member in after, member) for member in sorted(before ^ after))
    elif before != after:
        yield Step(part, after if isinstance(after, bool) else str(after))


def _closing_first(step: Step) -> tuple[bool, bool]:
    # With the hold on nothing else opens; who is sent away cannot gain by a level.
    return step.part != "hold" or step.value is not True, bool(step.member) and step.value is True
