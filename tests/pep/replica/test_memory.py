"""Pages that are answered from memory are what `decide` says, whoever asks again and whatever time has passed."""

import random
from dataclasses import replace

import pytest

from governance.decision.decide import decide
from governance.decision.facts import Author
from governance.decision.observing import is_observed
from governance.decision.vocabulary import NOT_SENT
from governance.pep.replica import packed, viewing
from tests.decision.universe import GRID
from tests.decision.worlds import worlds
from tests.pep.replica.deciding import Deciding, question_of
from tests.pep.replica.tables import forum_of

NOBODY = Author("nobody")
TIMES = sorted(GRID[::3])


def told(request, facts):
    """Return what a kit is told: permit, reason, and what would have been where a community only observes."""
    decision = decide(request, facts)
    observed = is_observed(request, facts, decision)
    return decision.permit or observed, decision.reason, decision.permit if observed else None


def askings(seed, count):
    """Draw worlds, and in each of them some pages: the same words, and others of the same authors, at several times."""
    rng = random.Random(seed)
    for request, facts in worlds(seed=seed, count=count):
        if request.viewer != facts.viewer.account or any(one.author not in facts.authors for one in request.words):
            # Worlds with facts about somebody else; a forum of them knows other people.
            continue
        if facts.authors.get(request.viewer, NOBODY).hcp not in (None, facts.viewer.hcp):
            # Worlds in which who looks is no professional, and the same account as an author is one.
            continue
        words = request.words[:1] * 2 + request.words
        asked = [replace(request, words=(one,), recipients=NOT_SENT, sender=NOT_SENT) for one in words if words]
        asked += [
            replace(one, words=(replace(one.words[0], created=rng.choice(GRID), post="other"),)) for one in asked[:2]
        ]
        yield [replace(one, initiated_by_patient=NOT_SENT) for one in asked], facts, sorted(rng.sample(TIMES, 3))


def differences(seed, count):
    """Yield every page that is answered otherwise than decided."""
    for requests, facts, times in askings(seed, count):
        if not requests:
            continue
        replica = Deciding(forum_of([facts], platform=requests[0].platform))
        for at in times:
            replica.at(at)
            right = [told(replace(request, at=at), facts) for request in requests]
            for _ in range(2):
                questions = [question_of(request) for request in requests]
                answers = replica.evaluator.page(
                    questions[0].viewer, questions[0].action, [question.resource for question in questions]
                )
                if [(one.permit, one.reason, one.observed) for one in answers] != right:
                    yield requests


@pytest.mark.parametrize("count", [60, pytest.param(5_000, marks=pytest.mark.slow)])
def test_a_page_from_memory_is_what_would_be_decided(count):
    assert list(differences(21, count)) == []


def test_a_memory_without_an_end_would_answer_otherwise(monkeypatch):
    """The control: what tells that times matter here."""
    monkeypatch.setattr(viewing, "span_around", lambda *_: (-(2**62), 2**62))
    assert any(differences(21, 1_000))


def test_a_memory_of_single_words_would_answer_otherwise(monkeypatch):
    monkeypatch.setattr(packed, "looks_at_single_words", lambda _: False)
    assert any(differences(21, 1_000))
