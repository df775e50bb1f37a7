"""Joining lists of lines: refusals add up, permits need both sides."""

from collections.abc import Sequence

import msgspec

from governance.decision.vocabulary import Effect
from governance.effective.documents import Line

Lines = tuple[Line, ...]


def all_lines(before: Lines, after: Lines) -> Lines:
    """Return every refusal of either side, and the permits that both have."""
    said = {_nameless(line) for line in after}
    kept = tuple(line for line in before if line.effect is Effect.REFUSE or _nameless(line) in said)
    return refusals_of_both(kept, [line for line in after if line.effect is Effect.REFUSE])


def refusals_of_both(before: Lines, more: Sequence[Line]) -> Lines:
    """Return the lines with those of `more` that they lack, each under a name of its own."""
    there, names = {_nameless(line) for line in before}, {line.id for line in before}
    return (*before, *(_renamed(line, names) for line in more if _nameless(line) not in there))


def _nameless(line: Line) -> Line:
    return msgspec.structs.replace(line, id="")


def _renamed(line: Line, names: set[str]) -> Line:
    name = line.id
    while name in names:
        name += "'"
    names.add(name)
    return msgspec.structs.replace(line, id=name)
