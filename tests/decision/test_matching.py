"""Whom and which words a line means: cases that are rare in drawn worlds."""

import pytest

from governance.decision.facts import (
    Author,
    Facts,
    Hcp,
    Layer,
    Request,
    TeamEntry,
    Tombstone,
    Viewer,
    Words,
)
from governance.decision.matching import matches
from governance.decision.minors import may_message_minor
from governance.decision.names import refused_by_name
from governance.decision.provisions import (
    CARE_TEAM,
    EVERYWHERE,
    OTHERS,
    Interval,
    Place,
    Provision,
    Provisions,
    Scale,
    named,
)
from governance.decision.question import Question
from governance.decision.vocabulary import NOT_SENT, Action, Assurance, Capacity, Effect
from tests.decision.universe import USUAL

PERMIT, REFUSE = Effect.PERMIT, Effect.REFUSE
SPAN = Interval(3, 7)
COMMUNITY = Place(Scale.COMMUNITY, "p", "c")


def line(effect, who=OTHERS, where=EVERYWHERE, **limits):
    return Provision("line", effect, who, where, frozenset(Action), **limits)


def question(*, action=Action.VIEW, at=10, created=5, edited=None, wrote_first=True, **records):
    words = Words("a", "c", "t", "w", created, edited)
    request = Request("p", "d", action, (words,), at, initiated_by_patient=wrote_first)
    viewer = Viewer("d", hcp=Hcp(frozenset({"d", "tied"}), assurance=Assurance.A4))
    facts = Facts(viewer, {"a": Author("a", **records)}, USUAL)
    return Question(request, facts, words, action, Capacity.PROFESSIONAL)


@pytest.mark.parametrize(
    ("created", "edited", "permits", "refuses"),
    [
        (3, None, True, True),
        (6, None, True, True),
        (2, None, False, False),
        (7, None, False, False),
        (3, 6, True, True),
        (2, 3, False, True),
        (6, 7, False, True),
        (NOT_SENT, None, False, True),
        (5, NOT_SENT, False, True),
    ],
)
def test_a_permit_reaches_words_wholly_inside_its_time_and_a_refusal_any_touch(created, edited, permits, refuses):
    asked = question(created=created, edited=edited)
    assert matches(line(PERMIT, reach=SPAN), asked) is permits
    assert matches(line(REFUSE, reach=SPAN), asked) is refuses


@pytest.mark.parametrize(("at", "expected"), [(2, False), (3, True), (6, True), (7, False)])
def test_a_permit_holds_while_its_time_lasts(at, expected):
    assert matches(line(PERMIT, when=SPAN), question(at=at)) is expected


@pytest.mark.parametrize(("created", "expected"), [(2, False), (3, True), (6, True), (7, False)])
def test_an_ended_refusal_still_holds_for_what_was_written_under_it(created, expected):
    assert matches(line(REFUSE, when=SPAN), question(at=10, created=created)) is expected


@pytest.mark.parametrize(
    ("at", "expected"), [(2, (OTHERS,)), (3, (CARE_TEAM,)), (6, (CARE_TEAM,)), (7, (CARE_TEAM, OTHERS))]
)
def test_the_care_team_is_entered_at_the_start_and_never_quite_left(at, expected):
    assert question(at=at, care_team=(TeamEntry(named("d"), SPAN),)).team == expected


MINE, TIED, ANOTHER = (line(REFUSE, named(account)) for account in ("d", "tied", "d2"))


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ({}, False),
        ({"provisions": Provisions((MINE,))}, True),
        ({"provisions": Provisions((TIED,))}, True),
        ({"provisions": Provisions((ANOTHER, line(REFUSE), line(PERMIT, named("d"))))}, False),
        ({"erased": Tombstone(1, refusals=(MINE,))}, True),
        ({"erased": Tombstone(1, refusals=(ANOTHER,))}, False),
        ({"layers": (Layer("q", (TIED,)),)}, True),
        ({"layers": (Layer(None, (line(REFUSE), ANOTHER)),)}, False),
    ],
)
def test_a_refusal_by_name_is_found_wherever_it_is_kept(records, expected):
    assert refused_by_name(question(**records)) is expected


@pytest.mark.parametrize(
    ("chosen", "wrote_first", "expected"),
    [
        (line(PERMIT, named("d")), True, True),
        (line(PERMIT, named("d"), COMMUNITY), True, True),
        (line(PERMIT, named("d"), COMMUNITY._replace(id="c2")), True, False),
        (line(PERMIT, named("d")), False, False),
        (line(PERMIT, named("d")), NOT_SENT, False),
        (line(PERMIT, named("tied")), True, False),
        (line(REFUSE, named("d")), True, False),
        (line(PERMIT), True, False),
    ],
)
def test_a_minor_may_be_written_to_by_whom_a_permit_names_once_the_minor_wrote(chosen, wrote_first, expected):
    asked = question(action=Action.MESSAGE, wrote_first=wrote_first, provisions=Provisions((chosen,)))
    assert may_message_minor(asked) is expected
