"""Erasing opens nothing: what was written before refuses, and whoever was refused by name stays refused."""

import pytest
import sqlalchemy as sa

from governance.crypto.data_keys import DataKeys, KeyGoneError
from governance.decision.vocabulary import Instant, Level
from governance.effective.erasure import erase
from governance.effective.measures import Measures
from governance.effective.models import Fragment
from governance.effective.service import Register
from governance.pdp.messages import question_of
from governance.ui.clock import to_datetime
from tests.forum import DAY, asked

pytestmark = pytest.mark.usefixtures("both")


@pytest.fixture
def open_forum(forum):
    for name in ("nia", "dan"):
        forum.registers(name)
    forum.opens("c", "hcp_present")
    for name in ("ana", "bea"):
        forum.acknowledges(name)
        forum.chooses(name, Level.SEEN, Level.SEEN, ["nia"])
    assert forum.permits("nia", "ana")
    return forum


def erased(forum, name, days=0):
    patient = forum.patient(name)
    erase(forum.session, forum.keyring, patient.id, forum.now, final_at=Instant(forum.now + days * DAY))
    return patient


def test_words_from_before_refuse_and_other_patients_notice_nothing(open_forum):
    erased(open_forum, "ana")
    assert not open_forum.permits("nia", "ana")
    assert not open_forum.permits("dan", "ana")
    assert open_forum.permits("nia", "bea")


def test_a_hold_outlives_the_record(open_forum):
    """Without it, words written after the erasure would be anybody's in a community that is open to professionals."""
    open_forum.hides("ana")
    open_forum.now += 1
    erased(open_forum, "ana")
    open_forum.later(days=1)
    after = open_forum.now
    open_forum.later(days=1)
    assert not open_forum.permits("dan", "ana", created=written(after))


@pytest.mark.parametrize("refused", [True, False])
def test_who_was_refused_by_name_stays_refused(open_forum, refused):
    if refused:
        ana = open_forum.patient("ana").id
        measures = Measures(open_forum.session, open_forum.keyring, open_forum.now)
        measures.block_pair(ana, open_forum.key("dan"), Instant(open_forum.now + 9999 * DAY))
    erased(open_forum, "ana")
    open_forum.later(days=1)
    after = open_forum.now
    open_forum.later(days=1)
    assert open_forum.permits("dan", "ana", created=written(after)) is not refused


def written(instant):
    return to_datetime(instant).isoformat()


def test_nothing_that_was_chosen_is_left_in_the_tables(open_forum):
    patient = erased(open_forum, "ana")
    rooms = {one.room for one in open_forum.session.scalars(sa.select(Fragment).filter_by(subject=str(patient.id)))}
    assert rooms == {"erasure", "patients"}
    document = Register(open_forum.session, open_forum.keyring, open_forum.now).document("patient", str(patient.id))
    assert (document.lines, document.care_team, document.covered) == ((), (), {})


def test_the_keys_are_gone(open_forum):
    owners = [f"account:{open_forum.account('ana').id}", f"patient:{open_forum.patient('ana').id}"]

    def known(owner):
        return DataKeys(open_forum.session, open_forum.keyring).known(owner)

    assert all(known(owner) for owner in owners)
    erased(open_forum, "ana")
    for owner in owners:
        with pytest.raises(KeyGoneError):
            known(owner)


def test_erasing_twice_keeps_what_the_first_kept(open_forum):
    open_forum.hides("ana")
    erased(open_forum, "ana", days=3)
    patient = erased(open_forum, "ana")
    stone = Register(open_forum.session, open_forum.keyring, 0).document("patient", str(patient.id)).erased
    assert (stone.hold, stone.final_at) == (True, open_forum.now + 3 * DAY)


def test_the_past_of_an_erased_patient_refuses(open_forum):
    revision = open_forum.desk().revision
    erased(open_forum, "ana")
    open_forum.session.flush()
    facts = open_forum.desk_then(revision)
    answers = facts.answer([question_of(asked("nia", name)) for name in ("ana", "bea")], open_forum.now)
    assert [answer.decision.permit for answer in answers] == [False, True]
