"""The figures as files: CSV that a spreadsheet only reads, and JSON."""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Final

import msgspec

from governance.reporting.numbers.figures import Figures

_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""A cell that begins so is run by spreadsheets; full-width forms too, in some of them."""


def as_json(figures: Figures) -> bytes:
    """Return the figures as JSON, the same keys for every year."""
    return msgspec.json.encode(figures)


def as_csv(rows: Iterable[Iterable[str]]) -> bytes:
    """Return rows as CSV (RFC 4180, UTF-8 with its mark), in which no cell is a formula."""
    written = StringIO(newline="")
    csv.writer(written).writerows([_harmless(cell) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" ").startswith(_BEGINS_A_FORMULA) else cell
