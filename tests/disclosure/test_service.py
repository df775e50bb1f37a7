"""What was told is kept word for word by its hash, and lets permits count from then on."""

import pytest

from governance.decision.vocabulary import Action
from governance.disclosure.models import Acknowledgement
from governance.disclosure.service import Told, acknowledge, current_acknowledgement
from governance.effective.service import Register
from tests.forum import CLOSED, SEEN, TOLD

pytestmark = pytest.mark.usefixtures("both")


def covered(forum, name):
    return Register(forum.session, forum.keyring, forum.now).document("patient", str(forum.patient(name).id)).covered


def test_nobody_was_told_anything_at_first(forum):
    assert current_acknowledgement(forum.session, forum.patient("ana").id) is None
    assert covered(forum, "ana") == {}


def test_an_acknowledgement_keeps_exactly_what_was_read(forum):
    forum.acknowledges("ana")
    kept = current_acknowledgement(forum.session, forum.patient("ana").id)
    assert Told(kept.version, kept.language, kept.variant, kept.text_sha256) == TOLD
    assert kept.at == forum.now


def test_it_covers_every_action_from_now_on(forum):
    forum.acknowledges("ana")
    assert covered(forum, "ana").keys() == set(Action)
    assert {start for start, _ in covered(forum, "ana").values()} == {forum.now}


def test_a_later_one_follows_and_the_first_is_kept(forum):
    forum.acknowledges("ana")
    forum.later(days=1)
    patient = forum.patient("ana")
    newer = Told("2", "es", "easy_read", "1" * 64)
    acknowledge(forum.session, forum.keyring, patient.id, newer, forum.now)
    assert current_acknowledgement(forum.session, patient.id).version == "2"
    assert forum.session.query(Acknowledgement).count() == 2


def test_of_two_at_one_instant_the_one_written_later_counts(forum):
    patient = forum.patient("ana")
    for version in ("1", "2", "3"):
        acknowledge(forum.session, forum.keyring, patient.id, Told(version, "en", "standard", "0" * 64), forum.now)
        forum.session.flush()
    assert current_acknowledgement(forum.session, patient.id).version == "3"


def test_it_is_one_persons_alone(forum):
    forum.acknowledges("ana")
    assert covered(forum, "bea") == {}
    assert current_acknowledgement(forum.session, forum.patient("bea").id) is None


@pytest.mark.parametrize("again", [False, True])
def test_reading_once_more_neither_opens_nor_closes(forum, again):
    forum.registers("doctor", "doctor")
    forum.acknowledges("ana")
    forum.chooses("ana", CLOSED, SEEN)
    forum.later(minutes=1)
    if again:
        forum.acknowledges("ana")
    assert forum.permits("doctor", "ana")
    assert not forum.permits("doctor", "ana", "reply")
