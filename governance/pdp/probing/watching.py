"""The quota: beyond so many different people in an hour, the gate is closed to an account until the hour ends.

Nothing is written and nobody is asked: each process counts what it answers itself. Where several serve, an account may
ask each of them so much; the worker counts all of them together afterwards, from the decision log (`counting.py`).

INVARIANT: the closed gate is a fact like any other, and the decision is taken on it. So the answer is the same, in the
same bytes and after the same work, whoever is asked about: it tells nothing of any patient.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from statistics import median
from threading import Lock
from typing import Final, NamedTuple

import structlog

from governance.decision.facts import Facts
from governance.decision.provisions import Interval
from governance.decision.vocabulary import AccountKey, Instant, PlatformId
from governance.pdp.probing.sketch import Sketch, ones_for
from governance.policy.views.conduct import ProbingLimits

HOUR: Final = 3600 * 1_000_000
MOST: Final = 4_096
"""Accounts of professionals that a process counts at once, a kibibyte each; of more, who came first is let go."""
_log = structlog.get_logger()


class _Window(NamedTuple):
    """One hour: who was counted in it, and from how many bits on somebody is beyond their quota, by platform.

    All accounts of one professional on a platform are counted as one, by the first of all that they have.
    """

    number: int
    counted: dict[tuple[PlatformId, AccountKey], Sketch]
    quotas: dict[PlatformId, int]


class ProbingWatch:
    """Counts for one process. Threads may share it."""

    def __init__(self, limits: Callable[[], ProbingLimits], tell: Callable[[], None] = lambda: None) -> None:
        """Count under the limits of the rules in force; `tell` hears of each account that goes beyond its quota."""
        self._limits, self._heard = limits, tell
        self._window = _Window(-1, {}, {})
        self._turning = Lock()

    def seen(self, platform: PlatformId, facts: Facts, authors: Iterable[AccountKey], now: Instant) -> Facts:
        """Count whom a professional asks about; return the facts, with the gate closed if it was too many."""
        viewer = facts.viewer.account
        window = self._at(now // HOUR)
        quota = window.quotas.get(platform)
        if quota is None:
            quota = window.quotas[platform] = ones_for(self._limits().floor_authors)
        # THREAT: with a second account one would have a second quota, and be the other who makes so much usual.
        sketch = self._sketch(window, (platform, min(facts.viewer.names)))
        was_beyond = sketch.is_above(quota)
        sketch.add_all([author for author in authors if author != viewer])
        if not sketch.is_above(quota):
            return facts
        if not was_beyond:
            self._tell(sketch.count)
        return closed(facts, Interval(Instant(window.number * HOUR), Instant((window.number + 1) * HOUR)))

    def _sketch(self, window: _Window, key: tuple[PlatformId, AccountKey]) -> Sketch:
        found = window.counted.get(key)
        if found is None:
            if len(window.counted) >= MOST:
                window.counted.pop(next(iter(window.counted)), None)
            found = window.counted.setdefault(key, Sketch())
        return found

    def _at(self, number: int) -> _Window:
        window = self._window
        if window.number == number:
            return window
        with self._turning:
            if self._window.number != number:
                self._window = _Window(number, {}, self._quotas(window) if window.number == number - 1 else {})
            return self._window

    def _quotas(self, over: _Window) -> dict[PlatformId, int]:
        """Return the quotas that follow from what was usual in the hour before."""
        limits, counts = self._limits(), dict[PlatformId, list[int]]()
        for (platform, _), sketch in over.counted.items():
            counts.setdefault(platform, []).append(sketch.count)
        return {platform: ones_for(quota_of(limits, usual_of(found))) for platform, found in counts.items()}

    def _tell(self, count: int) -> None:
        # Of nobody by name: who it was, officers find by `governance staff probing`.
        _log.error("probing_quota_reached", authors=count)
        self._heard()


def usual_of(counts: Iterable[int]) -> float:
    """Return the middle of what accounts asked about, but for who asked most: nobody widens their own quota."""
    others = sorted(counts)[:-1]
    return median(others) if others else 0


def quota_of(limits: ProbingLimits, usual: float) -> int:
    """Return how many people one may ask about in an hour where so many are usual."""
    return max(limits.floor_authors, round(limits.times_usual * usual))


def closed(facts: Facts, during: Interval) -> Facts:
    """Return the facts with the gate closed to the viewer, as a measure closes it."""
    viewer = facts.viewer
    hcp = replace(viewer.hcp, blocks=(*viewer.hcp.blocks, during))
    return replace(facts, viewer=replace(viewer, hcp=hcp))
