"""What was told, what pauses and what comes back, on a phone."""

import pytest

from tests.browser.pressing import press
from tests.browser.test_phone import faults
from tests.disclosure.editions import editions
from tests.disclosure.test_told_web import publishes
from tests.ui.visits import Visitor, acknowledge

pytestmark = pytest.mark.browser


@pytest.fixture
def ana(phones, forum):
    """One person in two browsers that share a session: `visitor` presses, `phone` looks."""
    publishes(forum, "first")
    phone = phones(forum, "ana")
    client = forum.test_client()
    kept = {cookie["name"]: cookie["value"] for cookie in phone.context.cookies()}
    client.set_cookie("governance", kept["governance"])
    visitor = Visitor(client)
    acknowledge(visitor)
    for part, value in (("care-team", "closed"), ("others", "answered")):
        visitor.answers(f"/choices/{part}", level=value)
    visitor.answers("/choices/team", members=[])
    visitor.get("/choices/more/others").press("Go on", actions=["research"])
    visitor.press("Save my choices")
    return visitor, phone


def looks(phone, prefix, *paths):
    found = {}
    for path in paths:
        phone.open(path)
        for summary in phone.page.locator("main details summary").all():
            press(summary)
        phone.shoot(f"{prefix}{path.replace('/', '-').replace('?', '-')}")
        found |= {path: wrong} if (wrong := faults(phone)) else {}
    return found


def test_the_pages_of_a_changed_disclosure_have_no_fault(ana, forum):
    visitor, phone = ana
    publishes(forum, "second")
    assert looks(phone, "paused", "/my/choices", "/disclosure/must-knows", "/disclosure/acknowledge") == {}
    assert looks(phone, "welsh", "/disclosure/must-knows?language=cy") == {}
    visitor.get("/disclosure/must-knows?language=en").get("/disclosure/acknowledge").press("I have been told")
    old = editions()["first"].text("en").sha256
    assert looks(phone, "again", "/disclosure/told", f"/disclosure/texts/{old}") == {}
    for name in ("second, in Welsh", "typo", "clearer"):
        publishes(forum, name)
    assert looks(phone, "clearer", "/my/choices") == {}


def test_a_pause_that_is_to_come_has_no_fault(ana, forum):
    publishes(forum, "gentle")
    assert looks(ana[1], "soon", "/my/choices", "/disclosure/must-knows", "/disclosure/acknowledge") == {}
