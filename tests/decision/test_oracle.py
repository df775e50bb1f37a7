"""The core and the oracle, written apart, agree in every world drawn."""

import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import pytest
from rich.progress import track

from governance.decision.decide import decide, explain
from governance.decision.verdicts import Step
from governance.decision.vocabulary import Reason
from tests.decision.broken import WRONG_DECISIONS
from tests.decision.laws import Decide
from tests.decision.oracle import oracle
from tests.decision.shrink import shrink, tell
from tests.decision.worlds import PER_POOL, World, worlds

PLAIN, HUNT = int(os.environ.get("WORLDS", "100000")), int(os.environ.get("HUNT_WORLDS", "5000000"))
PER_TASK = PER_POOL * 50
SEED = int(os.environ.get("WORLDS_SEED", "2"))
PERMIT_ONLY = {Step.OWN_WORDS, Step.EMERGENCY, Step.PEER, Step.OPEN_COMMUNITY}
REFUSE_ONLY = {Step.GATE, Step.ERASED, Step.BLOCK, Step.HOLD_OR_LAYER, Step.AGE, Step.NOTHING_PERMITS, Step.BROKEN}


def differ(decide: Decide, world: World) -> bool:
    """Say whether core and oracle answer differently, or the core with itself."""
    decision, reason = decide(*world), oracle(*world)
    return decision.reason is not reason or decision.permit is not (reason in {Reason.PERMITTED, Reason.NOT_GOVERNED})


def disagreements(decide: Decide, seed: int, count: int) -> Iterator[str]:
    """Tell of each world in which they differ, made small."""
    for number, world in enumerate(worlds(seed, count)):
        if differ(decide, world):
            small = shrink(world, partial(differ, decide))
            answers = f"core {decide(*small).reason.value}, oracle {oracle(*small).value}"
            yield f"world {number} of seed {seed}: {answers}\n{tell(small)}"


def first_disagreement(seed: int) -> str | None:
    return next(disagreements(decide, seed, PER_TASK), None)


def test_core_and_oracle_agree():
    found = next(disagreements(decide, SEED, PLAIN), None)
    assert found is None, found


@pytest.mark.hunt
@pytest.mark.timeout(7200)
def test_core_and_oracle_agree_in_five_million_worlds(capsys):
    seeds = range(SEED * 1_000_000, SEED * 1_000_000 + HUNT // PER_TASK)
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as workers, capsys.disabled():
        for found in track(workers.map(first_disagreement, seeds), "worlds, 20,000 a step", total=len(seeds)):
            assert found is None, found


@pytest.mark.parametrize("name", WRONG_DECISIONS)
def test_the_oracle_catches_a_wrong_decision(name):
    assert next(disagreements(WRONG_DECISIONS[name], SEED, 20_000), None) is not None


def test_the_worlds_reach_every_reason_and_every_step_both_ways():
    verdicts, reasons = Counter(), Counter()
    for world in worlds(SEED, 20_000):
        explanation = explain(*world)
        verdicts.update({(verdict.step, verdict.permit) for verdict in explanation.verdicts})
        reasons[explanation.decision.reason] += 1
    due = {(step, True) for step in set(Step) - REFUSE_ONLY} | {(step, False) for step in set(Step) - PERMIT_ONLY}
    assert {case: verdicts[case] for case in due if verdicts[case] < 30} == {}
    assert min(reasons[reason] for reason in Reason) > 500
