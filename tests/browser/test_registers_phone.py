"""Proof, places of work, no register, and the desk's page of one person, on a small phone: no fault."""

import pytest

from governance.conduct.models import HcpRecord
from governance.db.extension import reading
from governance.identity.permissions import Role
from tests.browser.pressing import press
from tests.browser.test_professional_phone import found_on, proves, verifies
from tests.conduct.visits import forum, register
from tests.identity.staff import add_staff, sign_in_staff
from tests.ui.visits import Visitor, sign_in

__all__ = ["forum"]

pytestmark = pytest.mark.browser


def is_on_no_register(app, phone):
    phone.open("/professional/register/register")
    yield "register"
    proves(app, phone)
    phone.open("/professional/unregistered")
    phone.press("Write this down")
    yield "unregistered-nothing-picked"
    phone.page.get_by_label("Diabetes educator").check()
    phone.press("Write this down")
    yield "unregistered-standing"


def works_somewhere(phone):
    phone.open("/professional/work")
    yield "work"
    phone.page.locator("#answer").fill("Hillview Clinic")
    phone.press("I work there")
    yield "work-said"
    phone.press("I work there no more")
    yield "work-left"
    phone.open("/professional/proof")
    yield "proof"


def looks_at_one_person(phone, hcp):
    phone.open(f"/desk/registrations/{hcp}/held")
    yield "held"
    press(phone.page.get_by_text("Prove that it is theirs"))
    phone.page.get_by_label("Write a code into a letter").check()
    phone.press("Write it down, or send the code")
    yield "held-nothing-said"
    phone.page.get_by_label("Write a code into a letter").check()
    phone.page.locator("#detail").fill("Hillview Clinic, 1 High Street")
    phone.press("Write it down, or send the code")
    yield "letter"
    phone.code = phone.page.locator("main p.nhsuk-heading-l").inner_text()


def types_the_code(app, phone, verifier):
    phone.open("/professional/proof")
    yield "proof-awaited"
    proves(app, phone)
    phone.open("/professional/proof")
    phone.page.locator("#answer").fill("wrong")
    phone.press("This is my code")
    yield "proof-wrong"
    phone.page.locator("#answer").fill(verifier.code)
    phone.press("This is my code")
    yield "proof-done"


@pytest.fixture
def hcp(forum):
    client = forum.test_client()
    client.set_cookie("governance", sign_in(forum, "nora"))
    register(Visitor(client))
    with forum.app_context(), reading() as session:
        return session.query(HcpRecord).one().id


def test_the_pages_around_a_registration_have_no_fault(phones, forum, hcp):
    nora, omar, vera = phones(forum, "nora"), phones(forum, "omar"), phones()
    staff = sign_in_staff(forum, add_staff(forum, Role.VERIFIER))
    vera.context.add_cookies([{"name": "governance", "value": staff, "url": vera.address}])
    walks = (
        (omar, is_on_no_register(forum, omar)),
        (nora, works_somewhere(nora)),
        (vera, verifies(vera)),
        (vera, looks_at_one_person(vera, hcp)),
        (nora, types_the_code(forum, nora, vera)),
    )
    assert {k: v for phone, walk in walks for k, v in found_on(phone, walk).items()} == {}
    nora.open("/professional")
    nora.shoot("professional-standing-more")
