"""A replica reaches exactly the decision that the service reaches, from what it is sent."""

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from governance.decision.decide import decide
from governance.decision.facts import Facts, Request
from governance.decision.vocabulary import BEGINNING, FOREVER, Instant
from governance.feed.told import Window
from governance.pep.wire.people import AuthorRecord
from tests.decision.worlds import worlds
from tests.feed.replica import Sent, by_tokens
from tests.scenarios.facts import question
from tests.scenarios.reader import read_all
from tests.scenarios.world import Scenario

DAY = 24 * 3600 * 1_000_000
SCENARIOS = [pytest.param(scenario, id=scenario.file) for scenario in read_all()]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_replica_answers_as_the_table_says(scenario: Scenario) -> None:
    for row in scenario.all_rows():
        request, facts = question(scenario.world, row)
        for before, after in ((0, 1), (DAY, 60 * DAY)):
            window = Window(Instant(row.now - before), Instant(row.now + after))
            sent = Sent(request, facts, window).read(row.now)
            assert sent is not None
            assert decide(by_tokens(request), sent).reason is row.then, row.name


def drawn(seed: int, count: int) -> Iterator[tuple[Request, Facts, Window]]:
    """Draw worlds, and when what is sent about them began and ends."""
    rng = random.Random(seed)
    for request, facts in worlds(seed=seed, count=count):
        issued = rng.choice([request.at, request.at - rng.randrange(4), BEGINNING + 1])
        expires = rng.choice([request.at + 1, request.at + rng.randrange(1, 5), FOREVER - 1])
        yield request, facts, Window(Instant(issued), Instant(expires))


def differing(seed: int, count: int) -> Iterator[int]:
    """Yield the worlds in which a replica answers otherwise than the service."""
    for number, (request, facts, window) in enumerate(drawn(seed, count)):
        sent = Sent(request, facts, window).read(request.at)
        assert sent is not None
        if decide(by_tokens(request), sent).reason is not decide(request, facts).reason:
            yield number


def test_a_replica_answers_as_the_service_in_any_world() -> None:
    assert list(differing(seed=12, count=400)) == []


@pytest.mark.slow
@pytest.mark.timeout(600)  # a busy machine takes its time for so many
def test_a_replica_answers_as_the_service_in_very_many_worlds() -> None:
    assert list(differing(seed=13, count=40_000)) == []


@pytest.mark.parametrize(
    "without",
    [
        "covered",
        "own",
        "team",
        "hold",
        *(
            pytest.param(rare, marks=pytest.mark.slow)
            for rare in ("adult_from", "over", "blocks", "emergency_yes_since", "erased_at", "kept")
        ),
    ],
)
def test_nothing_that_is_sent_could_be_left_out(without: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of these decides somewhere: the comparison above notices when it is missing."""
    empty = getattr(AuthorRecord(), without)
    whole = AuthorRecord.decode

    def cut(data: bytes) -> AuthorRecord:
        record = whole(data)
        return replace(record, **{without: empty})

    monkeypatch.setattr(AuthorRecord, "decode", cut)
    assert next(differing(seed=12, count=40_000), None) is not None
