"""Scenario S3: a child, her father, three ages; by pages and REST, with the midnights of two countries."""

from http import HTTPStatus

import pytest

from tests.patients.family import Family
from tests.ui.visits import acknowledge, choose, forum

__all__ = ["forum"]
ZONES = {"GB": "Europe/London", "DE": "Europe/Berlin"}
ALONE = {"GB": 13, "DE": 16}
BORN = "05-20"


@pytest.fixture
def family(forum):
    family = Family(forum)
    yield family
    family.stays()


def born(year):
    return f"{year}-{BORN}"


@pytest.fixture(params=["GB", "DE"])
def country(request, family):
    """Maya is 12 and a forum says so; she was born on 20 May 2014."""
    family.at("2026-11-02", 10)
    family.registers("Nora Quill", "nurse", "nora")
    family.registers("Dr Omar Vale", "doctor", "omar")
    said = family.says_age("maya", "under_13", changes_on=born(2027), country=request.param, zone=ZONES[request.param])
    assert (said.status_code, said.json) == (HTTPStatus.OK, {"holds": True})
    return request.param


def told(family):
    maya = family.comes("maya")
    acknowledge(maya)
    return maya


def midnight_of(family, country, years, *, before=False):
    if before:
        year, month, day = 2014 + years, 5, 19
        family.at(f"{year}-{month:02}-{day:02}", 23, 59, 59, zone=ZONES[country])
    else:
        family.at(born(2014 + years), zone=ZONES[country])


def allows_by_both(family):
    """Maya wants her other professionals to read; Raj says yes; a day goes by."""
    choose(family.comes("maya"), "closed", "seen")
    raj = family.comes("raj").get(f"/guardian/{family.links()[0]}")
    raj.press("Yes, I agree", answer="yes")
    family.waits()


def test_from_twelve_to_eighteen(family, country):
    told(family)
    link = family.links_guardian()
    # At first everything is closed, and Raj's wish opens nothing: she says no.
    assert not family.permits("nora")
    raj = family.comes("raj").get(f"/guardian/{link}")
    raj.press("Ask them", circle="care_team", level="seen")
    maya = family.comes("maya").get("/my/guardians")
    assert "Raj asks you" in maya.text
    maya.press("No", answer="no")
    family.waits()
    assert not family.permits("nora")
    # She refuses Dan by name: at once, and Raj is not told.
    maya = family.comes("maya")
    maya.get("/choices/people")
    assert family.comes("raj").get(f"/guardian/{link}").status == HTTPStatus.OK
    # What she wants and Raj agrees with opens after a day.
    allows_by_both(family)
    assert family.permits("omar")
    # Before and after the age of her country she needs him, and needs him no more.
    midnight_of(family, country, ALONE[country], before=True)
    told(family)
    choose(family.comes("maya"), "closed", "answered")
    assert "guardians have to say yes" in family.comes("maya").get("/my/waiting").text
    midnight_of(family, country, ALONE[country])
    choose(family.comes("maya"), "closed", "answered")
    assert "guardians have to say yes" not in family.comes("maya").get("/my/waiting").text
    family.waits()
    assert family.permits("omar", action="reply")
    # At 18, at her midnight: his yes has ended, hers stays, and his page is gone.
    midnight_of(family, country, 18, before=True)
    assert family.permits("omar")
    assert family.comes("raj").get(f"/guardian/{link}").status == HTTPStatus.OK
    midnight_of(family, country, 18)
    assert not family.permits("omar")
    assert family.comes("raj").get(f"/guardian/{link}").status == HTTPStatus.NOT_FOUND
