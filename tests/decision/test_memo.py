"""A page from memory is the page that `decide` gives, whatever was asked before and whatever time has passed."""

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest

from governance.decision import memo
from governance.decision.decide import decide
from governance.decision.facts import Facts, Request
from governance.decision.memo import Memo
from governance.decision.provisions import ALWAYS
from governance.decision.vocabulary import NOT_SENT
from tests.decision.universe import GRID
from tests.decision.worlds import Pool

POOLS = max(4, int(os.environ.get("WORLDS", "100000")) // 3000)
Page = tuple[list[Request], Facts]


def pages(number: int) -> Iterator[Page]:
    """Draw pages: a viewer looks at many words, again and again, while time goes on and records change."""
    pool = Pool(f"pages:{number}")
    rng = pool.rng
    for _ in range(12):
        world = pool.world()
        words = [(single,) for single in rng.sample(pool.words, 8)] + [tuple(rng.sample(pool.words, 2))]
        facts = world.facts
        for _ in range(10):
            request = replace(world.request, at=rng.choice(GRID))
            if rng.random() < 0.5:
                request = replace(request, flagged=pool.world().request.flagged, sender=pool.world().request.sender)
            if rng.random() < 0.2:
                facts = replace(facts, authors=pool.world().facts.authors)
            if rng.random() < 0.2:
                other = pool.world().facts
                facts = replace(facts, communities=other.communities, strictest=other.strictest)
            if rng.random() < 0.1:
                facts = replace(facts, conduct=pool.world().facts.conduct)
            yield [replace(request, words=rng.choice(words)) for _ in range(6)], facts


def first_difference(limit: int, pools: int = POOLS) -> tuple[Request, Facts] | None:
    for number in range(pools):
        remembered = Memo(limit)
        for requests, facts in pages(number):
            found = remembered.page(requests, facts)
            assert len(found) == len(requests)
            for request, decision in zip(requests, found, strict=True):
                if decision != decide(request, facts):
                    return request, facts
    return None


@pytest.mark.parametrize("limit", [0, 7, 100_000])
def test_a_memo_never_differs_from_the_decision(limit):
    assert first_difference(limit) is None


@pytest.mark.parametrize(
    ("name", "careless"),
    [
        ("span_around", lambda *_: ALWAYS),
        ("edges_of_author", lambda _: ()),
        ("edges_of_viewer", lambda _: ()),
        ("edges_of_community", lambda _: ()),
        ("looks_at_single_words", lambda _: False),
    ],
)
def test_a_memo_that_forgets_time_or_words_is_caught(name, careless, monkeypatch):
    monkeypatch.setattr(memo, name, careless)
    assert first_difference(100_000, 100) is not None


def test_a_memo_asks_once_about_the_same(monkeypatch):
    asked = []
    monkeypatch.setattr(memo, "decide", lambda *world: asked.append(world) or decide(*world))
    for requests, facts in pages(0):
        singles = [request for request in requests if len(request.words) == 1 and request.recipients is NOT_SENT]
        known = [request for request in singles if request.words[0].author in facts.authors]
        remembered = Memo()
        remembered.page(known, facts)
        first = len(asked)
        remembered.page(known, facts)
        assert len(asked) == first or known[0].viewer != facts.viewer.account
    assert asked
