"""The vault of an officer and of a custodian, and a name that goes between them, on a small phone: no fault."""

import pytest

from governance.identity.permissions import Role
from governance.reporting.keeping.drafts import Identity
from tests.browser.pressing import press
from tests.browser.test_professional_phone import faults
from tests.identity.staff import add_staff, sign_in_staff
from tests.reporting.test_custody_pages import files

pytestmark = pytest.mark.browser
PASSPHRASE = "four otters sing in march"


def staff(phones, app, name, role, language="en"):
    phone = phones(language=language)
    cookie = sign_in_staff(app, add_staff(app, role, subject=name, name=name.title()))
    phone.context.add_cookies([{"name": "governance", "value": cookie, "url": phone.address}])
    return phone


def fills(phone, **said):
    for name, text in said.items():
        phone.page.locator(f"#{name}").fill(text)


def makes(phone, path="/desk/vault"):
    phone.open(path)
    yield "new"
    phone.press("Make my vault")
    yield "new-wrong"
    fills(phone, new=PASSPHRASE, again=PASSPHRASE)
    phone.press("Make my vault")
    yield "printed"
    press(phone.page.get_by_role("button", name="I have it on paper"))
    yield "open"


def unlocks(phone):
    phone.press("Lock it now")
    yield "locked"
    fills(phone, passphrase="not this one, surely")
    phone.press("Unlock")
    yield "locked-wrong"
    press(phone.page.get_by_text("I forgot it"))
    yield "recover"
    phone.open("/desk/vault")
    fills(phone, passphrase=PASSPHRASE)
    phone.press("Unlock")
    for page in ("change", "hand-over"):
        phone.open(f"/desk/vault/{page}")
        yield page


def asks(phone, report):
    phone.open(f"/desk/names/{report}")
    yield "name-not-asked"
    phone.press("Ask a custodian")
    yield "name-not-asked-wrong"
    fills(phone, reason="The court of Leeds asks for a witness.")
    phone.press("Ask a custodian")
    yield "name-asked"


def answers(phone):
    phone.open("/custody/requests")
    yield "requests"
    press(phone.page.get_by_text("asked on"))
    phone.press("Answer")
    yield "answer-wrong"
    phone.page.get_by_label("Yes, this officer").check()
    fills(phone, words="There is an order of the court.")
    phone.press("Answer")
    yield "answered"


def reads(phone, report):
    phone.open(f"/desk/names/{report}")
    yield "name-released"
    phone.press("Show the name")
    yield "name-read"


def found_on(phone, who, pages):
    found = {}
    for name in pages:
        phone.shoot(f"vault-{who}-{name}")
        found[f"{who}: {name}"] = faults(phone)
    return {name: wrong for name, wrong in found.items() if wrong}


def test_the_pages_of_a_vault_and_of_a_name_have_no_fault(phones, forum):
    olu, oda = (staff(phones, forum, name, Role.OFFICER) for name in ("olu", "oda"))
    cy = staff(phones, forum, "cy", Role.CUSTODIAN)
    found = found_on(olu, "olu", makes(olu)) | found_on(oda, "oda", makes(oda))
    found |= found_on(olu, "olu", unlocks(olu)) | found_on(cy, "cy", makes(cy, "/custody/vault"))
    report = files(forum, Identity(name="Ana Green", reach="after six, at home"))
    walks = ((olu, "olu", asks(olu, report)), (cy, "cy", answers(cy)), (olu, "olu", reads(olu, report)))
    for phone, who, walk in walks:
        found |= found_on(phone, who, walk)
    assert found == {}
