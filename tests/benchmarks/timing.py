"""The clock: CPU time of this thread, contestants interleaved in shuffled rounds, medians and quartiles."""

import gc
import random
import statistics
import time
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from typing import NamedTuple

Work = Callable[[int], object]


class Task(NamedTuple):
    """Something to do for each number below `different`, again and again."""

    work: Work
    different: int


class Quartiles(NamedTuple):
    low: float
    median: float
    high: float


class Timed(NamedTuple):
    """Microseconds of CPU a call, one figure a round; the n-th figures of all tasks belong to one round."""

    rounds: list[float]

    @property
    def quartiles(self) -> Quartiles:
        return quartiles(self.rounds)


def quartiles(figures: list[float]) -> Quartiles:
    return Quartiles(*statistics.quantiles(figures, n=4, method="inclusive"))


def ratios(one: Timed, other: Timed) -> Quartiles:
    """Compare round by round: what slowed a round down slowed both."""
    return quartiles([a / b for a, b in zip(one.rounds, other.rounds, strict=True)])


def race(tasks: Mapping[str, Task], rounds: int, block: float, seed: int) -> dict[str, Timed]:
    """Time blocks of about `block` seconds; every task once a round, in a new order each round."""
    rng = random.Random(seed)
    with _frozen():
        calls = {name: _calls_for(task, block) for name, task in tasks.items()}
        at = dict.fromkeys(tasks, 0)
        timed = {name: Timed([]) for name in tasks}
        for _ in range(rounds):
            for name in rng.sample(list(tasks), len(tasks)):
                # A quarter is not timed: nobody pays for what the one before left in the processor's caches.
                warming = calls[name] // 4
                _microseconds(tasks[name], at[name], warming)
                timed[name].rounds.append(_microseconds(tasks[name], at[name] + warming, calls[name]))
                at[name] += warming + calls[name]
    return timed


def _microseconds(task: Task, first: int, calls: int) -> float:
    work, numbers = task.work, [number % task.different for number in range(first, first + calls)]
    start = time.thread_time_ns()
    for number in numbers:
        work(number)
    return (time.thread_time_ns() - start) / max(1, calls) / 1_000


def _calls_for(task: Task, block: float) -> int:
    """Go through the different inputs once, which warms what can be warm, then count by some of the last."""
    _microseconds(task, 0, task.different)
    some = min(task.different, 200)
    once = _microseconds(task, task.different - some, some)
    return max(1, round(block * 1e6 / once))


@contextmanager
def _frozen():
    """Keep the collector from walking the population in the middle of a block."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()
