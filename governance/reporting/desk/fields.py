"""What an officer fills in for one act: the fields of its form as data, and what is read from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from governance.reporting.cases.service import CaseWork
from governance.reporting.cases.states import OVER, State
from governance.reporting.desk.shown import Shown
from governance.sentences import Sentence

LONGEST: Final = 8000
Given = dict[str, Any]
"""What was filled in, by the names of fields."""
_OPEN: Final = frozenset(State) - OVER


class Option(NamedTuple):
    """One thing that can be picked."""

    value: str
    text: Sentence | str


def always(_shown: Shown) -> bool:
    """Ask for a field in every case."""
    return True


def nothing_yet(_shown: Shown) -> str:
    """Return an empty field."""
    return ""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `line`, `area`, `pick` one, `ticks` several, or `tick`."""

    name: str
    kind: str
    label: Sentence
    hint: Sentence | None = None
    options: Callable[[Shown], list[Option]] | None = None
    before: Callable[[Shown], str] = nothing_yet
    needed: bool = True
    when: Callable[[Shown], bool] = always


@dataclass(frozen=True, slots=True)
class DeskAct:
    """One act: `says` heads its page, `button` is pressed."""

    says: Sentence
    button: Sentence
    fields: tuple[Field, ...]
    does: Callable[[CaseWork, Given], str | None]
    """Returns what is shown once afterwards, such as a code; most return nothing."""
    states: frozenset[State] = _OPEN

    def asked(self, shown: Shown) -> tuple[Field, ...]:
        """Return the fields that a case's form has: some are for what not every case holds."""
        return tuple(field for field in self.fields if field.when(shown))


class Filled(NamedTuple):
    """What was sent, and which fields lack something."""

    values: dict[str, Any]
    missing: list[str]


def read(fields: tuple[Field, ...], sent: Mapping[str, Any], shown: Shown) -> Filled:
    """Return what a form of these fields holds; anything that was not offered counts as missing."""
    values: dict[str, Any] = {}
    missing = []
    for field in fields:
        if field.kind == "ticks":
            offered = {option.value for option in (field.options or _none)(shown)}
            values[field.name] = frozenset(sent.get(field.name, [])) & offered
            continue
        said = str(sent.get(field.name, "")).strip()[:LONGEST]
        if field.kind == "tick":
            values[field.name] = bool(said)
            continue
        values[field.name] = said
        offered = {option.value for option in (field.options or _none)(shown)}
        if (field.needed and not said) or (field.kind == "pick" and said and said not in offered):
            missing.append(field.name)
    return Filled(values, missing)


def _none(_shown: Shown) -> list[Option]:
    return []
