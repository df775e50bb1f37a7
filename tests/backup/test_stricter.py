"""Of two documents the stricter permits nothing that either of them refuses."""

import random
from dataclasses import replace

import pytest

from governance.backup.stricter import stricter
from governance.decision.decide import decide
from governance.decision.verdicts import Step
from governance.decision.vocabulary import UNKNOWN
from governance.effective.documents import author_of, compiled, hcp_of
from tests.decision.worlds import Pool, worlds
from tests.effective.stored import hcp_values, patient_values
from tests.marks import few


def of_author(first, second):
    values = stricter("patient", patient_values(first), patient_values(second))
    return author_of(first.account, compiled("patient", {"": values}), first.hcp)


def of_hcp(first, second):
    return hcp_of(compiled("hcp", {"": stricter("hcp", hcp_values(first), hcp_values(second))}))


def with_author(world, author):
    return world._replace(facts=replace(world.facts, authors={**world.facts.authors, author.account: author}))


def with_hcp(world, hcp):
    return world._replace(facts=replace(world.facts, viewer=replace(world.facts.viewer, hcp=hcp)))


def permits(world):
    return decide(world.request, world.facts).permit


def opened(seed, count, judge):
    """Return how often something was permitted by both and by the stricter, and where only the last did."""
    rng, pool, kept, wrong = random.Random(seed), Pool(f"stricter:{seed}"), 0, []
    for world in worlds(seed, count):
        first, second, joined = judge(rng, pool, world)
        decision = decide(joined.request, joined.facts)
        # Who is in only one of two care teams has left: to them, as to everybody who leaves, an appointed moderator's
        # look at a flagged post is open again, and nothing else.
        if decision.permit and decision.verdict.step is not Step.MODERATION:
            kept += 1
            if not (permits(first) and permits(second)):
                wrong.append((first, second))
    return kept, wrong


def patients(rng, pool, world, join=of_author):
    key = rng.choice(sorted(world.facts.authors) or sorted(pool.authors))
    first, second = rng.choice(pool.authors[key]), rng.choice(pool.authors[key])
    second = replace(second, record=first.record, hcp=first.hcp)
    if not first.record:
        # Whoever has no record has no age on it either.
        first, second = (replace(author, adult_from=UNKNOWN) for author in (first, second))
    return tuple(with_author(world, author) for author in (first, second, join(first, second)))


def professionals(rng, pool, world, join=of_hcp):
    first, second = (rng.choice(pool.viewers).hcp for _ in range(2))
    return tuple(with_hcp(world, hcp) for hcp in (first, second, join(first, second)))


@pytest.mark.parametrize("judge", [patients, professionals])
@pytest.mark.parametrize("seed", few(range(3)))
def test_the_stricter_of_two_opens_nothing(judge, seed):
    kept, wrong = opened(seed, 3_000, judge)
    assert not wrong, wrong[0]
    assert kept > 20


@pytest.mark.parametrize("judge", [patients, professionals])
def test_taking_the_later_one_would_open(judge):
    """The control: what a plain replay does."""
    _, wrong = opened(0, 3_000, lambda *given: judge(*given, join=lambda _, second: second))
    assert wrong
