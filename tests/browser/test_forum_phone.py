"""Every page of the demo forum on the same small phone: no fault that axe finds, nothing cut off, nothing too small."""

import pytest

from tests.browser.pressing import press
from tests.browser.test_phone import faults
from tests.demo.conftest import forum, script, service, settings

__all__ = ["forum", "script", "service", "settings"]

pytestmark = pytest.mark.browser
PAGES = [
    "/",
    "/c/ask-together",
    "/t/night-lows",
    "/t/new-boss",
    "/m/ben",
    "/search",
    "/search?q=night",
    "/news",
    "/letters",
]
COLOURS = ["light", "dark"]


def signed_in(phone, who):
    phone.open("/people")
    press(phone.page.locator(f"button[value={who}]"))


def looked_at(phone, paths):
    found = {}
    for path in paths:
        phone.open(path)
        phone.shoot(f"forum{path.replace('/', '-').replace('?', '-')}")
        found[path] = faults(phone)
    return {path: wrong for path, wrong in found.items() if wrong}


@pytest.mark.parametrize("colours", COLOURS)
def test_the_pages_of_a_reader_have_no_fault(phones, colours):
    phone = phones()
    phone.page.emulate_media(color_scheme=colours)
    signed_in(phone, "cal")
    assert looked_at(phone, [*PAGES, "/people", "/no-such-page"]) == {}


@pytest.mark.parametrize("colours", COLOURS)
def test_the_pages_of_a_moderator_have_no_fault(phones, colours):
    phone = phones()
    phone.page.emulate_media(color_scheme=colours)
    signed_in(phone, "mo")
    phone.open("/t/night-lows")
    press(phone.page.get_by_role("button", name="Tell the moderators").first)
    assert looked_at(phone, ["/moderation", "/news"]) == {}


def test_news_are_taken_as_seen_without_javascript(phones):
    phone = phones(javascript=False)
    signed_in(phone, "dan")
    phone.open("/news")
    phone.press("I have seen these")
    assert "new)" not in phone.page.content()
    assert phone.complaints == []
