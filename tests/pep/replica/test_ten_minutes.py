"""The service is gone for ten minutes and the forum goes on: members see what they saw, nobody what was closed."""

import threading
from collections import Counter

import pytest

from governance.decision.vocabulary import Action
from governance.optout.choices import Choices, Named
from tests.forum import ANSWERED, CLOSED
from tests.pep.replica.test_following import post

MEMBERS, PROFESSIONALS = ("joe", "kim", "lea"), ("nurse", "doctor")
AUTHORS = ("ana", "bea", "joe", "nobody")
PAGE = [post(author, f"{author}-{number}") for number in range(25) for author in AUTHORS]


@pytest.fixture
def forum(here):
    """Bea refused Joe by name; Ana answers her nurse."""
    here.forum.acknowledges("bea")
    here.forum.wants("bea", Choices(ANSWERED, CLOSED, named=frozenset({Named(here.forum.key("joe"), CLOSED)})))
    here.commit()
    return here


class Load:
    """Threads that look at the same page again and again, each as another viewer, and what they saw."""

    def __init__(self, replica):
        self.replica, self.stopped = replica, threading.Event()
        self.seen = {viewer: Counter() for viewer in (*MEMBERS, *PROFESSIONALS)}
        self.pages = Counter()
        self.threads = [threading.Thread(target=self._look, args=(viewer,)) for viewer in self.seen]

    def _look(self, viewer):
        while not self.stopped.is_set():
            answers = self.replica.evaluate_page(viewer, Action.VIEW, PAGE)
            self.pages[viewer] += 1
            self.seen[viewer].update(
                thing.words[0].author for thing, answer in zip(PAGE, answers, strict=True) if answer.permit
            )
            self.stopped.wait(0.005)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        for thread in self.threads:
            thread.join()


def test_members_are_served_and_nothing_that_was_refused_is_shown(forum):
    replica, hands = forum.replica()
    replica.follower.step()
    refused = {
        (viewer, author)
        for viewer in (*MEMBERS, *PROFESSIONALS)
        for author in AUTHORS
        if not replica.evaluate(viewer, Action.VIEW, post(author)).permit
    }
    assert ("joe", "bea") in refused
    assert ("doctor", "ana") in refused
    assert ("nurse", "ana") not in refused
    forum.liar.gone = True
    hands.steady += 6
    with Load(replica) as load:
        for _ in range(60):
            hands.steady += 10
            replica.follower.step()
    assert replica.follower.trouble == "unreachable"
    assert min(load.pages.values()) >= 5
    for viewer in MEMBERS:
        # Every page whole, but for what was refused before.
        for author in AUTHORS:
            assert load.seen[viewer][author] == (0 if (viewer, author) in refused else 25 * load.pages[viewer])
    for viewer in PROFESSIONALS:
        assert not load.seen[viewer]
    forum.liar.gone = False
    replica.follower.step()
    assert replica.evaluate("nurse", Action.VIEW, post()).permit


def test_who_served_professionals_too_would_show_them_something(forum):
    """The control: within the lease the same page shows the nurse what Ana opened to her."""
    replica, _ = forum.replica()
    replica.follower.step()
    answers = replica.evaluate_page("nurse", Action.VIEW, PAGE)
    assert any(answer.permit for answer in answers)
