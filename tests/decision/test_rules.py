"""Single rules, asked one by one: what they say where drawn worlds seldom come, and where a search is spared."""

import pytest

from governance.decision import choices
from governance.decision.choices import deciding_line
from governance.decision.facts import (
    Author,
    CapacityRecord,
    Community,
    Facts,
    Hcp,
    Layer,
    Request,
    Setting,
    Tombstone,
    Viewer,
    Words,
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
from governance.decision.question import Question
from governance.decision.rules import answer, answer_to_member, community, erased, hold_or_layer, moderation
from governance.decision.verdicts import Step
from governance.decision.vocabulary import NOT_SENT, Action, Ages, Capacity, Effect, Posture
from tests.decision.universe import USUAL

COMMUNITY, COMMUNITY_ELSEWHERE = Place(Scale.COMMUNITY, "p", "c"), Place(Scale.COMMUNITY, "p", "c2")


def line(effect, who=OTHERS, where=EVERYWHERE):
    return Provision("line", effect, who, where, frozenset(Action))


PERMIT = line(Effect.PERMIT)
REFUSAL_BY_NAME = line(Effect.REFUSE, named("d"), COMMUNITY)
REFUSAL_OF_ANOTHER = line(Effect.REFUSE, named("d2"))


def question(*, action=Action.VIEW, created=5, flagged=NOT_SENT, moderators=(), **records):
    words = Words("a", "c", "t", "w", created, None)
    request = Request("p", "d", action, (words,), at=10, flagged=flagged)
    room = Community((Setting(0, Posture.INFORMED, Ages.ADULTS),), frozenset(moderators))
    author = Author("a", covered=dict.fromkeys(Action, ALWAYS), **records)
    return Question(
        request, Facts(Viewer("d"), {"a": author}, USUAL, {"c": room}), words, action, Capacity.PROFESSIONAL
    )


def place_of(verdict):
    return verdict and (verdict.permit, verdict.step, verdict.line)


@pytest.mark.parametrize(
    "others",
    [(), (REFUSAL_OF_ANOTHER,), (line(Effect.REFUSE, where=COMMUNITY_ELSEWHERE),)],
    ids=["nothing else", "a line about another", "a line about another place"],
)
def test_one_settled_line_is_told_without_a_search_beside(others, monkeypatch):
    monkeypatch.delattr(choices, "_matching")
    assert deciding_line(question(provisions=Provisions((PERMIT, *others)))) is PERMIT


@pytest.mark.parametrize("where", [COMMUNITY, EVERYWHERE])
def test_what_a_tombstone_refuses_is_narrower_than_a_new_permit_for_all(where):
    kept = line(Effect.REFUSE, named("d"), where)
    asked = question(provisions=Provisions((PERMIT,)), erased=Tombstone(1, refusals=(REFUSAL_OF_ANOTHER, kept)))
    assert deciding_line(asked) is kept


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"action": Action.FIND}, True),
        ({"action": Action.FIND, "record": True}, False),
        ({"created": 3}, True),
        ({"created": 4, "record": True}, False),
        ({"created": NOT_SENT, "record": True}, True),
    ],
)
def test_erasure_closes_what_is_older_and_a_person_who_did_not_come_back(asked, expected):
    verdict = erased(question(erased=Tombstone(4), **asked))
    assert place_of(verdict) == ((False, Step.ERASED, None) if expected else None)


@pytest.mark.parametrize(
    ("action", "flagged", "moderators", "expected"),
    [
        (Action.MODERATE, True, {"d"}, True),
        (Action.MODERATE, False, {"d"}, False),
        (Action.MODERATE, True, {"d2"}, False),
        (Action.VIEW, True, {"d"}, True),
        (Action.VIEW, True, {"d2"}, None),
        (Action.VIEW, NOT_SENT, {"d"}, None),
        (Action.REPLY, True, {"d"}, None),
    ],
)
def test_a_moderator_sees_and_moderates_what_is_flagged(action, flagged, moderators, expected):
    verdict = moderation(question(action=action, flagged=flagged, moderators=moderators))
    assert place_of(verdict) == (None if expected is None else (expected, Step.MODERATION, None))


@pytest.mark.parametrize(
    ("records", "told"),
    [
        ({"hold": True}, None),
        ({"erased": Tombstone(1, hold=True)}, None),
        ({"layers": (Layer(None, (REFUSAL_OF_ANOTHER, REFUSAL_BY_NAME)),)}, REFUSAL_BY_NAME),
        ({"layers": (Layer("q", (line(Effect.REFUSE),)), Layer("p", (REFUSAL_BY_NAME,)))}, REFUSAL_BY_NAME),
    ],
)
def test_a_hold_refuses_and_so_does_the_line_of_a_layer(records, told):
    assert place_of(hold_or_layer(question(**records))) == (False, Step.HOLD_OR_LAYER, told)


@pytest.mark.parametrize(
    "records",
    [
        {},
        {"erased": Tombstone(1)},
        {"layers": (Layer("q", (REFUSAL_BY_NAME,)), Layer(None, (line(Effect.REFUSE, where=COMMUNITY_ELSEWHERE),)))},
    ],
)
def test_without_a_hold_a_layer_refuses_only_there(records):
    assert hold_or_layer(question(**records)) is None


def test_what_a_professional_wrote_as_such_is_open_to_professionals():
    author = Hcp(capacities=(CapacityRecord(Capacity.PROFESSIONAL, "p", None, Interval(3, 7)),))
    assert place_of(community(question(hcp=author))) == (True, Step.COMMUNITY, None)
    assert community(question(hcp=author, created=7)) is None


def test_a_member_is_refused_by_the_line_that_names_them():
    verdict = answer_to_member(question(provisions=Provisions((line(Effect.REFUSE), REFUSAL_BY_NAME))))
    assert place_of(verdict) == (False, Step.NOT_GOVERNED, REFUSAL_BY_NAME)


def test_a_member_whom_no_line_names_may():
    verdict = answer_to_member(question(provisions=Provisions((line(Effect.REFUSE), REFUSAL_OF_ANOTHER))))
    assert place_of(verdict) == (True, Step.NOT_GOVERNED, None)


def test_where_nothing_permits_the_answer_says_so():
    assert place_of(answer(question())) == (False, Step.NOTHING_PERMITS, None)
