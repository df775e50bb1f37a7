"""As a newcomer goes: how many pages and presses from finding that something is closed to having appealed."""

import pytest
from click.testing import CliRunner

from governance.conduct.sanctions.commands import sanction
from governance.identity.permissions import Role
from tests.browser.pressing import press
from tests.browser.test_phone import faults
from tests.identity.staff import add_staff
from tests.ui.visits import FORUM

pytestmark = pytest.mark.browser


@pytest.fixture
def paused(forum, nurse):
    """Nora cannot send private messages for a while, and does not know why."""
    assert nurse
    by = str(add_staff(forum, Role.OFFICER, subject="olu", name="Olu"))
    said = ("--rule", "C16", "--facts", "two messages after a no", "--reason", "it frightened somebody")
    asked = ("restrict", "--platform", FORUM, "--account", "nora", *said, "--by", by, "--action", "message")
    with forum.app_context():
        result = CliRunner().invoke(sanction, [*asked, "--days", "30"])
    assert result.exit_code == 0, result.output


@pytest.mark.usefixtures("paused")
def test_a_nurse_finds_what_is_paused_and_appeals_in_four_presses(phones, forum):
    phone = phones(forum, "nora", javascript=True)
    phone.open("/professional")
    phone.shoot("newcomer-nurse-1")
    found, presses = {"home": faults(phone)}, 0
    for name, go in (
        ("statement", lambda: press(phone.page.get_by_role("link", name="See why, and what you can do").first)),
        ("form", lambda: press(phone.page.get_by_role("button", name="Appeal"))),
        ("sent", lambda: _sends(phone)),
    ):
        go()
        presses += 1
        phone.shoot(f"newcomer-nurse-{name}")
        found[name] = faults(phone)
    assert phone.page.get_by_text("Your appeal is with us").is_visible()
    assert phone.page.get_by_text("You will have an answer by").is_visible()
    assert presses < 4
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.usefixtures("paused")
def test_who_is_heard_over_a_report_finds_that_door_from_the_same_page(phones, forum):
    phone = phones(forum, "nora")
    phone.open("/professional/measures")
    assert faults(phone) == []
    phone.shoot("newcomer-nurse-measures")
    press(phone.page.get_by_role("link", name="Read what is said, and tell my side"))
    assert phone.page.locator("#code").is_visible()


def _sends(phone):
    phone.page.locator("textarea").fill("I had not seen the no.")
    phone.press("Send my appeal")
