"""The figures of a year, computed from what cases, clocks and measures were. Pure: rows in, tables out."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Final, NamedTuple

import msgspec

from governance.reporting.numbers.cells import LEAST, Line, Tally, tally
from governance.reporting.work import DAY

SMALLER_FORUMS: Final = "smaller_forums"
"""All forums of which a number alone would be too small."""
NO_FORUM: Final = "no_forum"
_BREACHES: Final = frozenset({"optout_breach", "platform_failure"})
_NINETIETH: Final = 0.9
_HALF: Final = 0.5


class CaseCounts(NamedTuple):
    """What is counted of one case; `filed`, `acknowledged` and `decided` are days (microseconds since 1970, UTC)."""

    kinds: frozenset[str]
    severity: str
    outcome: str | None
    platform: str | None
    filed: int
    acknowledged: int | None
    decided: int | None
    appealed: bool
    appeal_changed: bool
    late: bool


class MeasureCounts(NamedTuple):
    """What is counted of one measure: its kind, and what somebody found who looked again.

    `result` is empty while somebody has to look, and none where nobody has to: a block of one person's pages.
    """

    kind: str
    result: str | None


class Codes(NamedTuple):
    """In what order lines stand: the codes of types, severities, outcomes and measures of the policy in force."""

    kinds: Sequence[str]
    severities: Sequence[str]
    outcomes: Sequence[str]
    measures: Sequence[str]


class Waits(msgspec.Struct, frozen=True):
    """How long something took, in days: half of all took at most `median`, nine of ten at most `ninetieth`.

    None of both where fewer than ten are behind it.
    """

    code: str
    median: int | None
    ninetieth: int | None


class Figures(msgspec.Struct, frozen=True):
    """All tables of the time from `since` to the day before `until`."""

    since: date
    until: date
    tallies: tuple[Tally, ...]
    waits: tuple[Waits, ...]


def figures(
    during: tuple[date, date], cases: Sequence[CaseCounts], measures: Sequence[MeasureCounts], codes: Codes
) -> Figures:
    """Return the figures of cases that were filed, and of measures that were taken, in a time."""
    many = len(cases)
    kinds = Counter(kind for case in cases for kind in case.kinds)
    outcomes = Counter(case.outcome or "open" for case in cases)
    tallies = (
        tally("types", _in_order(kinds, codes.kinds), many),
        tally("severities", _in_order(Counter(case.severity for case in cases), codes.severities)),
        tally("outcomes", _in_order(outcomes, (*codes.outcomes, "open"))),
        tally("measures", _in_order(Counter(one.kind for one in measures), codes.measures)),
        tally("looks", _looks(measures)),
        tally("clocks", _split(many, sum(case.late for case in cases), ("late", "in_time"))),
        tally("appeals", _appeals(cases), many),
        _breaches(cases),
    )
    waits = (
        _waits("acknowledge", ((case.filed, case.acknowledged) for case in cases)),
        _waits("decide", ((case.filed, case.decided) for case in cases)),
    )
    return Figures(*during, tallies, waits)


def _in_order(counted: Mapping[str, int], codes: Iterable[str]) -> dict[str, int]:
    """Return the counts in the order of the policy; what it does not know any more comes last."""
    named = list(codes)
    return {code: counted.get(code, 0) for code in (*named, *sorted(counted.keys() - set(named)))}


def _looks(measures: Sequence[MeasureCounts]) -> dict[str, int]:
    found = Counter(one.result or "open" for one in measures if one.result is not None)
    return _in_order(found, ("right", "renewed", "wrong", "open"))


def _split(many: int, of_these: int, names: tuple[str, str]) -> dict[str, int]:
    return {names[0]: of_these, names[1]: many - of_these}


def _appeals(cases: Sequence[CaseCounts]) -> dict[str, int]:
    asked = [case for case in cases if case.appealed]
    changed = sum(case.appeal_changed for case in asked)
    return {"not_appealed": len(cases) - len(asked), "unchanged": len(asked) - changed, "changed": changed}


def _breaches(cases: Sequence[CaseCounts]) -> Tally:
    """Count breaches of a choice by forum; forums with too few of them stand together."""
    counted = Counter(case.platform or NO_FORUM for case in cases if case.kinds & _BREACHES)
    large = {forum: many for forum, many in sorted(counted.items()) if many >= LEAST}
    together = sum(counted.values()) - sum(large.values())
    if not large:
        whole = together if together >= LEAST else None
        return Tally("breaches", whole, (Line(SMALLER_FORUMS, whole),))
    return tally("breaches", {**large, SMALLER_FORUMS: together} if together else large)


def _waits(code: str, spans: Iterable[tuple[int, int | None]]) -> Waits:
    """Return the nearest-rank percentiles of whole days."""
    days = sorted((end - start) // DAY for start, end in spans if end is not None)
    if len(days) < LEAST:
        return Waits(code, None, None)
    return Waits(code, *(days[math.ceil(share * len(days)) - 1] for share in (_HALF, _NINETIETH)))


def day_of(instant: int) -> date:
    """Return the day of an instant, in UTC."""
    return datetime.fromtimestamp(instant / 1_000_000, UTC).date()
