"""`loosens` finds every edit that opens something, and what it tells is true."""

import os
from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from governance.decision.decide import decide
from governance.decision.facts import Author
from governance.decision.loosens import loosens
from governance.decision.vocabulary import Reason
from tests.decision.edits import LOOSENING, PATIENT, TIGHTENING, Edit, edit_of, opened, probes, told
from tests.decision.oracle import oracle
from tests.decision.shrink import tell
from tests.decision.worlds import Maker, World

EDITS, TRIES = max(20, int(os.environ.get("WORLDS", "100000")) // 1600), 150
PERMITS = {Reason.PERMITTED, Reason.NOT_GOVERNED}
Loosens = Callable[[Author, Author], object]


@pytest.fixture(scope="module")
def probed() -> list[World]:
    return probes(seed=3, count=6_000)


def missed(loosens: Loosens, kind: str, probed: list[World], edits: int = EDITS) -> tuple[Edit, World] | None:
    """Look for an edit that opens a world and of which nothing is said."""
    make, rng = Maker(Random(f"edits:{kind}")), Random(f"probes:{kind}")
    for _ in range(edits):
        edit = edit_of(make, LOOSENING, kind)
        world = opened(edit, probed, rng, TRIES)
        if world is not None and loosens(*edit) is None:
            return edit, world
    return None


@pytest.mark.parametrize("kind", LOOSENING)
def test_an_edit_that_opens_anything_has_a_witness(kind, probed):
    found = missed(loosens, kind, probed)
    assert found is None, told(*found, loosens)


@pytest.mark.hunt
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", LOOSENING)
def test_an_edit_that_opens_anything_has_a_witness_among_2_000(kind, probed):
    found = missed(loosens, kind, probed, edits=2_000)
    assert found is None, told(*found, loosens)


@pytest.mark.parametrize("kind", LOOSENING)
def test_a_witness_is_refused_before_and_permitted_after(kind):
    make, witnesses = Maker(Random(f"witnesses:{kind}")), 0
    for _ in range(EDITS):
        edit = edit_of(make, LOOSENING, kind)
        witness = loosens(*edit)
        if witness is not None:
            witnesses += 1
            worlds = [World(witness.request, replace(witness.facts, authors={PATIENT: author})) for author in edit]
            assert [decide(*world).permit for world in worlds] == [False, True], "\n".join(map(tell, edit))
            assert [oracle(*world) in PERMITS for world in worlds] == [False, True], "\n".join(map(tell, edit))
    assert witnesses > 0


@pytest.mark.parametrize("kind", TIGHTENING)
def test_tightening_has_no_witness(kind):
    make = Maker(Random(f"tightening:{kind}"))
    for _ in range(EDITS):
        edit = edit_of(make, TIGHTENING, kind)
        assert loosens(*edit) is None, "\n".join(map(tell, edit))


BLIND_TO = {
    "no hold": "hold",
    "fewer layers": "layers",
    "fewer blocks": "blocks",
    "another care team": "care_team",
    "an acknowledgement": "covered",
    "one line changed": "provisions",
    "the tick for peers": "peers_welcome",
    "another age": "adult_from",
    "no tombstone": "erased",
}


@pytest.mark.parametrize("kind", BLIND_TO)
def test_the_search_notices_what_loosens_is_blind_to(kind, probed):
    name = BLIND_TO[kind]
    found = missed(lambda before, after: loosens(before, replace(after, **{name: getattr(before, name)})), kind, probed)
    assert found is not None
