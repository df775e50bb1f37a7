"""Which of many like cases run every time, and which when there is time: `pytest -m slow`."""

from collections.abc import Iterable
from typing import Any
from zlib import crc32

import pytest


def one_each_time(cases: Iterable[Any]) -> list[Any]:
    """Mark all but the first case, each of which takes most of a minute, as for the hunt alone."""
    return [case if number == 0 else pytest.param(case, marks=pytest.mark.hunt) for number, case in enumerate(cases)]


def few(cases: Iterable[Any], plain: int = 1) -> list[Any]:
    """Mark all but the first cases of a parametrised test as slow."""
    return [case if number < plain else pytest.param(case, marks=pytest.mark.slow) for number, case in enumerate(cases)]


def in_share(test: str, share: str) -> bool:
    """Say whether a test's turn is this one: of `7/2`, the seventh turn of two parts, every test is in one of two."""
    turn, parts = map(int, share.split("/"))
    return crc32(test.encode()) % parts == turn % parts
