"""Bars as SVG beside their table: the picture says nothing that the table does not, and needs no script."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from markupsafe import Markup, escape

from governance.reporting.numbers.cells import Tally

_WIDTH: Final = 320
_ROW: Final = 18
_BAR: Final = 12


class Bar(NamedTuple):
    """One bar, in units of the picture."""

    y: int
    width: int


def bars(tally: Tally) -> list[Bar]:
    """Return a bar for each line; one without a number has no width."""
    largest = max(tally.largest, 1)
    lines = enumerate(tally.lines)
    return [Bar(at * _ROW, round(_WIDTH * (line.number or 0) / largest)) for at, line in lines]


def chart(tally: Tally, title: str, labels: Sequence[str]) -> Markup:
    """Return a picture of a table with its title; who hears the page is told the lines that follow in the table."""
    height = _ROW * len(tally.lines)
    drawn = (
        Markup('<rect class="chart__bar" x="0" y="{}" width="{}" height="{}"><title>{}</title></rect>').format(
            bar.y, bar.width, _BAR, label
        )
        for bar, label in zip(bars(tally), labels, strict=True)
    )
    return Markup(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}" preserveAspectRatio="xMinYMin meet">{}</svg>'
    ).format(_WIDTH, max(height, _ROW), escape(title), Markup("").join(drawn))
