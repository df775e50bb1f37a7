"""A published version reaches every patient's permits, and nothing on the way opens anything."""

import pytest

from governance.decision.vocabulary import Action
from governance.disclosure import rollout
from governance.disclosure.models import Acknowledgement, AskAgain
from governance.disclosure.service import DAY, Told, acknowledge, ask_again_from, seen
from governance.disclosure.standing import groups
from governance.effective.erasure import erase
from governance.effective.models import InForce
from governance.effective.service import Register
from governance.optout.choices import Choices
from governance.policy.errors import PolicyNotPublishableError
from governance.policy.models import PolicyVersion
from tests.disclosure.editions import editions, publish
from tests.forum import ANSWERED, CLOSED

RESEARCH = Choices(CLOSED, ANSWERED, others_extras=frozenset({Action.RESEARCH}))


def says_yes(forum, name):
    """Somebody who lets all professionals read, answer, and use their posts in studies."""
    forum.acknowledges(name)
    forum.wants(name, RESEARCH, proved=True)


def may(forum, name):
    return {action for action in ("view", "reply", "research") if forum.permits("doctor", name, action)}


def reads(forum, name, version="2.0.0", language="en"):
    told = Told(version, language, "standard", "0" * 64)
    acknowledge(forum.session, forum.keyring, forum.patient(name).id, told, forum.now)


@pytest.fixture
def place(forum):
    """A forum with a doctor, the first version, and Ana who says yes to three things."""
    forum.registers("doctor", "doctor")
    publish(forum, "first")
    says_yes(forum, "ana")
    forum.later(minutes=1)
    assert may(forum, "ana") == {"view", "reply", "research"}
    return forum


@pytest.mark.usefixtures("both")
def test_once_published_no_check_permits_what_lost_its_protection(place):
    publish(place, "second")
    assert may(place, "ana") == {"view", "reply"}


def test_the_control_a_version_that_is_not_carried_out_would_leave_it_open(place):
    publish(place, "second", steps=0)
    assert may(place, "ana") == {"view", "reply", "research"}


def test_with_grace_it_pauses_thirty_days_later_by_itself(place):
    publish(place, "gentle")
    place.later(days=30, microseconds=-1)
    assert "research" in may(place, "ana")
    place.later(microseconds=1)
    assert may(place, "ana") == {"view", "reply"}


def test_a_typo_changes_no_row(place):
    publish(place, "second")
    before = Register(place.session, place.keyring, place.now).document("patient", str(place.patient("ana").id))
    publish(place, "typo")
    assert Register(place.session, place.keyring, place.now).document("patient", str(place.patient("ana").id)) == before


def test_refusals_are_never_touched(place):
    place.chooses("bea", CLOSED, CLOSED)
    publish(place, "everything")
    assert may(place, "ana") == set()
    assert may(place, "bea") == set()
    assert place.decides("doctor", "bea").verdict.step == "3h"


def test_reading_it_brings_back_exactly_what_was_there(place):
    publish(place, "second")
    place.later(days=1)
    reads(place, "ana")
    assert may(place, "ana") == {"view", "reply", "research"}
    assert not place.permits("doctor", "ana", "quote")


def test_stopped_on_the_way_it_goes_on_and_whoever_comes_meanwhile_is_done(place, monkeypatch):
    monkeypatch.setattr(rollout, "_STEP", 1)
    says_yes(place, "bea")
    publish(place, "second", steps=1)
    says_yes(place, "cleo")
    assert [("research" in may(place, who)) for who in ("ana", "bea", "cleo")] == [False, True, False]
    assert PolicyVersion.unfinished(place.session, "disclosure").version == "2.0.0"
    while rollout.carry_on(place.session, place.keyring, place.now) is not None:
        pass
    assert [("research" in may(place, who)) for who in ("ana", "bea", "cleo")] == [False, False, False]
    assert PolicyVersion.unfinished(place.session, "disclosure") is None


def test_a_row_that_another_hand_changed_keeps_nobody_else_back(place):
    says_yes(place, "bea")
    place.session.get(InForce, ("patient", str(place.patient("ana").id))).mac = b"0" * 32
    publish(place, "second")
    assert may(place, "ana") == set()
    assert may(place, "bea") == {"view", "reply"}


def test_two_years_unseen_every_permit_asks_again_and_signing_in_alone_brings_none_back(place):
    place.chooses("bea", CLOSED, CLOSED)
    place.later(days=730)
    place.registers("doctor2", "doctor")
    assert not place.permits("doctor2", "ana")
    seen(place.session, place.keyring, place.patient("ana").id, place.now)
    assert not place.permits("doctor2", "ana")
    reads(place, "ana", "1.0.0")
    assert place.permits("doctor2", "ana")
    assert not place.permits("doctor2", "bea")


def test_who_signs_in_now_and_then_is_never_asked_again(place):
    for _ in range(3):
        place.later(days=700)
        seen(place.session, place.keyring, place.patient("ana").id, place.now)
    place.registers("doctor2", "doctor")
    assert place.permits("doctor2", "ana")
    assert place.session.query(AskAgain).count() == 0


def test_signing_in_often_writes_one_entry_a_day(place):
    place.later(days=1)
    patient = place.patient("ana").id
    for _ in range(3):
        seen(place.session, place.keyring, patient, place.now)
        place.later(hours=1)
    register = Register(place.session, place.keyring, place.now)
    ends = {end for _, end in register.document("patient", str(patient)).covered.values()}
    assert ends == {place.now - 3 * 3600 * 1_000_000 + 730 * DAY}


def test_who_never_was_told_leaves_nothing_by_signing_in(place):
    seen(place.session, place.keyring, place.patient("nobody").id, place.now)
    register = Register(place.session, place.keyring, place.now)
    assert register.said("patient", str(place.patient("nobody").id), "disclosure") == {}


def test_coming_of_an_age_asks_again_from_that_instant(place):
    birthday = place.now + 5 * DAY
    ask_again_from(place.session, place.keyring, place.patient("ana").id, birthday, place.now)
    place.later(days=5, microseconds=-1)
    assert may(place, "ana") == {"view", "reply", "research"}
    place.later(microseconds=1)
    assert may(place, "ana") == set()
    place.later(seconds=1)
    reads(place, "ana", "1.0.0")
    assert may(place, "ana") == {"view", "reply", "research"}


def test_of_whom_nothing_is_in_force_nothing_is_said(place):
    erase(place.session, place.keyring, place.patient("ana").id, place.now, final_at=place.now)
    publish(place, "second")
    assert may(place, "ana") == set()


@pytest.mark.usefixtures("both")
def test_a_late_translation_keeps_its_readers_and_counts_them(place):
    reads(place, "ana", "1.0.0", "cy")
    says_yes(place, "bea")
    publish(place, "second")
    place.later(days=1)
    reads(place, "bea")
    assert may(place, "ana") == {"view", "reply"}
    assert may(place, "bea") == {"view", "reply", "research"}
    found = {(one.version, one.language): (one.people, one.behind, one.waits) for one in _groups(place)}
    assert found == {("1.0.0", "cy"): (1, True, True), ("2.0.0", "en"): (1, False, False)}
    publish(place, "second, in Welsh")
    assert {one.language: one.waits for one in _groups(place)} == {"cy": False, "en": False}
    reads(place, "ana", "2.0.0", "cy")
    assert may(place, "ana") == {"view", "reply", "research"}


def _groups(forum):
    forum.session.flush()
    return groups(forum.session, editions()["first"], forum.now)


def test_a_version_that_was_left_out_is_refused(place):
    with pytest.raises(PolicyNotPublishableError, match=r"number it 2\.0\.0 or 1\.1\.0 or 1\.0\.1"):
        publish(place, "clearer")


def test_only_the_result_of_the_check_is_kept(place):
    told = Told("1.0.0", "en", "standard", "0" * 64, understood=True, tries=7)
    acknowledge(place.session, place.keyring, place.patient("ana").id, told, place.now)
    kept = Acknowledgement.latest(place.session, place.patient("ana").id)
    assert (kept.understood, kept.tries) == (True, 7)
