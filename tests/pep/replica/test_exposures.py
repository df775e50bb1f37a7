"""What was shown waits to be told: everything once, whoever puts it there meanwhile, and never more than a bound."""

import sys
import threading
import time

import pytest

from governance.decision.vocabulary import Action
from governance.pep.questions import Resource, Words
from governance.pep.replica import exposures as room
from governance.pep.replica.exposures import MOST_IN_A_BATCH, Exposures

NOW = 1_700_000_000_000_000
THREADS, EACH = 8, 3_000


def shown(*posts):
    words = [Words("ana", "c", "t", str(post)) for post in posts]
    return "hcp", Action.VIEW, NOW, 7, [Resource("post", one.post, (one,)) for one in words]


def told(exposures):
    posts = []
    while (batch := exposures.batch()) is not None:
        assert len(batch.exposures) <= MOST_IN_A_BATCH
        posts += [one["post"] for one in batch.exposures]
        exposures.done()
    return posts


def told_while_threads_note(exposures):
    """Return what is told while threads put down single posts, and now and then a page of three."""

    def notes(thread):
        for number in range(EACH):
            posts = [f"{thread}-{number}-{part}" for part in range(3 if number % 100 == 0 else 1)]
            exposures.note(shown(*posts))

    threads = [threading.Thread(target=notes, args=(thread,)) for thread in range(THREADS)]
    for thread in threads:
        thread.start()
    posts = []
    while any(thread.is_alive() for thread in threads):
        posts += told(exposures)
    return posts + told(exposures)


@pytest.fixture
def often():
    """Have threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("often")
def test_everything_is_told_once_while_threads_go_on():
    posts = told_while_threads_note(Exposures())
    assert len(posts) == len(set(posts)) == THREADS * (EACH + 2 * EACH // 100)


@pytest.mark.usefixtures("often")
def test_who_takes_all_there_was_and_then_empties_it_loses_some(monkeypatch):
    """The control: what came between the two is gone."""

    def counts(self):
        with self._lock:
            pages = list(self._new.copy())
            time.sleep(0.0001)
            self._new.clear()
            self._counted.append(room._Pages(sum(len(one[-1]) for one in pages), pages))
            self._many += self._counted[-1].many

    monkeypatch.setattr(Exposures, "_count", counts)
    posts = told_while_threads_note(Exposures())
    assert len(posts) < THREADS * (EACH + 2 * EACH // 100)


@pytest.mark.parametrize("many", [1, MOST_IN_A_BATCH - 1, MOST_IN_A_BATCH, MOST_IN_A_BATCH + 1])
def test_a_batch_is_full_or_the_last(many):
    exposures = Exposures()
    for _ in range(2):
        for number in range(many):
            exposures.note(shown(number))
        assert told(exposures) == [str(number) for number in range(many)]


def test_the_oldest_go_first_and_are_counted():
    exposures = Exposures(most=1_000)
    exposures.note(shown(*range(900)))
    exposures.note(shown(*range(900, 1_100)))
    assert (exposures.waiting, exposures.lost) == (200, 900)
    for number in range(1_100, 3_000):
        exposures.note(shown(number))
    assert exposures.waiting <= 1_000
    posts = told(exposures)
    assert len(posts) + exposures.lost == 3_000
    assert posts == [str(number) for number in range(3_000 - len(posts), 3_000)]


def test_single_things_are_counted_before_they_are_many():
    exposures = Exposures(most=0)
    for number in range(10_000):
        exposures.note(shown(number))
    held = sum(len(pages.pages) for pages in exposures._counted) + len(exposures._new)
    assert held < room._MOST_UNCOUNTED


def test_what_the_service_will_never_take_is_counted_as_lost():
    exposures = Exposures()
    exposures.note(shown(1, 2, 3))
    exposures.batch()
    exposures.done(taken=False)
    assert (exposures.batch(), exposures.lost) == (None, 3)
