"""What a check module says about one kind of record."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from governance.policy.problems import Problem
from governance.policy.reading import Source, TextSource
from governance.policy.records import Procedure, Table, Variant
from governance.policy.shape import Shape

Rule: TypeAlias = Callable[[Source], Iterable[Problem]]
"""Finds one sort of problem in a record that has its shape."""
DatedRule: TypeAlias = Callable[[Source, date], Iterable[Problem]]
"""Finds what time has made wrong; today comes from the caller."""
TextRule: TypeAlias = Callable[[Source, TextSource], Iterable[Problem]]
"""Finds what a text says otherwise than its record."""
WordKeys: TypeAlias = Callable[[Table, Variant], frozenset[str]]
"""Says which sections a text of this variant must hold."""


def no_words(_tables: Table, _variant: Variant) -> frozenset[str]:
    """Say that a record is data only."""
    return frozenset()


def titled(*keys: str) -> frozenset[str]:
    """Return the title and the body section of each thing."""
    return frozenset(f"{key}.{part}" for key in keys for part in ("title", "body"))


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record: the shape of its own tables, its rules, and the words it needs."""

    id: str
    procedure: Procedure
    shape: dict[str, Shape]
    rules: tuple[Rule, ...] = ()
    dated_rules: tuple[DatedRule, ...] = ()
    words: WordKeys = no_words
    text_rules: tuple[TextRule, ...] = ()
