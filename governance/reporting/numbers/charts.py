"""Bars as SVG beside their table: the picture says nothing that the table does not, and needs no script."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from markupsafe import Markup, escape

from governance.reporting.numbers.cells import Tally

_WIDTH: Final = 320
_ROW: Final = 34
_LETTERS: Final = 11
"""Where the letters of a line stand, and how large they are; the bar follows below them."""
_BAR_AT: Final = 16
_BAR: Final = 12
_FEWEST: Final = 2
"""One bar compares nothing."""


class Bar(NamedTuple):
    """One bar, in units of the picture."""

    label: str
    y: int
    width: int


def bars(tally: Tally, labels: Sequence[str]) -> list[Bar]:
    """Return a bar for each line that has a number; lines without one leave no gap."""
    largest = max(tally.largest, 1)
    shown = [(label, line.number) for label, line in zip(labels, tally.lines, strict=True) if line.number]
    return [Bar(label, at * _ROW, round(_WIDTH * number / largest)) for at, (label, number) in enumerate(shown)]


def chart(tally: Tally, title: str, labels: Sequence[str]) -> Markup | None:
    """Return a picture of a table with its title, none for fewer than two numbers; the table that follows says all."""
    found = bars(tally, labels)
    if len(found) < _FEWEST:
        return None
    drawn = (
        Markup(
            '<text class="chart__text" x="0" y="{}" font-size="{}">{}</text>'
            '<rect class="chart__bar" x="0" y="{}" width="{}" height="{}"></rect>'
        ).format(bar.y + _LETTERS, _LETTERS, bar.label, bar.y + _BAR_AT, bar.width, _BAR)
        for bar in found
    )
    return Markup(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}" preserveAspectRatio="xMinYMin meet">{}</svg>'
    ).format(_WIDTH, _ROW * len(found), escape(title), Markup("").join(drawn))
