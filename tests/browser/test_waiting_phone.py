"""What waits, receipts and history on a phone: no fault, whatever a person is on the way to."""

import pytest

from tests.browser.pressing import press
from tests.browser.test_phone import faults
from tests.optout.wishes import grow_up, prove
from tests.ui.visits import Visitor, acknowledge, choose

pytestmark = pytest.mark.browser


@pytest.fixture
def ana(phones, forum, nurse):
    """One person in two browsers that share a session: `visitor` presses, `phone` looks."""
    phone = phones(forum, "ana")
    client = forum.test_client()
    kept = {cookie["name"]: cookie["value"] for cookie in phone.context.cookies()}
    client.set_cookie("governance", kept["governance"])
    visitor = Visitor(client)
    acknowledge(visitor)
    choose(visitor, "answered", "closed", [nurse])
    return visitor, phone


def looks(phone, *paths):
    found = {}
    for path in paths:
        phone.open(path)
        phone.shoot(f"later{path.replace('/', '-').replace('?', '-')}")
        found |= {path: wrong} if (wrong := faults(phone)) else {}
    return found


def test_the_way_to_open_more_has_no_fault(ana, forum):
    visitor, phone = ana
    visitor.get("/choices/others").press("Go on", level="seen")
    assert looks(phone, "/choices/check") == {}
    phone.press("Save my choices")
    assert phone.page.title().startswith("Check your answers (there is a problem)")
    assert faults(phone) == []
    grow_up(forum)
    assert looks(phone, "/choices/check", "/prove") == {}
    prove(forum, visitor)
    visitor.get("/choices/check").press("Save my choices")
    assert looks(phone, "/my/waiting", "/my/choices") == {}


def test_a_guardians_page_has_no_fault(ana, forum):
    visitor, phone = ana
    grow_up(forum, 13)
    visitor.get("/choices/others").press("Go on", level="seen")
    assert looks(phone, "/choices/check") == {}
    phone.press("Save my choices")
    assert "guardian has to agree" in phone.page.title()
    assert faults(phone) == []


def test_after_a_press_that_hides_nothing_is_at_fault(ana, forum):
    visitor, phone = ana
    visitor.get("/my/choices").press("Hide me from everyone")
    prove(forum, visitor)
    assert looks(phone, "/my/choices", "/my/show-again", "/my/receipts", "/my/history?day=2026-01-01") == {}
    phone.open("/my/receipts")
    press(phone.page.get_by_role("link", name="given on").first)
    assert faults(phone) == []
    press(phone.page.locator("summary").first)
    assert faults(phone) == []
    assert looks(phone, "/my/history?day=soon") == {}


def test_the_choices_that_nobody_has_to_make_have_no_fault(ana, forum, doctor, nurse):
    visitor, phone = ana
    visitor.get("/choices/people").press("Go on", who=nurse)
    assert looks(phone, "/choices/person?age=unknown", "/choices/more/care-team?age=unknown") == {}
    grow_up(forum)
    assert looks(phone, "/choices/more/care-team", "/choices/people") == {}
    phone.press("Go on")
    assert phone.page.title().startswith("Who do I want to say yes or no to by name? (there is a problem)")
    assert faults(phone) == []
    visitor.get("/choices/people").press("Go on", who=nurse)
    assert looks(phone, "/choices/person") == {}
    visitor.press("Go on", level="part_of_care")
    visitor.get("/choices/people").press("Go on", who=doctor).press("Go on", level="closed")
    visitor.get("/choices/more/care-team").press("Go on", actions=["quote", "mention"])
    assert looks(phone, "/choices/check", "/choices/people") == {}
    prove(forum, visitor)
    visitor.get("/choices/check").press("Save my choices")
    assert looks(phone, "/my/waiting", "/my/choices", "/my/history?day=2026-01-01") == {}
