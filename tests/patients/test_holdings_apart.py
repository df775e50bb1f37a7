"""Erasures and exports where somebody else's record is touched: a guardian's, a young person's, one that rests."""

import json
from pathlib import Path

import pytest
from flask import render_template
from jsonschema import Draft202012Validator

import governance
from governance.effective.layers import Layers
from governance.holdings import HOLDINGS
from governance.patients.contact.models import PatientNotice, SafeContact
from governance.patients.erasing import service as erasing
from governance.patients.export.service import about, collected
from governance.patients.forums.models import Joined
from governance.patients.guardians.models import Guardianship
from governance.patients.guardians.refusing import refuse
from governance.patients.models import Patient
from governance.policy.current import policies
from tests.patients.everywhere import Everywhere

SCHEMA = json.loads((Path(governance.__file__).parent / "ui/static/export.schema.json").read_text())


def erases(forum, patient_id):
    erasing.erase_whole(forum.session, forum.keyring, patient_id, forum.now, HOLDINGS)
    forum.session.flush()
    forum.session.expire_all()


def export(forum, name):
    account = forum.account(name)
    person = about(forum.session, account.id, account.key, forum.now)
    told = collected(forum.session, forum.keyring, person, HOLDINGS, service="https://us.example")
    Draft202012Validator(SCHEMA).validate(told)
    return told


def notices(forum, patient_id):
    return [one.kind for one in PatientNotice.all_of(forum.session, patient_id)]


@pytest.fixture
def raj(home):
    """Kim's guardian, who closed something for her, and is a patient too."""
    home.linked("raj")
    refuse(home.session, home.keyring, home.guardian("raj"), ("others", ()), home.now)
    return home.forum.patient("raj").id


@pytest.fixture
def everywhere(forum):
    # Who chose keeps her record; the other one rests in it.
    forum.acknowledges("ana")
    forum.chooses("ana")
    return Everywhere(forum, "ana")


def test_of_a_guardian_who_is_erased_the_child_keeps_that_there_was_one_and_what_was_closed(home, raj):
    account, layers = home.forum.account("raj").id, home.layers().kept()
    erases(home.forum, raj)
    (left,) = home.links.of_patient(home.kim.id)
    assert (left.terms.name, left.terms.calls, left.terms.evidence) == ("", "", "")
    assert (left.terms.basis.value, left.in_force, left.link.ended) == ("parental_responsibility", False, home.now)
    assert left.link.account_id != account
    assert home.layers().kept() == layers != []
    assert notices(home.forum, home.kim.id) == ["guardian"]
    # The account that took the place is a guardian's of nobody, and the link ends but once.
    assert home.links.of_account(left.link.account_id) == home.links.open_links() == []


def test_repeated_by_a_restore_it_changes_nothing_more(home, raj):
    erases(home.forum, raj)
    ended = home.links.of_patient(home.kim.id)[0].link.ended
    home.forum.later(days=1)
    erasing.forget_rows(home.session, home.keyring, raj, home.now, HOLDINGS)
    (left,) = home.links.of_patient(home.kim.id)
    assert (left.link.ended, notices(home.forum, home.kim.id)) == (ended, ["guardian"])


@pytest.mark.usefixtures("raj")
def test_of_a_child_who_is_erased_the_guardian_keeps_no_link(home):
    erases(home.forum, home.kim.id)
    assert home.links.of_account(home.forum.account("raj").id) == []
    assert home.session.query(Guardianship).count() == 0
    assert export(home.forum, "raj")["guardian_of"] == []


@pytest.mark.usefixtures("raj")
def test_guardian_and_child_read_nothing_of_each_other_in_their_copies(home):
    child, guardian = export(home.forum, "kim"), export(home.forum, "raj")
    (linked,) = child["guardians"]
    assert (linked["basis"], linked["ended"]) == ("parental_responsibility", None)
    assert [one["name"] for one in guardian["guardian_of"]] == ["raj"]
    assert child["age_and_country"]["country"] == "GB"
    kim = home.forum.account("kim")
    for hidden in ("raj", "my girl", "paper 77", "olu", home.forum.key("raj"), str(home.forum.account("raj").id)):
        assert hidden not in json.dumps(child)
    for hidden in ("kim", "my girl", "2032", "paper 77", "olu", kim.key, str(kim.id), str(home.kim.id)):
        assert hidden not in json.dumps(guardian)


def test_everything_is_in_the_copy_and_a_record_that_rests_too(forum, everywhere):
    told = export(forum, "ana")
    empty = {name for name, section in told.items() if section in ([], None)}
    assert empty <= {"receipts", "waiting", "asked_about_posts", "closed_by_others", "contact", "notices", "choices"}
    (rested,) = told["earlier_records"]
    assert rested["contact"]["email"] == f"{everywhere.words['resting'].core}@example.net"
    assert rested["choices"][-1]["said"]["in_care_team"] == ["Otto"]
    assert (told["asked_through_staff"][0]["how"], told["joined_forums"][0]["forum"]) == ("phone", "other")
    for hidden in ("ward", "proof"):
        assert everywhere.words[hidden].core not in json.dumps(told)


def test_the_readable_copy_says_it_in_words_of_both_records(forum, everywhere, app):
    told = export(forum, "ana")
    with app.test_request_context():
        page = render_template("portal/copy_file.html", told=told, policy=policies().optout)
    for words in (
        "An older record of yours",
        "A parent, or somebody with",
        "one of them asked you for",
        "A code for a guardian, good until",
        "A guardian whom you said is wrong: staff were asked",
        "You are a guardian, or asked to be one",
        "that your yes counts there too",
        "by phone you asked staff to hide you",
        "staff were asked to give a lost record a new account",
        "A code to hide you",
        "it told us of your account there that it was deleted",
        "on we ask you to read again",
        "Country: GB",
    ):
        assert words in page, words
    assert everywhere.words["ward"].core not in page


def test_a_record_that_rests_is_erased_with_the_one_it_went_into(forum, everywhere):
    erases(forum, everywhere.patient)
    assert forum.session.get(Patient, everywhere.rested) is None
    assert forum.session.query(SafeContact).count() == forum.session.query(Joined).count() == 0


def test_left_out_what_rests_would_stay_for_ever(forum, everywhere, monkeypatch):
    """The control."""
    monkeypatch.setattr(Joined, "resting_in", lambda *_: [])
    erases(forum, everywhere.patient)
    assert forum.session.get(Patient, everywhere.rested) is not None


def test_of_a_record_that_is_erased_while_it_rests_the_account_can_still_be_taken_out(forum, everywhere):
    erases(forum, everywhere.rested)
    (row,) = Joined.standing(forum.session, everywhere.patient)
    assert (row.from_id, row.account_id) == (None, everywhere.second.id)
    assert Layers(forum.session, forum.keyring, everywhere.patient, forum.now).kept() is not None
