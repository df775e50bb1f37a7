"""An explanation gives the decision and every verdict behind it, with the line that decided."""

import os

import pytest

from governance.decision.decide import decide, explain
from governance.decision.verdicts import Step
from governance.decision.vocabulary import Action, Effect
from tests.decision.worlds import World, worlds

COUNT = int(os.environ.get("WORLDS", "100000")) // 20
ABOUT_NOBODY = {Step.OWN_WORDS, Step.GATE, Step.BROKEN}


@pytest.fixture(scope="module")
def sample() -> list[World]:
    return list(worlds(seed=12, count=COUNT))


def lines_of(author):
    kept = () if author.erased is None else author.erased.refusals
    return [*author.provisions.lines, *kept, *(line for layer in author.layers for line in layer.refusals)]


def test_an_explanation_holds_the_decision_itself(sample):
    for world in sample:
        assert explain(*world).decision == decide(*world)


def test_the_verdict_that_refuses_comes_first(sample):
    for world in sample:
        explanation = explain(*world)
        first = explanation.verdicts[0]
        assert first.permit is explanation.decision.permit
        assert first.permit or first == explanation.decision.verdict


def test_permits_come_last_and_a_permit_has_nothing_else(sample):
    for world in sample:
        permits = [verdict.permit for verdict in explain(*world).verdicts]
        assert permits == sorted(permits)


def test_every_verdict_says_about_whom_and_what(sample):
    for world in sample:
        for verdict in explain(*world).verdicts:
            if verdict.step not in ABOUT_NOBODY:
                assert verdict.author in {words.author for words in world.request.words}
                assert verdict.action in {world.request.action, Action.VIEW}


def test_the_line_told_is_the_authors_and_says_what_was_decided(sample):
    for world in sample:
        for verdict in explain(*world).verdicts:
            if verdict.line is not None:
                assert verdict.line in lines_of(world.facts.authors[verdict.author])
                assert verdict.action in verdict.line.actions
                assert (verdict.line.effect is Effect.PERMIT) is verdict.permit


def test_a_choice_that_decided_is_told(sample):
    for world in sample:
        for verdict in explain(*world).verdicts:
            assert verdict.line is not None or verdict.step is not Step.PROVISIONS


def test_what_cannot_be_explained_was_refused():
    assert [verdict.step for verdict in explain(None, None).verdicts] == [Step.BROKEN]
