"""A page from memory is the page that `decide` gives, whatever was asked before and whatever time has passed."""

import os
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from governance.decision import memo
from governance.decision.decide import decide
from governance.decision.facts import Facts, Request
from governance.decision.memo import Memo
from governance.decision.provisions import ALWAYS, Provisions, Scale
from governance.decision.vocabulary import NOT_SENT, Action
from tests.decision.universe import GRID
from tests.decision.worlds import Pool
from tests.marks import few

POOLS = max(10, int(os.environ.get("WORLDS", "100000")) // 3000)
Page = tuple[list[Request], Facts]


def pages(number: int) -> Iterator[Page]:
    """Draw pages: somebody looks at a few words, again and again, while time goes on and records change."""
    pool = Pool(f"pages:{number}")
    rng = pool.rng
    for _ in range(6):
        worlds = [pool.world() for _ in range(3)]
        words = [(single,) for single in rng.sample(pool.words, 3)] + [tuple(rng.sample(pool.words, 2))]
        records = [plain(worlds[0].facts) if rng.random() < 0.7 else worlds[0].facts]
        records += [another(records[0], world.facts, rng) for world in worlds[1:]]
        for _ in range(25):
            at = rng.choice(GRID[::2])
            asked = [replace(world.request, at=at, words=rng.choice(words)) for world in rng.choices(worlds, k=5)]
            facts = rng.choice(records)
            yield [one(request, facts, rng) for request in asked], facts


def one(request: Request, facts: Facts, rng: Random) -> Request:
    """Let most requests be what a page asks: one viewer, one platform, one action, no letters."""
    if rng.random() < 0.95:
        request = replace(request, viewer=facts.viewer.account)
    if rng.random() < 0.5:
        request = replace(request, platform="p", action=Action.VIEW, recipients=NOT_SENT, flagged=False)
    return request if rng.random() < 0.8 else replace(request, initiated_by_patient=not request.initiated_by_patient)


def another(facts: Facts, other: Facts, rng: Random) -> Facts:
    """Change some of the records: those of an author, of the viewer, of the communities, or the rules."""
    name = rng.choice(("authors", "viewer", "communities", "strictest", "conduct", "nothing"))
    return facts if name == "nothing" else replace(facts, **{name: getattr(other, name)})


def plain(facts: Facts) -> Facts:
    """Leave out what makes single words differ, so that an answer for a community is remembered."""
    authors = {}
    for name, author in facts.authors.items():
        lines = (line for line in author.provisions.lines if line.where.scale <= Scale.COMMUNITY)
        timeless = tuple(replace(line, when=ALWAYS, reach=ALWAYS) for line in lines)
        authors[name] = replace(author, erased=None, hcp=None, layers=(), provisions=Provisions(timeless))
    viewer = replace(facts.viewer, hcp=replace(facts.viewer.hcp, emergency_views=()))
    return replace(facts, authors=authors, viewer=viewer)


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


@pytest.mark.parametrize("limit", few([7, 0, 100_000]))
def test_a_memo_never_differs_from_the_decision(limit):
    assert first_difference(limit) is None


@pytest.mark.parametrize(
    ("name", "careless"),
    [
        ("span_around", lambda *_: ALWAYS),
        ("edges_of_author", lambda _: ()),
        ("edges_of_viewer", lambda _: ()),
        ("edges_of_community", lambda _: ()),
        pytest.param("looks_at_single_words", lambda _: False, marks=pytest.mark.slow),
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
        known = [x for x in singles if x.words[0].author in facts.authors and x.viewer == facts.viewer.account]
        remembered = Memo()
        remembered.page(known, facts)
        first = len(asked)
        remembered.page(known, facts)
        assert len(asked) == first
    assert asked
