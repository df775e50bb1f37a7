"""An explanation gives the decision and every verdict behind it, with the line that decided."""

import os
from collections.abc import Callable
from dataclasses import replace

import pytest

from governance.decision.decide import decide, explain
from governance.decision.facts import CapacityRecord, Hcp, Viewer
from governance.decision.provisions import ALWAYS, Scale, WhoKind
from governance.decision.verdicts import Step, Verdict
from governance.decision.vocabulary import (
    NOT_SENT,
    OPEN_ACTIONS,
    PERSON_ACTIONS,
    UNKNOWN,
    Action,
    Capacity,
    Effect,
    Reason,
)
from tests.decision.worlds import World, worlds

COUNT = int(os.environ.get("WORLDS", "100000")) // 10
ABOUT_NOBODY = {Step.OWN_WORDS, Step.GATE, Step.BROKEN}
Told = tuple[World, Verdict]


@pytest.fixture(scope="module")
def sample() -> list[World]:
    return list(worlds(seed=12, count=COUNT))


@pytest.fixture
def verdicts(sample) -> list[Told]:
    """Explain anew for every test: mutation testing runs only those tests that call what it changed."""
    return [(world, verdict) for world in sample for verdict in explain(*world).verdicts]


def names_of(world):
    return {world.request.viewer, *world.facts.viewer.hcp.accounts}


def blocked(world, author):
    mine = [block for block in author.blocks if block.account in names_of(world)]
    return any(block.during.start <= world.request.at < block.during.end for block in mine)


def names_the_viewer(world, line):
    return line.who.kind is WhoKind.NAMED and line.who.name in names_of(world)


def absolute(world, verdict, author):
    if verdict.line is None:
        return blocked(world, author)
    return (
        not blocked(world, author)
        and names_the_viewer(world, verdict.line)
        and verdict.line.where.scale is Scale.EVERYWHERE
    )


def held(world, verdict, author):
    hold = author.hold or (author.erased is not None and author.erased.hold)
    here = (None, world.request.platform)
    layers = [line for layer in author.layers if layer.platform in here for line in layer.refusals]
    return hold if verdict.line is None else not hold and verdict.line in layers


def young(world, author):
    return author.adult_from is UNKNOWN or world.request.at < author.adult_from


def own(author):
    return (*author.provisions.lines, *(() if author.erased is None else author.erased.refusals))


JUSTIFIED: dict[Step, Callable] = {
    Step.NOT_GOVERNED: lambda world, verdict, _: (
        not world.facts.viewer.governed_by
        and (verdict.line is None if verdict.permit else names_the_viewer(world, verdict.line))
    ),
    Step.ERASED: lambda _, verdict, author: author.erased is not None and not verdict.permit and verdict.line is None,
    Step.BLOCK: absolute,
    Step.MODERATION: lambda world, verdict, _: (
        verdict.line is None
        and (world.request.flagged is True or not verdict.permit)
        and verdict.action in ({Action.VIEW, Action.MODERATE} if verdict.permit else {Action.MODERATE})
    ),
    Step.EMERGENCY: lambda world, verdict, _: (
        verdict.permit and verdict.action is Action.VIEW and bool(world.facts.viewer.hcp.emergency_views)
    ),
    Step.HOLD_OR_LAYER: lambda world, verdict, author: not verdict.permit and held(world, verdict, author),
    Step.COMMUNITY: lambda _, verdict, author: (
        verdict.action not in PERSON_ACTIONS and ((author.hcp is not None and not author.record) or not verdict.permit)
    ),
    Step.AGE: lambda world, verdict, author: (
        not verdict.permit and verdict.action in PERSON_ACTIONS and young(world, author)
    ),
    Step.PROVISIONS: lambda _, verdict, author: verdict.line in own(author),
    Step.PEER: lambda _, verdict, __: verdict.permit and verdict.capacity is Capacity.PEER,
    Step.OPEN_COMMUNITY: lambda _, verdict, __: verdict.permit and verdict.action in OPEN_ACTIONS,
    Step.NOTHING_PERMITS: lambda _, verdict, __: not verdict.permit and verdict.line is None,
}


def test_an_explanation_holds_the_decision_itself(sample):
    for world in sample:
        assert explain(*world).decision == decide(*world)


def test_the_verdict_that_refuses_comes_first(sample):
    for world in sample:
        decision, told = decide(*world), explain(*world).verdicts
        assert told[0].permit is decision.permit
        assert decision.permit or told[0] == decision.verdict
        assert [verdict.permit for verdict in told] == sorted(verdict.permit for verdict in told)


def test_a_permit_tells_of_every_author_and_of_viewing(sample):
    for world in sample:
        explanation = explain(*world)
        if explanation.decision.reason is Reason.PERMITTED:
            told = {(verdict.author, verdict.action) for verdict in explanation.verdicts}
            asked = {verdict.action for verdict in explanation.verdicts}
            assert told == {(words.author, action) for words in world.request.words for action in asked} - {
                (author, action) for author in own_authors(world) for action in asked
            }
            assert asked >= {world.request.action}
            assert Action.VIEW in asked or world.request.action in PERSON_ACTIONS | {Action.MODERATE}


def own_authors(world):
    request = world.request
    addressed = request.recipients is not NOT_SENT and request.viewer in request.recipients
    letter = addressed and request.action is Action.VIEW
    return {request.viewer, request.sender} if letter else {request.viewer}


def test_a_refusal_at_the_gate_tells_what_and_in_which_capacity(verdicts):
    for world, verdict in verdicts:
        if verdict.step is Step.GATE:
            assert verdict.action in {world.request.action, Action.VIEW}
            assert verdict.capacity in set(Capacity)
            assert (verdict.author, verdict.line, verdict.permit) == (None, None, False)


def test_who_is_not_governed_has_no_capacity_of_their_own(sample):
    for request, facts in sample[:50]:
        peer = CapacityRecord(Capacity.PEER, request.platform, None, ALWAYS)
        member = Viewer(request.viewer, hcp=Hcp(capacities=(peer,)))
        told = explain(request, replace(facts, viewer=member)).verdicts
        assert {verdict.capacity for verdict in told} <= {Capacity.PROFESSIONAL, None}


def test_every_verdict_says_about_whom_and_what(verdicts):
    for world, verdict in verdicts:
        if verdict.step not in ABOUT_NOBODY:
            assert verdict.author in {words.author for words in world.request.words}
            assert verdict.action in {world.request.action, Action.VIEW}


def test_every_verdict_stands_where_the_records_say(verdicts):
    for world, verdict in verdicts:
        if verdict.step not in ABOUT_NOBODY:
            assert JUSTIFIED[verdict.step](world, verdict, world.facts.authors[verdict.author]), verdict


def test_the_line_told_says_what_was_decided(verdicts):
    for _, verdict in verdicts:
        if verdict.line is not None:
            assert verdict.action in verdict.line.actions
            assert (verdict.line.effect is Effect.PERMIT) is verdict.permit


def test_what_cannot_be_explained_was_refused():
    assert [verdict.step for verdict in explain(None, None).verdicts] == [Step.BROKEN]
