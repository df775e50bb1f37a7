"""The officers' desk on a phone and on a wide screen: from an alarming message to a protected patient."""

import os

import pytest

from governance.db.extension import transaction
from governance.identity.permissions import Role
from governance.identity.service import account_for, platform_named
from governance.reporting.keeping.drafts import Body, Draft, Header
from governance.reporting.keeping.service import file_report
from governance.reporting.vaults.duty import duty_group
from governance.reporting.work import Work
from governance.ui.clock import now
from governance.ui.house import house
from tests.browser.pressing import press
from tests.identity.staff import add_staff, sign_in_staff
from tests.ui.visits import FORUM

pytestmark = pytest.mark.browser
PASSPHRASE = "four otters sing in march"
WIDE = {"width": 1280, "height": 900}


@pytest.fixture
def officers(chromium, forum, nurse, address):
    """Two officers at the desk, each with a vault; and what makes their browsers."""
    assert nurse
    contexts = []

    def sit(name, size):
        staff_id = add_staff(forum, Role.OFFICER, subject=name, name=name.title())
        context = chromium.new_context(viewport=size)
        context.add_cookies([{"name": "governance", "value": sign_in_staff(forum, staff_id), "url": address}])
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{address}/desk/vault")
        for field in page.locator("input[type=password]").all():
            field.fill(PASSPHRASE)
        press(page.get_by_role("button", name="Make my vault"))
        return page

    yield sit
    for context in contexts:
        context.close()


def alarming(app):
    with app.app_context(), transaction() as session:
        work = Work(session, house().keyring, now())
        forum = platform_named(session, FORUM)
        keys = [account_for(session, house().keyring, forum, name, now()).key for name in ("ana", "nora")]
        said = "She says she has stopped her insulin, and Nora wrote to her again after she said no."
        body = Body(
            what=said, where="the thread about lows", who="Nora Quill", more={"patient": keys[0], "hcp": keys[1]}
        )
        header = Header(kind="safeguarding_adult", danger_now=True, platform_id=forum.id)
        file_report(work, Draft(header=header, body=body), duty_group(session, forum.id, work.now))


def shoot(page, name, pictures):
    if pictures:
        page.screenshot(path=f"{pictures}/{name}.png", full_page=True)


@pytest.mark.parametrize("size", [{"width": 360, "height": 740}, WIDE], ids=["phone", "desk"])
def test_from_an_alarming_message_to_a_protected_patient(officers, forum, address, size, request):
    pictures, which = os.environ.get("SCREENSHOTS"), request.node.callspec.id
    officers("oda", size)
    page = officers("olu", size)
    alarming(forum)
    began = now()
    page.goto(f"{address}/desk/cases")
    shoot(page, f"desk-{which}-1-queue", pictures)
    press(page.get_by_role("link", name="Danger now."))
    shoot(page, f"desk-{which}-2-case", pictures)
    press(page.get_by_role("button", name="Block the two from each other now"))
    assert page.get_by_text("It is in force").is_visible()
    assert now() - began < 60 * 1_000_000
    shoot(page, f"desk-{which}-3-protected", pictures)
    press(page.get_by_role("link", name="Protect further"))
    shoot(page, f"desk-{which}-4-protect", pictures)
    page.go_back()
    press(page.get_by_role("link", name="Say how serious it is"))
    shoot(page, f"desk-{which}-5-serious", pictures)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= size["width"]
