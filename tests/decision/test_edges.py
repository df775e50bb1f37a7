"""What time changes by itself, and for whose words one answer does for all."""

import pytest

from governance.decision.edges import (
    edges_of_author,
    edges_of_community,
    edges_of_viewer,
    looks_at_single_words,
    span_around,
)
from governance.decision.facts import (
    Author,
    CapacityRecord,
    Claim,
    Community,
    EmergencyView,
    Hcp,
    Layer,
    PairBlock,
    Restriction,
    Setting,
    TeamEntry,
    Tombstone,
    Viewer,
)
from governance.decision.provisions import (
    ALWAYS,
    EVERYWHERE,
    OTHERS,
    Interval,
    Place,
    Provision,
    Provisions,
    Scale,
    named,
)
from governance.decision.vocabulary import BEGINNING, FOREVER, UNKNOWN, Action, Ages, Capacity, Effect, Posture

SPAN = Interval(3, 7)
ENDS = {BEGINNING, FOREVER}


def line(where=EVERYWHERE, **limits):
    return Provision("line", Effect.REFUSE, OTHERS, where, frozenset({Action.VIEW}), **limits)


def place(scale):
    return Place(scale, "p", "x")


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ({}, False),
        ({"provisions": Provisions((line(),))}, False),
        ({"provisions": Provisions((line(place(Scale.COMMUNITY)),))}, False),
        ({"provisions": Provisions((line(), line(place(Scale.THREAD))))}, True),
        ({"provisions": Provisions((line(place(Scale.POST)),))}, True),
        ({"provisions": Provisions((line(reach=SPAN),))}, True),
        ({"provisions": Provisions((line(when=SPAN),))}, True),
        ({"layers": (Layer(None, (line(),)),)}, False),
        ({"layers": (Layer(None, (line(reach=SPAN),)),)}, True),
        ({"erased": Tombstone(5)}, True),
        ({"hcp": Hcp()}, True),
    ],
)
def test_single_words_matter_to_small_places_times_erasure_and_professionals(records, expected):
    assert looks_at_single_words(Author("a", **records)) is expected


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ({"adult_from": UNKNOWN}, set()),
        ({"adult_from": 5}, {5}),
        ({"covered": {Action.VIEW: SPAN}}, {3, 7}),
        ({"provisions": Provisions((line(when=SPAN),))}, {3, 7}),
        ({"provisions": Provisions((line(reach=SPAN),))}, ENDS),
        ({"care_team": (TeamEntry(named("d"), SPAN),)}, {3, 7}),
        ({"blocks": (PairBlock("d", SPAN),)}, {3, 7}),
        ({"layers": (Layer(None, (line(when=SPAN),)),)}, {3, 7}),
        ({"erased": Tombstone(5, refusals=(line(when=SPAN),))}, {3, 7}),
    ],
)
def test_an_author_changes_when_a_span_in_the_records_begins_or_ends(records, expected):
    assert set(edges_of_author(Author("a", **records))) == expected


@pytest.mark.parametrize(
    "records",
    [
        {"attested": SPAN},
        {"blocks": (SPAN,)},
        {"restrictions": (Restriction(Action.VIEW, SPAN),)},
        {"claims": (Claim(named("d"), SPAN),)},
        {"capacities": (CapacityRecord(Capacity.PEER, "p", None, SPAN),)},
        {"emergency_views": (EmergencyView("p", "t", SPAN),)},
    ],
)
def test_a_viewer_changes_when_a_span_in_the_records_begins_or_ends(records):
    found = edges_of_viewer(Viewer("d", hcp=Hcp(checked_until=5, **records)))
    assert set(found) - ENDS == {3, 5, 7}
    assert list(found) == sorted(found)


def test_a_community_changes_with_each_setting():
    history = tuple(Setting(since, Posture.INFORMED, Ages.MIXED) for since in (2, 4))
    assert edges_of_community(Community(history)) == (2, 4)
    assert edges_of_community(None) == ()


@pytest.mark.parametrize(
    ("at", "expected"),
    [(0, (BEGINNING, 1)), (1, (1, 3)), (2, (1, 3)), (3, (3, 4)), (4, (4, 6)), (5, (4, 6)), (6, (6, FOREVER))],
)
def test_a_span_reaches_from_the_last_edge_to_the_next(at, expected):
    assert span_around(at, [(1, 4), (3, 6), ()]) == expected


def test_without_edges_a_span_is_always():
    assert span_around(5, []) == ALWAYS
