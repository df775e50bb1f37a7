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
