"""Counts that may be shown: none under ten, and none that a difference would tell.

Threat: in a small forum "one report about impersonation, upheld" names a person to everybody who was there.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

LEAST: Final = 10
"""A number under this is not shown (`domain.md` names it: the usual one of health statistics)."""
_FEWEST_HIDDEN: Final = 2
"""One hidden number alone is the total less the others."""


class Line(msgspec.Struct, frozen=True):
    """One number of a table; none where it is not shown."""

    code: str
    number: int | None


class Tally(msgspec.Struct, frozen=True):
    """A table of counts, the lines in their given order; `total` none where it would tell what is not shown."""

    code: str
    total: int | None
    lines: tuple[Line, ...]

    @property
    def largest(self) -> int:
        """Return the largest number that is shown."""
        return max((line.number for line in self.lines if line.number is not None), default=0)


def tally(code: str, counts: Mapping[str, int], total: int | None = None) -> Tally:
    """Return what may be shown of some counts; `total`: of how many, if something may count under several lines."""
    whole = sum(counts.values()) if total is None else total
    hidden = _hidden(counts)
    lines = tuple(Line(name, None if name in hidden else many) for name, many in counts.items())
    tells = whole < LEAST or (bool(hidden) and not _is_safe(counts, hidden))
    return Tally(code, None if tells else whole, lines)


def _hidden(counts: Mapping[str, int]) -> set[str]:
    """Return the lines that are not shown: small ones, and as many of the next as keep a difference from telling."""
    hidden = {name for name, many in counts.items() if many < LEAST}
    shown = sorted((name for name in counts if name not in hidden), key=lambda name: (counts[name], name))
    while hidden and shown and not _is_safe(counts, hidden):
        hidden.add(shown.pop(0))
    return hidden


def _is_safe(counts: Mapping[str, int], hidden: set[str]) -> bool:
    return len(hidden) >= _FEWEST_HIDDEN and sum(counts[name] for name in hidden) >= LEAST
