"""Before anything is timed all contestants must give the oracle's answers."""

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final, NamedTuple

from tests.benchmarks.ours import Judge
from tests.benchmarks.population import Population

JUDGED, JUDGED_PAGES = 400, 5
CONTESTANTS: Final = (
    ("tests.benchmarks.ours", "Decide"),
    ("tests.benchmarks.ours", "Remembered"),
    ("tests.benchmarks.cedar", "Cedar"),
    ("tests.benchmarks.vakts", "Vakt"),
)


class Field(NamedTuple):
    """Who takes part, who does not and why, and how often the oracle permits."""

    contestants: list[Any]
    absent: dict[str, str]
    permitted: float


def field_of(population: Population) -> Field:
    """Set up every contestant that is installed and agrees with the oracle in every judged answer."""
    judge = Judge(population)
    expected = _answers(judge)
    contestants, absent = [], {}
    for module, name in CONTESTANTS:
        try:
            contestant = getattr(import_module(module), name)(population)
        except ImportError as error:
            absent[name] = f"not installed ({error.name})"
            continue
        wrong = sum(given != due for given, due in zip(_answers(contestant), expected, strict=True))
        if wrong:
            absent[name] = f"disagrees with the oracle in {wrong} of {len(expected)} answers"
        else:
            contestants.append(contestant)
    return Field(contestants, absent, sum(expected) / len(expected))


def _answers(contestant: Any) -> list[bool]:
    one: Callable[[int], bool] = contestant.one
    paged = [answer for number in range(JUDGED_PAGES) for answer in contestant.page(number)]
    return [one(number) for number in range(JUDGED)] + paged
