"""Copy, deletion, contact, putting right and leaving, on a phone: no fault, with a script and without."""

from dataclasses import replace
from threading import Thread

import pytest
from werkzeug.serving import make_server

from governance.config.public import PublicSettings
from governance.db.extension import transaction
from governance.patients.contact.notices import Kind, notify
from governance.patients.contact.service import Contact, set_contact
from governance.patients.models import Patient
from governance.ui.clock import now
from governance.ui.house import house
from tests.browser.pressing import press
from tests.browser.test_phone import faults
from tests.optout.wishes import prove
from tests.portal.test_export import files
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
    prove(forum, visitor)
    return visitor, phone


def looks(phone, *paths):
    found = {}
    for path in paths:
        phone.open(path)
        phone.shoot(f"rights{path.replace('/', '-')}")
        found |= {path: wrong} if (wrong := faults(phone)) else {}
    return found


def test_the_pages_of_ones_rights_have_no_fault(ana):
    _, phone = ana
    paths = ("/my/copy", "/my/copy/ready", "/my/delete", "/my/delete/confirm", "/my/contact", "/my/contact/change")
    assert looks(phone, *paths) == {}
    assert looks(phone, "/my/put-right", "/my/history", "/my/history/all", "/privacy", "/my/choices") == {}
    phone.open("/my/put-right")
    phone.press("Do it now")
    phone.shoot("rights-put-right-missing")
    assert faults(phone) == []
    phone.page.get_by_label("Hide me from everyone").check()
    phone.page.get_by_label("I was made to do this").check()
    phone.press("Do it now")
    phone.shoot("rights-put-right-done")
    assert (phone.page.title().startswith("It is done"), faults(phone)) == (True, [])
    phone.open("/my/delete/confirm")
    phone.press("Delete my record")
    phone.shoot("rights-will-be-deleted")
    assert faults(phone) == []
    assert looks(phone, "/my/choices") == {}


def test_a_code_that_is_waited_for_and_what_is_new_have_no_fault(ana, forum):
    visitor, phone = ana
    with forum.app_context(), transaction() as session:
        patient = session.query(Patient).one().id
        set_contact(session, house().keyring, patient, Contact("safe@example.net", 17, 9), now())
        for kind in Kind:
            notify(session, house().keyring, patient, kind, now())
    phone.open("/my/contact")
    phone.press("Go on")
    phone.shoot("rights-contact-code")
    assert faults(phone) == []
    assert looks(phone, "/my/choices") == {}
    assert visitor.get("/my/choices").press("I have seen this").status == 200


def test_the_copy_itself_can_be_read_on_a_phone(ana):
    visitor, phone = ana
    visitor.get("/my/choices").press("Hide me from everyone")
    readable = files(visitor)[1]
    phone.page.set_content(readable)
    phone.shoot("rights-copy-itself")
    assert faults(phone) == []


def weather(_environ, start_response):
    start_response("200 OK", [("Content-Type", "text/html")])
    return [b"<!doctype html><title>Weather</title><p>Rain</p>"]


@pytest.fixture
def left(forum):
    """Another site, to which this service leads whoever leaves."""
    server = make_server("127.0.0.1", 0, weather)
    Thread(target=server.serve_forever, daemon=True).start()
    address, house = f"http://127.0.0.1:{server.port}/weather", forum.extensions["governance"]
    public = PublicSettings(exit_url=address)
    forum.extensions["governance"] = replace(house, settings=replace(house.settings, public=public))
    yield address
    server.shutdown()
    server.server_close()


def test_the_link_leaves_and_going_back_shows_nothing(phones, forum, left):
    phone = phones(forum, "ana", javascript=False)
    phone.open("/my/choices")
    press(phone.page.get_by_role("link", name="Leave this page now"))
    phone.page.wait_for_url(left)
    phone.page.go_back()
    assert "You are not signed in" in phone.page.content()


@pytest.mark.parametrize("how", ["a press", "the Shift key three times"])
def test_with_a_script_the_page_is_not_in_the_history_either(phones, forum, left, how):
    phone = phones(forum, "ana")
    phone.open("/privacy")
    phone.open("/my/choices")
    if how == "a press":
        press(phone.page.get_by_role("link", name="Leave this page now"))
    else:
        for _ in range(3):
            phone.page.keyboard.press("Shift")
    phone.page.wait_for_url(left)
    phone.page.go_back()
    assert phone.page.url.endswith("/privacy")


def test_two_presses_of_shift_leave_nothing(phones, forum):
    phone = phones(forum, "ana")
    phone.open("/my/choices")
    for key in ("Shift", "Shift", "a", "Shift"):
        phone.page.keyboard.press(key)
    assert phone.page.url.endswith("/my/choices")
