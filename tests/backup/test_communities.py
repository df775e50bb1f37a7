"""A community made stricter since the backup is not looser after a restore; a moderator sent away is none again."""

import pytest

from governance.backup import replay
from governance.decision.vocabulary import Ages, Posture
from governance.effective.models import InForce
from governance.effective.service import Register
from tests.backup.test_professionals import lifts_every_block
from tests.backup.test_restore import lose

pytestmark = pytest.mark.slow

BEFORE = 10**13


@pytest.fixture
def open_house(lived_in):
    """Two communities where professionals take part with adults, Nia as the moderator of both."""
    with lived_in.forum() as forum:
        for community in ("a", "b"):
            forum.opens(community, Posture.HCP_PRESENT, Ages.ADULTS, ["nia"], told=forum.now - BEFORE)
    assert reads(lived_in, "a")
    assert moderates(lived_in, "a")
    return lived_in


def reads(house, community, author="nobody"):
    return house.permits("dan", author, community=community)


def moderates(house, community):
    return house.permits("nia", "nobody", "moderate", community=community, flagged=True)


@pytest.mark.parametrize("posture", [Posture.INFORMED, Posture.PEER_ONLY])
def test_what_was_closed_stays_closed_and_what_was_not_stays_as_it_was(open_house, empty, posture):
    file = open_house.backup()
    with open_house.forum() as forum:
        forum.opens("a", posture, Ages.ADULTS)
    assert not reads(open_house, "a")
    open_house.restore(file, to=empty)
    assert not reads(open_house, "a")
    assert not moderates(open_house, "a")
    assert reads(open_house, "b")
    assert moderates(open_house, "b")


def test_ages_taken_back_stay_taken_back(open_house, empty):
    file = open_house.backup()
    with open_house.forum() as forum:
        forum.opens("a", Posture.HCP_PRESENT, Ages.MIXED)
    open_house.restore(file, to=empty)
    assert not reads(open_house, "a")
    assert reads(open_house, "b")


def opened_since(house, *, announced_before):
    """Informed at first; its opening was announced before the backup or after it, and has begun."""
    with house.forum() as forum:
        forum.opens("a", Posture.INFORMED, Ages.ADULTS)
        if announced_before:
            forum.opens("a", Posture.HCP_PRESENT, Ages.ADULTS)
    file = house.backup()
    with house.forum() as forum:
        house.now = forum.opens("a", Posture.HCP_PRESENT, Ages.ADULTS, ["nia"]).since + 1_000_000
    assert reads_now(house)
    return file


def reads_now(house):
    return house.permits("dan", "nobody", community="a", created="2026-05-18T11:00:00Z")


def test_what_was_opened_since_its_platform_says_once_more(lived_in, empty):
    file = opened_since(lived_in, announced_before=False)
    lived_in.restore(file, to=empty)
    assert not reads_now(lived_in)


def test_what_the_backup_knows_as_announced_begins(lived_in, empty):
    file = opened_since(lived_in, announced_before=True)
    lived_in.restore(file, to=empty)
    assert reads_now(lived_in)


def test_said_again_as_it_was_it_would_be_open(lived_in, empty, monkeypatch):
    """The control."""
    monkeypatch.setattr(replay, "not_looser", lambda _before, after, _now: after)
    file = opened_since(lived_in, announced_before=False)
    lived_in.restore(file, to=empty)
    assert reads_now(lived_in)


def mode_of(house):
    with house.forum() as forum:
        subjects = InForce.subjects(forum.session, "community")
        register = Register(forum.session, forum.keyring, forum.now)
        return [register.said("community", subject, "pdp")["mode"] for subject in subjects]


def test_who_enforces_does_not_only_observe_again(house, empty):
    """Not by what was said since, and not where nobody knows what was."""
    with house.forum() as forum:
        forum.opens("c", mode="observe")
    unsure = house.backup()
    with house.forum() as forum:
        forum.opens("c", mode="enforce")
    lose(house)
    house.restore(unsure, to=empty, without_journal=True)
    assert mode_of(house) == ["enforce"]


def test_what_only_observes_since_enforces_until_it_is_said_once_more(house, empty):
    file = house.backup()
    with house.forum() as forum:
        forum.opens("c", mode="observe")
    house.restore(file, to=empty)
    assert mode_of(house) == ["enforce"]


def closed_and_the_journal_lost(house):
    file = house.backup()
    with house.forum() as forum:
        forum.opens("a", Posture.INFORMED, Ages.ADULTS)
    lose(house)
    return file


def test_with_the_journal_lost_nothing_is_open_until_the_platform_says_it_again(open_house, empty):
    file = closed_and_the_journal_lost(open_house)
    replayed = open_house.restore(file, to=empty, without_journal=True)
    assert replayed["communities in which nothing is open until their platform says it once more"] == 3
    lifts_every_block(open_house)
    assert not reads(open_house, "a")
    assert not reads(open_house, "b")


def test_left_as_it_was_in_the_backup_it_would_be_open(open_house, empty, monkeypatch):
    """The control."""
    monkeypatch.setattr(replay, "judge_strictly", lambda *_: False)
    file = closed_and_the_journal_lost(open_house)
    open_house.restore(file, to=empty, without_journal=True)
    lifts_every_block(open_house)
    assert reads(open_house, "a")


@pytest.mark.parametrize("careful", [True, False], ids=["forgotten", "control"])
def test_an_opening_that_was_announced_is_forgotten_with_the_journal(lived_in, empty, monkeypatch, careful):
    """It may have been taken back since."""
    for posture in (Posture.INFORMED, Posture.HCP_PRESENT):
        with lived_in.forum() as forum:
            begins = forum.opens("a", posture, Ages.ADULTS).since
    file = lived_in.backup()
    lose(lived_in)
    if not careful:
        monkeypatch.setattr(replay, "judge_strictly", lambda *_: False)
    lived_in.restore(file, to=empty, without_journal=True)
    lifts_every_block(lived_in)
    lived_in.now = begins + 1_000_000
    assert lived_in.permits("dan", "nobody", community="a", created="2026-05-18T11:00:00Z") is not careful
