"""The quota: beyond so many different people in an hour, the gate is closed to an account until the hour ends.

On the way nothing is written and nobody is asked: each process counts what it answers itself. What several counted is
put together beside the requests (`sharing.py`), within half a second; afterwards the worker counts all of it once more,
exactly, from the decision log (`counting.py`).

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
from governance.effective.facts import shut_out
from governance.pdp.probing.sketch import Sketch, ones_for
from governance.policy.views.conduct import ProbingLimits

HOUR: Final = 3600 * 1_000_000
MOST: Final = 4_096
"""Accounts of professionals that a process counts at once, a kibibyte each; of more, who came first is let go."""
_SHARED_FROM: Final = 16
"""From this part of a quota on a count is shared: who reads as most do is never written down. So many processes at most
can each let through that part more.
"""
_log = structlog.get_logger()


class Window(NamedTuple):
    """One hour: who was counted in it, and from how many bits on somebody is beyond their quota, by platform.

    All accounts of one professional on a platform are counted as one, by the first of all that they have.
    """

    number: int
    counted: dict[tuple[PlatformId, AccountKey], Sketch]
    quotas: dict[PlatformId, int]
    changed: set[tuple[PlatformId, AccountKey]]
    """Of whom more was counted than other processes know."""
    told: set[tuple[PlatformId, AccountKey]]
    """Of whom somebody heard that they are beyond their quota."""


class ProbingWatch:
    """Counts for one process. Threads may share it."""

    def __init__(self, limits: Callable[[], ProbingLimits], tell: Callable[[], None] = lambda: None) -> None:
        """Count under the limits of the rules in force; `tell` hears of each account that goes beyond its quota."""
        self._limits, self._heard = limits, tell
        self._window = Window(-1, {}, {}, set(), set())
        self._turning = Lock()

    def seen(self, platform: PlatformId, facts: Facts, authors: Iterable[AccountKey], now: Instant) -> Facts:
        """Count whom a professional asks about; return the facts, with the gate closed if it was too many."""
        # THREAT: with a second account one would have a second quota, and be the other who makes so much usual.
        whose = (platform, min(facts.viewer.names))
        window = self._at(now // HOUR)
        quota, sketch = self._quota(window, platform), self._sketch(window, whose)
        before = sketch.ones
        sketch.add_all([author for author in authors if author != facts.viewer.account])
        if sketch.ones != before and sketch.ones * _SHARED_FROM > quota:
            window.changed.add(whose)
        if not sketch.is_above(quota):
            return facts
        self._tell_once(window, whose)
        this_hour = Interval(Instant(window.number * HOUR), Instant((window.number + 1) * HOUR))
        return replace(facts, viewer=shut_out(facts.viewer, this_hour))

    def take_changed(self) -> tuple[Window, set[tuple[PlatformId, AccountKey]]]:
        """Return the hour, and of whom more was counted in it since this was asked last."""
        window, changed = self._window, set[tuple[PlatformId, AccountKey]]()
        # One by one: requests put others in meanwhile.
        while window.changed:
            changed.add(window.changed.pop())
        return window, changed

    def learned(self, window: Window, whose: tuple[PlatformId, AccountKey], *, told: bool) -> bool:
        """Take note of what was counted elsewhere, too; return whether somebody heard by now, here or there."""
        if told:
            window.told.add(whose)
        elif window.counted[whose].is_above(self._quota(window, whose[0])):
            self._tell_once(window, whose)
        return whose in window.told

    def _quota(self, window: Window, platform: PlatformId) -> int:
        found = window.quotas.get(platform)
        if found is None:
            found = window.quotas[platform] = ones_for(self._limits().floor_authors)
        return found

    def _sketch(self, window: Window, key: tuple[PlatformId, AccountKey]) -> Sketch:
        found = window.counted.get(key)
        if found is None:
            if len(window.counted) >= MOST:
                window.counted.pop(next(iter(window.counted)), None)
            found = window.counted.setdefault(key, Sketch())
        return found

    def _at(self, number: int) -> Window:
        window = self._window
        if window.number == number:
            return window
        with self._turning:
            if self._window.number != number:
                quotas = self._quotas(window) if window.number == number - 1 else {}
                self._window = Window(number, {}, quotas, set(), set())
            return self._window

    def _quotas(self, over: Window) -> dict[PlatformId, int]:
        """Return the quotas that follow from what was usual in the hour before."""
        limits, counts = self._limits(), dict[PlatformId, list[int]]()
        for (platform, _), sketch in over.counted.items():
            counts.setdefault(platform, []).append(sketch.count)
        return {platform: ones_for(quota_of(limits, usual_of(found))) for platform, found in counts.items()}

    def _tell_once(self, window: Window, whose: tuple[PlatformId, AccountKey]) -> None:
        if whose in window.told:
            return
        window.told.add(whose)
        # Of nobody by name: who it was, officers find by `governance staff probing`.
        _log.error("probing_quota_reached", authors=window.counted[whose].count)
        self._heard()


def usual_of(counts: Iterable[int]) -> float:
    """Return the middle of what accounts asked about, but for who asked most: nobody widens their own quota."""
    others = sorted(counts)[:-1]
    return median(others) if others else 0


def quota_of(limits: ProbingLimits, usual: float) -> int:
    """Return how many people one may ask about in an hour where so many are usual."""
    return max(limits.floor_authors, round(limits.times_usual * usual))
