"""Guardians, forums, see as and putting right in Spanish, on a phone: longer words, and no fault."""

import pytest

from tests.browser.test_phone import faults
from tests.patients.family import Family
from tests.ui import catalogue

pytestmark = pytest.mark.browser
SAID = {one.id: one.string for one in catalogue.written("es")}
"""What a button is called."""


@pytest.fixture
def family(forum):
    family = Family(forum)
    family.is_under_13()
    return family


def looks(phone, name, path=""):
    if path:
        phone.open(f"{path}?lang=es")
    phone.shoot(f"es-{name}")
    assert phone.page.locator("html").get_attribute("lang") == "es"
    return {name: wrong} if (wrong := faults(phone)) else {}


def test_pages_about_guardians_have_no_fault_in_spanish(family, phones):
    family.is_told()
    link = family.links_guardian()
    raj, maya = phones(family.app, "raj"), phones(family.app, "maya")
    found = looks(raj, "ask", "/guardian/ask")
    raj.press(SAID["Ask for the link"])
    found |= looks(raj, "ask-missing") | looks(raj, "guardian", f"/guardian/{link}")
    found |= looks(maya, "guardians", "/my/guardians") | looks(maya, "country", "/my/guardians/country")
    maya.open("/my/guardians")
    maya.press(SAID["Show me a code"])
    assert found | looks(maya, "guardian-code") == {}


@pytest.mark.usefixtures("nurse")
def test_pages_of_ones_own_have_no_fault_in_spanish(forum, phones):
    ana = phones(forum, "ana")
    found = looks(ana, "forums", "/my/forums") | looks(ana, "hide-code", "/my/hide-code") | looks(ana, "hide", "/hide")
    found |= looks(ana, "put-right", "/my/put-right")
    ana.press(SAID["Do it now"])
    found |= looks(ana, "put-right-missing")
    found |= looks(ana, "see-as", "/my/see-as")
    ana.page.get_by_label("Nora Quill").check()
    ana.press(SAID["Look"])
    assert found | looks(ana, "seen") | looks(ana, "receipts", "/my/receipts") == {}
