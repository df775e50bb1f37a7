"""Guardians, forums and printed codes in Spanish: every page, what presses answer, and what was forgotten."""

import pytest

from governance.patients.intake.commands import take
from tests.patients.family import Family
from tests.ui import catalogue
from tests.ui.visits import forum
from tests.ui.words_left import english_in

__all__ = ["forum"]
SAID = {one.id: one.string for one in catalogue.written("es")}
"""What a button is called."""


@pytest.fixture
def family(forum):
    family = Family(forum)
    family.is_under_13()
    yield family
    family.stays()


def spoken(visitor):
    visitor.client.set_cookie("governance_language", "es")
    return visitor


def left(*pages):
    """What of these pages is English; a page is read when it is given here."""
    return [text for page in pages for text in english_in(page)]


def main(visitor, path=""):
    page = visitor.get(path).page if path else visitor.page
    assert page.html["lang"] == "es", visitor.status
    return page.main


def test_the_young_persons_pages_about_guardians_are_spanish(family):
    maya = spoken(family.comes("maya"))
    found = [main(maya, "/my/guardians"), main(maya, "/my/guardians/country")]
    maya.press(SAID["Save"], country="FR")
    found += [main(maya), main(maya.press(SAID["Show me a code"]))]
    assert left(*found) == []


def test_a_link_is_asked_for_seen_and_spoken_against_in_spanish(family):
    maya, raj = spoken(family.comes("maya")), spoken(family.comes("raj"))
    code = maya.get("/my/guardians").press(SAID["Show me a code"]).page.main.strong.get_text()
    found = [main(raj, "/guardian"), main(raj, "/guardian/ask")]
    raj.press(SAID["Ask for the link"], code="", name="", calls="", evidence="", until="soon")
    found.append(main(raj))
    given = {"name": "Raj", "calls": "mi niña", "evidence": "acta 77", "until": ""}
    found.append(main(raj.press(SAID["Ask for the link"], code=code, basis="court_order", **given)))
    maya.get("/my/guardians")
    found += [
        main(maya.press(SAID["I have seen this"])),
        main(maya.press(SAID["This is wrong. I want to talk to staff"])),
    ]
    assert SAID["by order of a court"] in maya.text
    assert left(*found) == []


def test_a_guardians_page_is_spanish_with_all_that_can_be_pressed_on_it(family):
    family.is_told()
    raj = spoken(family.comes("raj")).get(f"/guardian/{family.links_guardian()}")
    found = [main(raj)]
    presses = (
        (SAID["Close it"], {"circle": "others", "what": "contact"}),
        (SAID["I do not want this any more"], {}),
        (SAID["Ask them"], {"circle": "care_team", "level": "seen"}),
        (SAID["Say it"], {"band": "under_13"}),
    )
    found += [main(raj.press(button, **given)) for button, given in presses]
    maya = spoken(family.comes("maya"))
    found += [main(maya, "/my/guardians"), main(maya.press(SAID["Yes"], answer="no"))]
    assert left(*found) == []


@pytest.mark.slow
def test_a_child_s_wish_is_shown_to_a_guardian_in_spanish(family):
    family.is_told()
    link = family.links_guardian()
    maya = family.comes("maya")
    maya.get("/choices/care-team")
    maya.answers("/choices/care-team", level="seen")
    maya.answers("/choices/others", level="answered")
    maya.answers("/choices/team")
    maya.get("/choices/check").press("Save my choices")
    raj = spoken(family.comes("raj")).get(f"/guardian/{link}")
    assert SAID["They ask for your yes"] in raj.text
    assert left(main(raj), main(raj.press(SAID["Yes, I agree"], answer="yes"))) == []


def test_countries_stand_in_the_order_of_the_language(family):
    def listed(visitor):
        return [one.get_text() for one in visitor.get("/my/guardians/country").page.find_all("option")]

    maya = family.comes("maya")
    assert listed(maya)[:3] == ["Austria", "Belgium", "Bulgaria"]
    assert listed(spoken(maya))[:4] == ["Alemania", "Austria", "Bélgica", "Bulgaria"]
    assert listed(maya)[-1] == SAID["Another country"]


def test_forums_are_joined_and_parted_in_spanish(person):
    f, g = spoken(person.f), spoken(person.g)
    found = [main(f, "/my/forums"), main(f, "/my/forums/add"), main(f.press(SAID["Show my code"]))]
    code = f.page.find(class_="code").get_text()
    found += [
        main(g, "/my/forums/code"),
        main(g.press(SAID["Go on"], code="x")),
        main(g.press(SAID["Go on"], code=code)),
    ]
    found += [main(g.press(SAID["Yes, this is me"])), main(f, "/my/forums"), main(f, "/my/forums/confirm")]
    found += [
        main(f.press(SAID["Yes, join this account"])),
        main(g, "/my/forums"),
        main(g.press(SAID["Take %(forum)s out"] % {"forum": "g"})),
    ]
    found.append(main(g.press(SAID["Take it out"])))
    assert SAID["It is done. That forum has a record of its own now."] in g.text
    assert left(*found) == []


def test_codes_that_do_not_work_are_answered_in_spanish(person):
    g = spoken(person.g)
    found = [main(g.get("/my/forums/code").press(SAID["Go on"], code="x"))]
    assert SAID["This code does not work. Make a new one at your other forum"] in g.text
    found.append(main(g.get("/my/forums/come-back").press(SAID["Find my choices"], code="x")))
    assert SAID["We found nothing with this code"] in g.text
    assert left(*found) == []


def test_printed_codes_are_made_and_typed_in_spanish(house, person):
    f = spoken(person.f)
    found = [main(f, "/my/hide-code"), main(f.press(SAID["Make my code"])), main(f, "/my/hide-code")]
    stranger = spoken(house.visitor(house.g, person.other))
    found += [main(stranger, "/hide"), main(stranger.press(SAID["Hide me now"], code="x"))]
    assert left(*found) == []


@pytest.mark.slow
def test_a_yes_counts_on_one_more_forum_in_spanish(house, person):
    house.joins(person)
    g = spoken(person.g)
    found = [main(g, "/my/forums/yes"), main(g.press(SAID["Let my yes count here"], age="reached"))]
    assert SAID["It waits now. You can stop it until it counts."] in g.text
    found += [main(g, "/my/choices"), main(g.press(SAID["Stop this"]))]
    assert left(*found) == []


@pytest.mark.slow
@pytest.mark.parametrize("how", ["phone", "paper"])
def test_what_staff_took_is_told_in_spanish(house, person, how):
    told = ("--platform", "f", "--patient", person.ana, "--asked", "refuse_all", "--how", how)
    assert house.run(take, *told, "--by", house.officers[0]).exit_code == 0
    f = spoken(person.f)
    found = main(f, "/my/choices")
    assert SAID["Our staff closed this for you"] in f.text
    assert left(found) == []
