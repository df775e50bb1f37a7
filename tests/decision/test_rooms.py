"""Words are judged by the strictest that their community has been since they were written."""

import pytest

from governance.decision.facts import Community, Facts, Room, Setting, Viewer, Words
from governance.decision.rooms import room_of, strictest
from governance.decision.vocabulary import NOT_SENT, Ages, Posture
from tests.decision.universe import USUAL

OPEN, INFORMED, CLOSED = Posture.HCP_PRESENT, Posture.INFORMED, Posture.PEER_ONLY
ADULTS, MIXED = Ages.ADULTS, Ages.MIXED
LAX = Room(OPEN, ADULTS)
NOW = 10


def room(history, created, strictest_anywhere=LAX, *, now_only=False):
    facts = Facts(Viewer("d"), {}, USUAL, {"c": Community(tuple(history))}, strictest_anywhere)
    return room_of(facts, Words("a", "c", created=created), NOW, now_only=now_only)


OPENED = (Setting(2, CLOSED, MIXED), Setting(6, OPEN, ADULTS))


@pytest.mark.parametrize(
    ("created", "expected"),
    [(3, Room(CLOSED, MIXED)), (5, Room(CLOSED, MIXED)), (6, Room(OPEN, ADULTS)), (NOT_SENT, Room(CLOSED, MIXED))],
)
def test_words_keep_the_room_they_were_written_in(created, expected):
    assert room(OPENED, created) == expected


def test_today_alone_counts_for_an_action_on_a_person():
    assert room(OPENED, 3, now_only=True) == Room(OPEN, ADULTS)


def test_a_first_setting_counts_for_words_that_are_older():
    assert room([Setting(5, CLOSED, MIXED)], 3) == Room(CLOSED, MIXED)


def test_words_older_than_the_first_setting_count_as_the_strictest_of_the_platform():
    assert room([Setting(5, OPEN, ADULTS)], 3, Room(CLOSED, MIXED)) == Room(CLOSED, MIXED)
    assert room([Setting(5, OPEN, ADULTS)], 5, Room(CLOSED, MIXED)) == Room(OPEN, ADULTS)


def test_a_setting_still_to_come_is_no_word_yet():
    assert room([Setting(5, OPEN, ADULTS), Setting(11, CLOSED, MIXED)], 7) == Room(OPEN, ADULTS)
    assert room([Setting(11, CLOSED, MIXED)], 12) == Room(OPEN, ADULTS)


def test_posture_and_ages_are_each_the_strictest():
    assert strictest([Setting(1, INFORMED, ADULTS), Setting(2, OPEN, MIXED)]) == Room(INFORMED, MIXED)
    assert strictest([Setting(1, INFORMED, ADULTS), Room(CLOSED, ADULTS)]) == Room(CLOSED, ADULTS)


def test_of_no_settings_none_is_the_strictest():
    with pytest.raises(ValueError, match="empty"):
        strictest([])


def test_a_community_that_never_changed_has_one_room():
    assert Community((Setting(2, CLOSED, ADULTS),)).only_room == Room(CLOSED, ADULTS)
    assert Community(OPENED).only_room is None
    assert Community(()).only_room is None


def test_the_one_room_is_given_back_from_its_first_instant_on():
    community = Community((Setting(5, OPEN, ADULTS),))
    facts = Facts(Viewer("d"), {}, USUAL, {"c": community})
    assert room_of(facts, Words("a", "c", created=5), NOW, now_only=False) is community.only_room


def test_a_posture_of_no_list_is_no_room():
    assert Community((Setting(2, "ajar", ADULTS),)).only_room is None
