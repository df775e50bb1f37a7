"""Who looks leaves nothing behind; who acts has one record, whatever account they come by."""

import pytest

from governance.effective.documents import PatientDocument
from governance.effective.service import Register
from governance.patients.models import Patient, PatientAccount
from governance.patients.service import find_patient, patient_for, set_adult_from
from tests.forum import ANSWERED, IN_TOUCH

pytestmark = pytest.mark.usefixtures("both")


def document(forum, patient):
    return Register(forum.session, forum.keyring, forum.now).document("patient", str(patient.id))


def whose(forum, name):
    account = forum.account(name)
    return account.id, forum.id, account.key


def test_an_account_that_only_signed_in_has_no_record(forum):
    assert find_patient(forum.session, forum.account("ana").id) is None
    assert forum.session.query(Patient).count() == 0


def test_the_first_act_makes_the_record_and_the_second_finds_it(forum):
    first = patient_for(forum.session, forum.keyring, whose(forum, "ana"), forum.now)
    assert patient_for(forum.session, forum.keyring, whose(forum, "ana"), forum.now) is first
    assert find_patient(forum.session, forum.account("ana").id) is first
    assert forum.session.query(PatientAccount).count() == 1


def test_two_accounts_have_two_records(forum):
    assert forum.patient("ana") is not forum.patient("Ana")


def test_a_new_patient_counts_as_a_minor_until_somebody_says_when_they_turn_18(forum):
    patient = forum.patient("ana", adult=False)
    assert document(forum, patient) == PatientDocument()
    set_adult_from(forum.session, forum.keyring, patient, forum.now, forum.now)
    assert document(forum, patient).adult_from == forum.now


def test_saying_the_age_leaves_choices_as_they_are(forum):
    forum.hides("ana")
    patient = forum.patient("ana", adult=False)
    set_adult_from(forum.session, forum.keyring, patient, forum.now, forum.now)
    assert document(forum, patient).hold


def test_nobody_finds_a_minor_and_only_their_own_nurse_may_answer_their_message(forum):
    forum.registers("nurse")
    forum.registers("doctor", "doctor")
    forum.acknowledges("kim", adult=False)
    forum.chooses("kim", IN_TOUCH, ANSWERED, team=["nurse"], adult=False)
    for name in ("nurse", "doctor"):
        assert forum.permits(name, "kim", "reply")
        assert not forum.permits(name, "kim", "find")
        assert not forum.permits(name, "kim", "message", wrote_first=False)
    assert forum.permits("nurse", "kim", "message", wrote_first=True)
    assert not forum.permits("doctor", "kim", "message", wrote_first=True)
