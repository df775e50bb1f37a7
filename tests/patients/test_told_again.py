"""At 16, from local midnight on, whatever was permitted asks again, by itself; refusals stay; told anew it is back."""

import pytest

from governance.db.extension import reading, transaction
from governance.disclosure.models import AskAgain
from governance.patients.ages import again
from tests.patients.family import Family
from tests.ui.visits import acknowledge, choose, forum

__all__ = ["forum"]
BIRTHDAY = "2027-05-20"


@pytest.fixture
def family(forum):
    family = Family(forum)
    family.at("2027-05-01")
    family.nurse = family.registers("Nia Quill", "nurse", "nia")
    family.registers("Dan Reed", "doctor", "dan")
    yield family
    family.stays()


def turns_16(family, day=BIRTHDAY, zone="Europe/London"):
    answer = family.says_age("maya", "13_to_15", changes_on=day, country="GB", zone=zone)
    assert answer.json == {"taken": True}


def permits_the_nurse(family):
    maya = family.comes("maya")
    acknowledge(maya)
    choose(maya, "answered", "closed", [family.nurse])
    assert (family.permits("nia"), family.permits("dan")) == (True, False)


def just_before(family, zone="Europe/London"):
    family.at("2027-05-19", 23, 59, 59, zone=zone)
    return family.permits("nia")


def instants(family):
    with family.app.app_context(), reading() as session:
        return len(AskAgain.instants(session, family.patient(session)))


def test_at_16_a_permit_pauses_at_midnight_refusals_stay_and_reading_again_brings_it_back(family):
    turns_16(family)
    permits_the_nurse(family)
    assert just_before(family)
    family.at(BIRTHDAY)
    assert (family.permits("nia"), family.permits("dan")) == (False, False)
    family.at(BIRTHDAY, 7)
    maya = family.comes("maya")
    assert "Read" in maya.get("/my/choices").text
    assert not family.permits("nia")
    acknowledge(maya)
    assert (family.permits("nia"), family.permits("dan")) == (True, False)


def test_an_age_that_is_said_after_she_was_told_counts_too_by_the_clock_where_she_lives(family):
    permits_the_nurse(family)
    turns_16(family, zone="Asia/Tokyo")
    assert just_before(family, "Asia/Tokyo")
    family.at(BIRTHDAY, zone="Asia/Tokyo")
    assert not family.permits("nia")


def test_where_the_instant_was_lost_being_told_sets_it_anew(family):
    """As for whoever said an age before anything was asked again by it, or whose records were joined."""
    turns_16(family)
    with family.app.app_context(), transaction() as session:
        session.query(AskAgain).delete()
    permits_the_nurse(family)
    assert instants(family) == 1
    family.at(BIRTHDAY)
    assert not family.permits("nia")


def test_an_app_without_the_hand_over_would_go_on_permitting(family, monkeypatch):
    """The control."""
    monkeypatch.setitem(family.app.extensions, again.END_COVERAGE, lambda *_: None)
    turns_16(family)
    permits_the_nurse(family)
    family.at(BIRTHDAY)
    assert family.permits("nia")


def test_a_birthday_that_is_learnt_of_afterwards_pauses_what_was_opened_before_it(family):
    permits_the_nurse(family)
    family.at("2027-06-10")
    assert family.permits("nia")
    family.says_age("maya", "16_to_17", changes_on="2029-05-20", country="GB", zone="Europe/London")
    assert (family.permits("nia"), family.permits("dan")) == (False, False)
    acknowledge(family.comes("maya"))
    assert (family.permits("nia"), family.permits("dan")) == (True, False)


def test_a_birthday_before_all_that_was_opened_pauses_nothing(family):
    family.at("2027-05-21")
    permits_the_nurse(family)
    family.says_age("maya", "16_to_17", changes_on="2029-05-20", country="GB", zone="Europe/London")
    assert family.permits("nia")
    assert instants(family) == 0


def test_who_turns_out_to_be_too_young_is_asked_again_with_a_guardian(family):
    """Of unknown age, a first yes counts at once; what was refused meanwhile stays, and reading again opens nothing."""
    permits_the_nurse(family)
    family.says_age("maya", "under_13", country="GB", zone="Europe/London")
    assert (family.permits("nia"), family.permits("dan")) == (False, False)
    maya = family.comes("maya")
    assert "counts no more" in maya.get("/my/choices").text
    acknowledge(maya)
    assert not family.permits("nia")
    choose(maya, "answered", "closed", [family.nurse])
    assert not family.permits("nia")
    family.waits()
    assert not family.permits("nia")


def test_who_was_too_young_before_loses_nothing_that_others_agreed_to(family, monkeypatch):
    """Said once more, or by somebody else, that she is under 13 ends nothing a second time."""
    ended = []
    monkeypatch.setattr(again, "close", lambda _, patient_id: ended.append(patient_id))
    family.says_age("maya", "under_13", country="GB", zone="Europe/London")
    family.says_age("maya", "under_13", country="GB", zone="Europe/London")
    family.says_age("zoe", "13_to_15", country="GB", zone="Europe/London")
    assert len(ended) == 1


def test_where_she_lives_can_make_her_too_young(family):
    family.says_age("maya", "13_to_15", changes_on="2028-05-20", country="GB", zone="Europe/London")
    permits_the_nurse(family)
    maya = family.comes("maya").get("/my/guardians/country")
    maya.press("Save", country="DE")
    assert not family.permits("nia")


@pytest.mark.parametrize("stopped", [True, False])
def test_what_waits_of_somebody_who_turns_out_to_be_too_young_never_begins(family, monkeypatch, stopped):
    """And the control: what is not stopped begins."""
    if not stopped:
        monkeypatch.setattr(again, "close", lambda *_: None)
    family.says_age("maya", "13_to_15", changes_on="2028-05-20", country="GB", zone="Europe/London")
    maya = family.comes("maya")
    acknowledge(maya)
    choose(maya, "closed", "closed", [family.nurse])
    choose(maya, "answered", "closed", [family.nurse])
    family.says_age("maya", "under_13", changes_on="2027-07-01", country="GB", zone="Europe/London")
    family.waits()
    assert family.permits("nia") is not stopped


def test_without_it_what_a_child_opened_alone_would_stay_open(family, monkeypatch):
    """The control."""
    monkeypatch.setattr(again, "close", lambda *_: None)
    permits_the_nurse(family)
    family.says_age("maya", "under_13", country="GB", zone="Europe/London")
    acknowledge(family.comes("maya"))
    assert family.permits("nia")
