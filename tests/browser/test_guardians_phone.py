"""Guardians' pages, and what a young person sees of them, on a phone: no fault at any step."""

import pytest

from tests.browser.test_phone import faults
from tests.patients.family import Family
from tests.ui.visits import choose

pytestmark = pytest.mark.browser


@pytest.fixture
def family(forum):
    family = Family(forum)
    family.is_under_13()
    return family


def looks(phone, name, path):
    phone.open(path)
    phone.shoot(f"guardian-{name}")
    wrong = faults(phone)
    return {name: wrong} if wrong else {}


def test_a_guardian_and_a_child_meet_no_fault(family, phones):
    family.is_told()
    family.asks_for_link("mia", "Mia")
    link = family.links_guardian()
    choose(family.comes("maya"), "closed", "seen")
    raj, maya = phones(family.app, "raj"), phones(family.app, "maya")
    found = (
        looks(raj, "home", "/guardian") | looks(raj, "ask", "/guardian/ask") | looks(raj, "one", f"/guardian/{link}")
    )
    raj.press("Close it")
    raj.press("Ask them")
    raj.shoot("guardian-closed")
    assert faults(raj) == []
    found |= looks(maya, "mine", "/my/guardians") | looks(maya, "country", "/my/guardians/country")
    found |= looks(maya, "waiting", "/my/waiting") | looks(maya, "choices", "/my/choices")
    maya.press("I want this away")
    maya.shoot("guardian-heard")
    assert faults(maya) == []
    maya.open("/my/guardians")
    maya.press("Show me a code")
    maya.shoot("guardian-code")
    assert (faults(maya), found) == ([], {})


def test_a_form_that_lacks_something_says_where(family, phones):
    raj = phones(family.app, "raj")
    raj.open("/guardian/ask")
    raj.press("Ask for the link")
    raj.shoot("guardian-ask-errors")
    assert faults(raj) == []
