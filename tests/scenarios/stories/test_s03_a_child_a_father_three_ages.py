"""Scenario S3: a child, her father, three ages; by pages and REST, with the midnights of two countries."""

from http import HTTPStatus

import pytest

from tests.patients.family import Family
from tests.ui.visits import acknowledge, choose, forum

__all__ = ["forum"]
ZONES = {"GB": "Europe/London", "DE": "Europe/Berlin"}
ALONE = {"GB": 13, "DE": 16}
WAITS_FOR_RAJ = "Your guardians have to say yes first"


@pytest.fixture
def family(forum):
    family = Family(forum)
    yield family
    family.stays()


@pytest.fixture(params=["GB", pytest.param("DE", marks=pytest.mark.slow)])
def story(request, family):
    """Maya is 12 and her forum says so; she was born on 20 May 2014. Raj is her guardian."""
    family.at("2026-11-02", 10)
    for person in PEOPLE:
        family.registers(*person)
    said = {"changes_on": "2027-05-20", "country": request.param, "zone": ZONES[request.param]}
    assert family.says_age("maya", "under_13", **said).json == {"taken": True}
    family.is_told()
    family.raj = family.links_guardian()
    family.country = request.param
    return family


PEOPLE = (("Nia Quill", "nurse", "nia"), ("Dr Dan Vale", "doctor", "dan"))


def birthday(story, years, *, a_second_before=False):
    year, zone = 2014 + years, ZONES[story.country]
    story.signs_in_yearly("maya", until=f"{year}-05-19")
    if a_second_before:
        story.at(f"{year}-05-19", 23, 59, 59, zone=zone)
    else:
        story.at(f"{year}-05-20", zone=zone)


def agreed_at_twelve(story):
    """She wants all others to read; Raj agrees; a day goes by."""
    choose(story.comes("maya"), "closed", "seen")
    story.comes("raj").get(f"/guardian/{story.raj}").press("Yes, I agree", answer="yes")
    story.waits()
    assert story.permits("dan")


def reads_again(story):
    """As everybody does who came of an age; until then nothing that she permits counts."""
    assert not story.permits("dan")
    acknowledge(story.comes("maya"))
    assert story.permits("dan")


@pytest.mark.slow
def test_at_first_all_is_closed_and_his_wish_opens_nothing_without_her(story):
    story.comes("raj").get(f"/guardian/{story.raj}").press("Ask them", circle="others", level="seen")
    maya = story.comes("maya").get("/my/guardians")
    assert "Raj asks you" in maya.text
    assert "Nothing opens" in maya.press("No", answer="no").text
    story.waits()
    assert not story.permits("dan")
    assert "Raj asks you" not in story.comes("maya").get("/my/guardians").text


@pytest.mark.slow
def test_her_yes_to_his_wish_waits_and_then_opens(story):
    story.comes("raj").get(f"/guardian/{story.raj}").press("Ask them", circle="others", level="seen")
    maya = story.comes("maya", proved=False).get("/my/guardians")
    assert maya.press("Yes", answer="yes").path == "/prove"
    maya = story.comes("maya").get("/my/guardians").press("Yes", answer="yes")
    assert (maya.path, WAITS_FOR_RAJ in maya.text) == ("/my/waiting", False)
    assert not story.permits("dan")
    story.waits()
    assert story.permits("dan")


def test_whom_she_refuses_by_name_is_refused_at_once_and_raj_reads_nothing_of_it(story):
    agreed_at_twelve(story)
    before = story.comes("raj").get(f"/guardian/{story.raj}").text
    maya = story.comes("maya")
    maya.get("/choices/people").press("Go on", who=story.keys["dan"]).press("Go on", level="closed")
    maya.get("/choices/check").press("Save my choices")
    assert (story.permits("dan"), story.permits("nia")) == (False, True)
    assert story.comes("raj").get(f"/guardian/{story.raj}").text == before


@pytest.mark.slow
def test_until_the_age_of_her_country_she_needs_him_and_then_no_more(story):
    agreed_at_twelve(story)
    birthday(story, ALONE[story.country], a_second_before=True)
    assert WAITS_FOR_RAJ in choose(story.comes("maya"), "closed", "answered").text
    birthday(story, ALONE[story.country])
    maya = story.comes("maya").get("/my/choices")
    assert "Please read it again" in maya.text
    acknowledge(maya)
    assert WAITS_FOR_RAJ not in choose(story.comes("maya"), "answered", "seen", [story.keys["nia"]]).text
    story.waits()
    assert story.permits("nia", action="reply")


def test_at_eighteen_his_yes_ends_hers_stays_and_his_page_is_gone(story):
    agreed_at_twelve(story)
    birthday(story, ALONE[story.country])
    reads_again(story)
    choose(story.comes("maya"), "answered", "seen", [story.keys["nia"]])
    story.waits()
    for age in {16} - {ALONE[story.country]}:
        birthday(story, age)
        reads_again(story)
    birthday(story, 18, a_second_before=True)
    assert (story.permits("dan"), story.permits("nia")) == (True, True)
    raj = story.comes("raj").get(f"/guardian/{story.raj}")
    assert raj.status == HTTPStatus.OK
    birthday(story, 18)
    assert (story.permits("dan"), story.permits("nia"), story.permits("nia", action="reply")) == (False, True, True)
    assert story.comes("raj").get(f"/guardian/{story.raj}").status == HTTPStatus.NOT_FOUND
    assert raj.press("Close it", circle="everybody", what="everything").status == HTTPStatus.NOT_FOUND
    assert "Nobody is linked to you" in story.comes("raj").get("/guardian").text


@pytest.mark.slow
def test_at_eighteen_she_chooses_again_and_it_waits_as_ever(story):
    agreed_at_twelve(story)
    birthday(story, 18)
    maya = story.comes("maya").get("/my/choices")
    assert "You are 18 now. Choose again" in maya.text
    maya.press("Choose again")
    assert "Choose again" not in story.comes("maya").get("/my/choices").text
    acknowledge(story.comes("maya"))
    choose(story.comes("maya"), "closed", "seen")
    assert not story.permits("dan")
    story.waits()
    assert story.permits("dan")


@pytest.mark.slow
def test_the_history_of_her_guardian_stays_hers(story):
    birthday(story, 18)
    maya = story.comes("maya").get("/my/guardians")
    assert "Raj" in maya.text
    assert "It has ended." in maya.text
