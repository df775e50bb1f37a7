"""Pages that are answered from memory are what `decide` says, whoever asks again and whatever time has passed."""

import random
from dataclasses import replace
from itertools import groupby

import pytest

from governance.decision.decide import decide
from governance.decision.facts import Author
from governance.decision.observing import is_observed
from governance.decision.vocabulary import NOT_SENT, Action
from governance.pep.replica import evaluator, meanings, viewing
from tests.decision.test_recall import AUTHOR, FACTS, POST, VIEW, about
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
        asked = [replace(one, initiated_by_patient=NOT_SENT) for one in asked]
        # The same of another action and of flagged words, behind what was answered before.
        other = rng.choice([action for action in Action if action is not request.action])
        asked += [replace(one, action=other) for one in asked[:2]]
        asked += [replace(one, flagged=rng.choice((True, False, NOT_SENT))) for one in asked[:2]]
        yield asked, facts, sorted(rng.sample(TIMES, 3))


def with_twins(pages):
    """Put beside everybody somebody of whom the same is known, and beside every community one like it; ask of both."""
    for requests, facts, times in pages:
        authors = {f"{name}'": replace(author, account=f"{name}'") for name, author in facts.authors.items()}
        rooms = {f"{name}'": room for name, room in facts.communities.items()}
        asked = []
        for request in requests:
            (words,) = request.words
            asked.append(request)
            if words.author in facts.authors:
                asked.append(replace(request, words=(replace(words, author=f"{words.author}'"),)))
            if words.community in facts.communities:
                asked.append(replace(request, words=(replace(words, community=f"{words.community}'"),)))
        more = replace(facts, authors=authors | facts.authors, communities=rooms | facts.communities)
        yield asked, more, times


def differences(pages):
    """Yield every page that is answered otherwise than decided."""
    for requests, facts, times in pages:
        if not requests:
            continue
        replica = Deciding(forum_of([facts], platform=requests[0].platform))
        for at in times:
            replica.at(at)
            for _ in range(2):
                for action, page in groupby(requests, key=lambda request: request.action):
                    asked = list(page)
                    right = [told(replace(request, at=at), facts) for request in asked]
                    resources = [question_of(request).resource for request in asked]
                    answers = replica.evaluator.page(asked[0].viewer, action, resources)
                    if [(one.permit, one.reason, one.observed) for one in answers] != right:
                        yield asked


def alike(seed, count):
    return differences(with_twins(askings(seed, count)))


@pytest.mark.parametrize("count", [60, pytest.param(5_000, marks=pytest.mark.slow)])
def test_a_page_from_memory_is_what_would_be_decided(count):
    assert list(differences(askings(21, count))) == []


@pytest.mark.parametrize("count", [60, pytest.param(3_000, marks=pytest.mark.slow)])
def test_who_is_alike_gets_the_answer_that_would_be_decided(count):
    assert list(alike(22, count)) == []


def test_a_page_of_many_who_are_alike_is_decided_once(monkeypatch):
    """What it is for."""
    decided = []
    monkeypatch.setattr(viewing, "decide", lambda *asked: decided.append(asked) or decide(*asked))
    authors = {str(number): replace(AUTHOR, account=str(number)) for number in range(50)}
    rooms = {f"room-{number}": FACTS.communities["c"] for number in range(5)}
    replica = Deciding(forum_of([replace(FACTS, authors=authors, communities=rooms)]))
    requests = about(
        *[replace(POST, author=name, community=f"room-{int(name) % 5}") for name in authors], flagged=NOT_SENT
    )
    answers = replica.at(VIEW.at).evaluator.page(
        VIEW.viewer, VIEW.action, [question_of(one).resource for one in requests]
    )
    assert [answer.permit for answer in answers] == [True] * 50
    assert len(decided) == 1
    questions = [question_of(one)._replace(initiated_by_patient=None) for one in requests]
    assert all(replica.evaluator.answers(questions))
    assert len(decided) == 1, "whoever asks one by one has the same memory"
    assert all(replica.evaluator.answers([one._replace(recipients=("somebody",)) for one in questions]))
    assert len(decided) == 51, "whose letter it is, is no part of it"


def test_a_memory_without_an_end_would_answer_otherwise(monkeypatch):
    """The control: what tells that times matter here."""
    monkeypatch.setattr(viewing, "span_around", lambda *_: (-(2**62), 2**62))
    assert any(alike(22, 1_000))


def test_a_memory_of_single_words_would_answer_otherwise(monkeypatch):
    monkeypatch.setattr(meanings, "looks_at_single_words", lambda _: False)
    assert any(alike(22, 1_000))


@pytest.mark.parametrize("created", [POST.created, NOT_SENT], ids=["answers", "authors alone"])
def test_what_is_kept_has_an_end_however_it_is_asked(created, monkeypatch):
    monkeypatch.setattr(evaluator, "_MOST_KEPT", 2)
    replica = Deciding(forum_of([FACTS])).at(VIEW.at)
    for number in range(12):
        words = replace(POST, author=f"stranger-{number}", created=created)
        (request,) = about(words, flagged=NOT_SENT, initiated_by_patient=NOT_SENT)
        before = replica.evaluator._now.viewings.get(VIEW.viewer)
        replica.evaluator.answers([question_of(request)])
        if before is not None and replica.evaluator._now.viewings[VIEW.viewer] is not before:
            return
    raise AssertionError
