"""How professionals find their pages, and come back to them after a sign-in."""

import pytest

from governance.doors import MAY_RETURN_TO
from tests.conduct.visits import forum, marks, nora, prove, register, stranger, vera

__all__ = ["forum", "nora", "stranger", "vera"]

WITHOUT_PLACES = (
    "/professional",
    "/professional/capacity",
    "/professional/measures",
    "/professional/badge",
    "/professional/rules",
    "/professional/proof",
    "/professional/work",
    "/professional/unregistered",
)


@pytest.mark.parametrize("page", ["/", "/start/t1d-forum"])
def test_pages_before_a_sign_in_lead_professionals_on(stranger, page):
    stranger.get(page).follow("I am a health professional")
    assert "/sign-in" in stranger.path


def test_who_comes_by_a_patients_way_finds_the_professionals_one(nora):
    nora.get("/disclosure/must-knows").follow("I am a health professional")
    assert "What changes when you register" in nora.text


@pytest.mark.parametrize("page", WITHOUT_PLACES)
def test_a_sign_in_leads_back_to_the_page_that_asked_for_it(forum, page):
    asked = forum.url_map.bind("").match(page)[0]
    assert asked in MAY_RETURN_TO


def test_who_is_on_no_register_is_not_told_that_they_let_professionals_in(nora):
    nora.get("/professional/unregistered")
    assert "Show us that it is you" in nora.text or "we make sure that it is you" in nora.text
    assert "what you do as a health professional" in nora.text
    assert "let health professionals do more" not in nora.text
    assert "To hide more" not in nora.text


def test_registers_are_listed_by_country_with_who_is_on_them(nora):
    nora.get("/professional/register/register")
    hints = [one.get_text().strip() for one in nora.page.select(".nhsuk-radios__hint")]
    countries = [hint.partition(":")[0] for hint in hints]
    assert countries == sorted(countries)
    assert {"Australia", "United Kingdom", "United States"} <= set(countries)
    assert "United Kingdom: nurse, midwife, nursing associate (PIN)" in hints


def test_countries_are_called_by_their_name_in_spanish_too(nora):
    nora.get("/professional/register/register?lang=es")
    hints = [one.get_text().strip() for one in nora.page.select(".nhsuk-radios__hint")]
    assert any(hint.startswith("Reino Unido: ") for hint in hints)


def test_who_was_not_found_is_led_back_to_what_they_told(nora, vera):
    register(nora)
    marks(vera, assurance="0", name="", number="")
    nora.get("/professional").follow("Look at what you told us, and send it again")
    assert nora.path == "/professional/register/register"


def test_on_no_register_nobody_is_promised_a_badge(nora):
    prove(nora).get("/professional/unregistered").press("Write this down", answer="diabetes_educator")
    assert "We have written it down" in nora.text
    nora.get("/professional/capacity")
    assert "your badge shows what we checked" not in nora.text
    assert "Your work is on no register" in nora.text
