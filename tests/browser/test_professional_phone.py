"""The pages of professionals and verifiers on a small phone: no fault that axe finds, nothing cut off."""

from functools import partial

import pytest

from governance.identity.permissions import Role
from tests.browser.pressing import press
from tests.browser.test_phone import faults
from tests.conduct.people import PIN
from tests.conduct.visits import SEEN, forum, proven
from tests.identity.staff import add_staff, sign_in_staff

__all__ = ["forum"]

pytestmark = pytest.mark.browser


def found_on(phone, pages):
    """Return what is wrong with each page of a walk."""
    found = {}
    for name in pages:
        phone.shoot(f"professional-{name}")
        found[name] = faults(phone)
    return {name: wrong for name, wrong in found.items() if wrong}


def proves(app, phone):
    """Prove who one is, as a sign-in at the forum does."""
    known = next(one for one in phone.context.cookies() if one["name"] == "governance")
    renewed = proven(app, known["value"])
    phone.context.add_cookies([{"name": "governance", "value": renewed, "url": phone.address}])


def joins(app, phone):
    """Register, yielding the name of each page on the way."""
    page = phone.page
    phone.open("/professional")
    yield "becoming"
    press(page.get_by_role("button", name="Start to register"))
    phone.press("Go on")
    yield "register-nothing-picked"
    page.get_by_label("Nursing and Midwifery Council").check()
    phone.press("Go on")
    yield "profession"
    page.get_by_label("Nurse", exact=True).check()
    phone.press("Go on")
    yield "number"
    page.locator("#answer").fill("1203456B")
    phone.press("Go on")
    yield "number-mistyped"
    page.locator("#answer").fill(PIN)
    phone.press("Go on")
    yield "name"
    page.locator("#answer").fill("Nora Quill")
    phone.press("Go on")
    proves(app, phone)
    phone.open("/professional/register/check")
    yield "check"
    phone.press("Register me")
    yield "standing-new"


def accepts(phone):
    """Accept the rules and say how to be here."""
    phone.open("/professional/rules")
    yield "rules"
    phone.press("Start")
    yield "rule"
    while "declaration" not in phone.page.url:
        phone.press("I accept this rule")
    yield "declaration"
    phone.press("I accept all the rules")
    yield "standing-accepted"
    phone.open("/professional/capacity")
    phone.press("Choose this")
    yield "capacity-nothing-picked"
    phone.page.get_by_label("Here as a patient").check()
    phone.press("Choose this")
    yield "capacity-chosen"
    phone.open("/professional/measures")
    yield "measures"


def verifies(phone):
    """Mark a registration by two presses."""
    page = phone.page
    phone.open("/desk/registrations")
    yield "desk"
    press(page.get_by_role("link", name="Nora Quill"))
    yield "desk-file"
    phone.press("See it once more")
    yield "desk-file-nothing-said"
    for field in ("name", "number", "proof", "evidence", "reason"):
        page.locator(f"#check-{field}").fill(SEEN[field])
    page.get_by_label("In order", exact=True).check()
    page.locator("#check-assurance-5").check()
    phone.press("See it once more")
    yield "desk-confirm"
    phone.press("Yes, mark it")
    yield "desk-done"


@pytest.mark.parametrize("javascript", [True, False])
def test_the_whole_way_of_a_professional_and_a_verifier_has_no_fault(phones, forum, javascript):
    nora, vera = phones(forum, "nora", javascript=javascript), phones(javascript=javascript)
    staff = sign_in_staff(forum, add_staff(forum, Role.VERIFIER))
    vera.context.add_cookies([{"name": "governance", "value": staff, "url": vera.address}])
    walks = ((nora, partial(joins, forum)), (nora, accepts), (vera, verifies))
    if javascript:
        assert {k: v for phone, walk in walks for k, v in found_on(phone, walk(phone)).items()} == {}
    else:
        assert [list(walk(phone))[-1] for phone, walk in walks] == ["standing-new", "measures", "desk-done"]
    nora.open("/professional")
    nora.shoot("professional-standing-good")
    assert "You can take part as a professional" in nora.page.content()
