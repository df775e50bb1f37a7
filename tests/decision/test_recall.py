"""What a memo asks `decide` again, and what it recalls."""

from dataclasses import replace

import pytest

from governance.decision import memo
from governance.decision.decide import decide
from governance.decision.facts import (
    Author,
    Community,
    Conduct,
    EmergencyView,
    Facts,
    Hcp,
    PairBlock,
    Request,
    Room,
    Setting,
    Viewer,
    Words,
)
from governance.decision.memo import Memo
from governance.decision.provisions import ALWAYS, EVERYWHERE, OTHERS, Interval, Place, Provision, Provisions, Scale
from governance.decision.vocabulary import (
    BEGINNING,
    FOREVER,
    NOT_SENT,
    Action,
    Ages,
    Assurance,
    Effect,
    Mark,
    Posture,
    Status,
)
from tests.decision.universe import ASSURANCE, REGISTER, USUAL

INFORMED = Setting(3, Posture.INFORMED, Ages.ADULTS)
LATER = INFORMED._replace(since=6)
POST = Words("a", "c", "t", "w", 3, None)
OTHER_POST = replace(POST, thread="t2", post="w2", created=4)
ELSEWHERE = replace(POST, community="c2")
VIEW = Request("p", "d", Action.VIEW, (POST,), at=10, flagged=False, initiated_by_patient=True)
PERMIT = Provision("yes", Effect.PERMIT, OTHERS, EVERYWHERE, frozenset(Action))
HCP = Hcp(frozenset({"d"}), Status.GOOD, FOREVER, ALWAYS, Assurance.A4)
AUTHOR = Author(
    "a", record=True, adult_from=BEGINNING, covered=dict.fromkeys(Action, ALWAYS), provisions=Provisions((PERMIT,))
)
FACTS = Facts(
    Viewer("d", frozenset({Mark.REGISTERED}), HCP),
    {"a": AUTHOR, "b": replace(AUTHOR, account="b")},
    USUAL,
    {"c": Community((INFORMED,)), "c2": Community((INFORMED,))},
)


def about(*words, **request):
    return [replace(VIEW, words=(single,), **request) for single in words]


def authored(**records):
    return replace(FACTS, authors={"a": replace(AUTHOR, **records)})


def viewed(**records):
    return replace(FACTS, viewer=replace(FACTS.viewer, hcp=replace(HCP, **records)))


@pytest.fixture
def asked(monkeypatch):
    """Count what is asked of `decide`."""
    worlds = []
    monkeypatch.setattr(memo, "decide", lambda *world: worlds.append(world) or decide(*world))
    return worlds


def pages(asked, *turns, limit=100):
    """Show pages from one memo, each with its facts; return how often `decide` was asked for each."""
    remembered, counts = Memo(limit), []
    for requests, facts in turns:
        before = len(asked)
        assert remembered.page(requests, facts) == [decide(request, facts) for request in requests]
        counts.append(len(asked) - before)
    return counts


THREAD_LINE = Provisions((PERMIT, replace(PERMIT, where=Place(Scale.THREAD, "p", "t3"))))
SINGLY = {
    "the author's choices name a thread": authored(provisions=THREAD_LINE),
    "the viewer has an emergency view": viewed(emergency_views=(EmergencyView("p", "t9", ALWAYS),)),
    "the community changed": replace(FACTS, communities={"c": Community((INFORMED, LATER))}),
    "the community is younger than the words": replace(FACTS, communities={"c": Community((LATER,))}),
}
TOGETHER = {
    "nothing limits the choices": FACTS,
    "nobody told us about the community": replace(FACTS, communities={}),
}


@pytest.mark.parametrize("why", SINGLY)
def test_each_post_is_asked_about_where(why, asked):
    assert pages(asked, (about(POST, OTHER_POST, POST), SINGLY[why])) == [2]


@pytest.mark.parametrize("why", TOGETHER)
def test_one_answer_does_for_all_posts_where(why, asked):
    assert pages(asked, (about(POST, OTHER_POST, POST), TOGETHER[why])) == [1]


def test_posts_without_a_community_are_asked_about_once(asked):
    assert pages(asked, (about(*(replace(post, community=NOT_SENT) for post in (POST, OTHER_POST))), FACTS)) == [1]


def test_posts_without_a_time_are_asked_about_one_by_one(asked):
    assert pages(asked, (about(*(replace(post, created=NOT_SENT) for post in (POST, OTHER_POST))), FACTS)) == [2]


def test_every_community_and_every_author_is_asked_about(asked):
    assert pages(asked, (about(POST, ELSEWHERE, replace(POST, author="b")), FACTS)) == [3]


@pytest.mark.parametrize("why", SINGLY)
def test_a_person_is_asked_about_once_even_where(why, asked):
    assert pages(asked, (about(POST, OTHER_POST, action=Action.FIND), SINGLY[why])) == [1]


def test_an_unknown_author_is_refused_and_not_remembered(asked):
    assert pages(asked, (about(*[replace(POST, author="x")] * 2), FACTS)) == [2]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("authors", {"a": replace(AUTHOR)}),
        ("communities", {"c": Community((INFORMED,))}),
        ("communities", {}),
        ("conduct", Conduct(ASSURANCE, REGISTER)),
        ("strictest", Room(Posture.PEER_ONLY, Ages.MIXED)),
        ("viewer", replace(FACTS.viewer, governed_by=frozenset({Mark.OFFICER}))),
    ],
)
def test_other_records_are_asked_about_anew(name, value, asked):
    assert pages(asked, (about(POST), FACTS), (about(POST), replace(FACTS, **{name: value}))) == [1, 1]


@pytest.mark.parametrize(
    ("name", "value"), [("viewer", viewed().viewer), ("strictest", Room(*FACTS.strictest)), ("authors", {"a": AUTHOR})]
)
def test_records_that_say_the_same_are_recalled(name, value, asked):
    assert pages(asked, (about(POST), FACTS), (about(POST), replace(FACTS, **{name: value}))) == [1, 0]


@pytest.mark.parametrize(
    "other",
    [
        {"platform": "q"},
        {"action": Action.FIND},
        {"flagged": True},
        {"flagged": NOT_SENT},
        {"initiated_by_patient": False},
        {"viewer": "d2"},
    ],
)
def test_another_question_is_asked_and_both_are_recalled(other, asked):
    both = about(POST) + about(POST, **other)
    assert pages(asked, (both, FACTS), (both, FACTS)) == [2, 0]


@pytest.mark.parametrize("alike", [{"flagged": 0}, {"initiated_by_patient": 1}, {"action": "view"}])
def test_what_only_looks_alike_is_asked_anew(alike, asked):
    assert pages(asked, (about(POST), FACTS), (about(POST, **alike), FACTS)) == [1, 1]


def test_an_answer_holds_until_the_next_edge(asked):
    facts = authored(blocks=(PairBlock("d", Interval(10, 20)),))
    turns = [(about(POST, at=at), facts) for at in (10, 19, 10, 20, 99, 9)]
    assert pages(asked, *turns) == [1, 0, 0, 1, 0, 1]


@pytest.mark.parametrize(
    "rare",
    [{"recipients": frozenset({"d"}), "sender": "a"}, {"recipients": frozenset()}, {"words": (POST, OTHER_POST)}],
)
def test_letters_and_quotes_are_always_asked_about(rare, asked):
    requests = [VIEW, replace(VIEW, **rare), VIEW]
    assert pages(asked, (requests, FACTS), (requests, FACTS)) == [2, 1]


@pytest.mark.parametrize(
    "odd",
    [
        {"flagged": []},
        {"words": ()},
        {"words": None},
        {"words": (replace(POST, community=[]),)},
        {"words": (replace(POST, author=[]),)},
    ],
)
def test_what_cannot_be_remembered_is_decided(odd):
    requests = [VIEW, replace(VIEW, **odd)] * 2
    assert Memo().page(requests, FACTS) == [decide(request, FACTS) for request in requests]


def test_no_request_at_all_is_refused():
    assert [decision.permit for decision in Memo().page([None, VIEW], FACTS)] == [False, True]


def test_more_answers_than_the_limit_are_all_forgotten_before_the_next_page(asked):
    two, one_more = about(POST, replace(POST, author="b")), about(ELSEWHERE)
    turns = [(two, FACTS), (two, FACTS), (one_more, FACTS), (two, FACTS), (two, FACTS), (one_more, FACTS)]
    assert pages(asked, *turns, limit=2) == [2, 0, 1, 2, 0, 1]
