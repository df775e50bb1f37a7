"""A person's own pages in Spanish on a phone: longer words, no fault, and nothing wider than the screen."""

import pytest

from governance.db.extension import transaction
from governance.patients.contact.notices import Kind, notify
from governance.patients.models import Patient
from governance.ui.clock import now
from governance.ui.house import house
from tests.browser.test_phone import faults
from tests.optout.wishes import prove
from tests.portal.test_could_have_seen import tell
from tests.ui.visits import Visitor

pytestmark = pytest.mark.browser
PATHS = (
    "/my/choices", "/my/contact", "/my/contact/change", "/my/copy", "/my/delete", "/my/delete/confirm",
    "/my/history", "/my/could-have-seen", "/whom-to-call", "/privacy", "/",
)  # fmt: skip


@pytest.fixture
def ana(phones, forum, nurse):
    """Somebody who reads Spanish, is hidden, was told everything that can be told, and could be seen by a nurse."""
    phone = phones(forum, "ana")
    client = forum.test_client()
    kept = {cookie["name"]: cookie["value"] for cookie in phone.context.cookies()}
    client.set_cookie("governance", kept["governance"])
    visitor = Visitor(client)
    visitor.get("/my/choices").press("Hide me from everyone")
    prove(forum, visitor)
    with forum.app_context(), transaction() as session:
        for kind in Kind:
            notify(session, house().keyring, session.query(Patient).one().id, kind, now())
    tell(forum, nurse)
    phone.context.add_cookies([{"name": "governance_language", "value": "es", "url": phone.address}])
    return phone


def test_the_pages_in_spanish_have_no_fault(ana):
    found = {}
    for path in PATHS:
        ana.open(path)
        assert ana.page.locator("html").get_attribute("lang") == "es"
        ana.shoot(f"spanish{path.replace('/', '-')}")
        found |= {path: wrong} if (wrong := faults(ana)) else {}
    assert found == {}
