"""Which of many like cases run every time, and which when there is time: `pytest -m slow`."""

from collections.abc import Iterable
from typing import Any

import pytest


def few(cases: Iterable[Any], plain: int = 1) -> list[Any]:
    """Mark all but the first cases of a parametrised test as slow."""
    return [case if number < plain else pytest.param(case, marks=pytest.mark.slow) for number, case in enumerate(cases)]
