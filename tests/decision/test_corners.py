"""Where `loosens` says that an edit opens nothing, nothing can be found that it opens."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from governance.decision.decide import decide
from governance.decision.facts import Author
from governance.decision.loosens import loosens, search
from tests.decision.corners import Corner, Probe
from tests.decision.shrink import tell

EDITS, PROBES = 600, 60


def opened(before: Author, after: Author, corner: Corner, probes: int) -> Probe | None:
    """Look for a request that is refused before and permitted after."""
    for _ in range(probes):
        request, facts = corner.probe()
        permitted = (decide(request, replace(facts, authors={"a": author})).permit for author in (after, before))
        if next(permitted) and not next(permitted):
            return Probe(request, facts)
    return None


def missed(says: Callable[[Author, Author], object], seed: str, edits: int, probes: int) -> str:
    """Tell of an edit that opens something although nothing was said."""
    for number in range(edits):
        corner = Corner(seed, number)
        before = corner.author()
        after = corner.edited(before)
        if says(before, after) is None:
            probe = opened(before, after, corner, probes)
            if probe is not None:
                return "\n".join(map(tell, (before, after, *probe)))
    return ""


def test_nothing_is_opened_where_nothing_was_found():
    assert missed(loosens, "plain", EDITS, PROBES) == ""


@pytest.mark.hunt
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", ["one", "two", "three", "four"])
def test_nothing_is_opened_where_nothing_was_found_in_10_000_edits(seed):
    assert missed(loosens, seed, 10_000, 200) == ""


def test_what_is_found_is_so():
    for number in range(EDITS):
        corner = Corner("found", number)
        before = corner.author()
        after = corner.edited(before)
        witness = loosens(before, after)
        if witness is not None:
            answers = [
                decide(witness.request, replace(witness.facts, authors={"a": x})).permit for x in (before, after)
            ]
            assert answers == [False, True], "\n".join(map(tell, (before, after)))


@pytest.mark.parametrize("ways", ["ways_to_permit", pytest.param("ways_to_refuse", marks=pytest.mark.slow), "starts"])
def test_a_search_that_goes_no_way_misses_something(ways, monkeypatch):
    monkeypatch.setattr(search, ways, lambda *_: iter(()))
    assert missed(loosens, "plain", EDITS, PROBES) != ""
