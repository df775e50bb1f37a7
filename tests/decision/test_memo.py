"""A memo answers as `decide` does, at every instant, and is caught if it forgets what an answer depends on."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any
from unittest.mock import patch

import pytest

from governance.decision import memo as memory
from governance.decision.decide import decide
from governance.decision.facts import Facts, Request, Words
from governance.decision.memo import Memo
from governance.decision.provisions import ALWAYS
from governance.decision.vocabulary import NOT_SENT
from tests.decision.worlds import AUTHORS, PER_POOL, World, worlds

PER_GROUP, PER_PAGE = 8, 24
SOME, MANY = PER_POOL * 4, PER_POOL * 500


def groups(seed: int, count: int) -> Iterator[list[World]]:
    """Draw worlds in groups that share people."""
    sample = list(worlds(seed, count))
    return (sample[first : first + PER_GROUP] for first in range(0, count, PER_GROUP))


def pages(seed: int, count: int) -> Iterator[tuple[list[Request], Facts]]:
    """Draw pages that ask nearly the same again and again, while time steps over edges and records change singly."""
    rng = Random(seed)
    for group in groups(seed, count):
        facts = group[0].facts
        words = [words for world in group for words in world.request.words] or [Words(AUTHORS[0])]
        for world in group:
            facts = replace(facts, **one_record(rng, world.facts, facts))
            yield [question(rng, facts, group, words) for _ in range(PER_PAGE)], facts


def one_record(rng: Random, of: Facts, among: Facts) -> dict[str, Any]:
    """Take one record over from other facts."""
    name = rng.choice(("viewer", "authors", "authors", "communities", "communities", "conduct", "strictest"))
    others, ours = getattr(of, name), getattr(among, name)
    if not isinstance(others, dict) or not others:
        return {name: others}
    key = rng.choice(list(others))
    return {name: {**ours, key: others[key]}}


def question(rng: Random, facts: Facts, group: list[World], words: list[Words]) -> Request:
    """Ask about some words that the group speaks of, mostly in the way its first two worlds ask."""
    like = rng.choice((group[0], group[0], group[1], rng.choice(group))).request
    usual = rng.random() < 0.95
    return replace(
        like,
        viewer=facts.viewer.account if usual else like.viewer,
        recipients=NOT_SENT if usual else like.recipients,
        words=tuple(rng.choices(words, k=rng.choice((1, 1, 1, 2)))),
        at=rng.choice((group[0], group[1])).request.at,
    )


def first_difference(memo: Memo, seed: int, count: int) -> tuple[Request, Facts] | None:
    """Look for a request that a memo answers otherwise than `decide`."""
    for requests, facts in pages(seed, count):
        for request, remembered in zip(requests, memo.page(requests, facts), strict=True):
            if remembered != decide(request, facts):
                return request, facts
    return None


def test_a_memo_answers_as_decide_does():
    assert first_difference(Memo(), seed=3, count=SOME) is None


@pytest.mark.hunt
@pytest.mark.timeout(3600)
def test_a_memo_answers_as_decide_does_in_many_worlds():
    assert first_difference(Memo(), seed=4, count=MANY) is None


def test_a_memo_that_may_keep_little_answers_as_decide_does():
    assert first_difference(Memo(limit=3), seed=5, count=SOME // 4) is None


def seen_twice(world: World) -> int:
    """Count the questions that reach `decide` when one page is shown twice."""
    request, facts = world
    memo, single = Memo(), [replace(request, words=(words,), recipients=NOT_SENT) for words in request.words]
    with patch.object(memory, "decide", wraps=decide) as asked:
        memo.page(single, facts)
        first = asked.call_count
        memo.page(single, facts)
    return asked.call_count - first


def test_a_page_seen_twice_is_decided_once():
    usual = (
        world
        for world in worlds(6, PER_POOL)
        if world.request.viewer == world.facts.viewer.account
        and all(words.author in world.facts.authors for words in world.request.words)
    )
    assert {seen_twice(world) for world in usual} == {0}


FORGETFUL = {
    "the rules, and who the viewer is": ("_Asking.holds_for", lambda *_: True),
    "that records end by themselves": ("span_around", lambda *_: ALWAYS),
    "what the viewer's record says when": ("edges_of_viewer", lambda _: ()),
    "what the author's records say when": ("edges_of_author", lambda _: ()),
    "what the community was when": ("edges_of_community", lambda _: ()),
    "that two posts differ": ("looks_at_single_words", lambda _: False),
}


@pytest.mark.parametrize("forgets", FORGETFUL)
def test_a_memo_is_caught_that_forgets(forgets):
    name, instead = FORGETFUL[forgets]
    with patch(f"{memory.__name__}.{name}", instead):
        assert first_difference(Memo(), seed=3, count=SOME) is not None
