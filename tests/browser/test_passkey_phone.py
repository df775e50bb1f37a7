"""Passkeys in a real browser with its own authenticator, on a phone, under our content policy."""

import threading
from dataclasses import replace

import pytest
from werkzeug.serving import make_server

from governance.db.extension import transaction
from governance.identity.links.models import Passkey
from governance.identity.links.service import make_link
from governance.identity.service import NewPlatform, add_platform, platform_named
from governance.ui.clock import now
from governance.ui.house import house
from tests.browser.conftest import PHONE, Phone
from tests.browser.pressing import press
from tests.browser.test_phone import SIZES, TOO_WIDE, faults
from tests.optout.wishes import grow_up

pytestmark = pytest.mark.browser
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def server():
    server = make_server("127.0.0.1", 0, None, threaded=True)
    yield server
    server.server_close()


@pytest.fixture
def settings(settings, server):
    """A service under a name: at a bare number no browser makes a passkey."""
    return replace(settings, public_url=f"http://localhost:{server.port}")


@pytest.fixture
def forum(app):
    """A forum that is no provider."""
    with app.app_context(), transaction() as session:
        add_platform(session, house().keyring, NewPlatform(name="quiet"), now=now())
    return app


@pytest.fixture
def address(forum, server, settings):
    server.app = forum
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield settings.public_url
    server.shutdown()
    serving.join()


@pytest.fixture
def phone_of(chromium, address):
    """Make a phone on which somebody has just come by a link; `policy`: our content policy is in force."""
    contexts = []

    def make(app, *, policy=True, javascript=True, device=True):
        context = chromium.new_context(viewport=PHONE, bypass_csp=not policy, java_script_enabled=javascript)
        contexts.append(context)
        phone = Phone(context, address)
        phone.device = add_device(phone) if device else None
        phone.open(link_for(app))
        press(phone.page.locator("main button").first)
        return phone

    yield make
    for context in contexts:
        context.close()


def link_for(app):
    with app.app_context(), transaction() as session:
        forum = platform_named(session, "quiet")
        token = make_link(session, house().keyring, forum.id, ("ana", "portal.my"), now=now())
    return f"/link?token={token}"


def add_device(phone):
    """Give a phone the browser's own authenticator; return how to speak to it."""
    session = phone.context.new_cdp_session(phone.page)
    session.send("WebAuthn.enable")
    device = session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]
    return lambda what, **said: session.send(f"WebAuthn.{what}", {"authenticatorId": device, **said})


def chooses(phone):
    """Say no to all others, the care team may answer."""
    phone.open("/disclosure/must-knows")
    phone.open("/disclosure/acknowledge")
    phone.press("I have been told")
    phone.open("/choices/care-team")
    phone.page.get_by_label("Answered", exact=True).check()
    phone.press("Go on")
    phone.page.get_by_label("Closed", exact=True).check()
    phone.press("Go on")
    phone.press("Go on")
    phone.press("Save my choices")


def wants_more(phone):
    phone.open("/choices/others")
    phone.page.get_by_label("Seen", exact=True).check()
    phone.press("Go on")
    phone.press("Save my choices")


def walk(phone, app):
    """Go from the first choice to a change that waits; yield each new page's name."""
    chooses(phone)
    grow_up(app)
    wants_more(phone)
    yield "passkey-or-pin"
    press(phone.page.get_by_role("button", name="Set up a passkey"))
    yield "passkey-new"
    phone.press("Set up my passkey")
    phone.page.get_by_role("button", name="Use my passkey").wait_for()
    yield "passkey-prove"
    phone.press("Use my passkey")
    press(phone.page.get_by_role("button", name="Save my choices"))
    yield "passkey-waits"
    phone.open("/my/passkeys")
    yield "passkey-mine"


def test_from_the_link_to_a_change_that_waits_under_our_content_policy(phone_of, forum):
    phone = phone_of(forum)
    wrong = {}
    for name in walk(phone, forum):
        phone.shoot(name)
        wrong[name] = [*phone.page.evaluate(SIZES), phone.page.evaluate(TOO_WIDE)]
        if name == "passkey-waits":
            assert phone.page.title().startswith("What waits to open")
    assert set(map(str, wrong.values())) == {"[0]"}
    assert phone.complaints == []
    held = phone.device("getCredentials")["credentials"]
    assert [one["rpId"] for one in held] == ["localhost"]
    assert "ana" not in str(held)


def test_none_of_these_pages_has_a_fault(phone_of, forum):
    phone = phone_of(forum, policy=False)
    found = {name: faults(phone) for name in walk(phone, forum)}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_a_device_that_is_not_unlocked_proves_nothing_and_the_page_says_so(phone_of, forum):
    phone = phone_of(forum)
    phone.open("/my/passkeys/new")
    phone.device("setUserVerified", isUserVerified=False)
    phone.press("Set up my passkey")
    phone.page.get_by_text("gave us no passkey").wait_for()
    phone.shoot("passkey-failed")
    assert many(forum) == 0
    phone.device("setUserVerified", isUserVerified=True)
    phone.press("Set up my passkey")
    phone.page.get_by_role("button", name="Remove this passkey").wait_for()
    assert many(forum) == 1
    phone.device("setUserVerified", isUserVerified=False)
    phone.open("/prove")
    phone.press("Use my passkey")
    phone.page.get_by_text("gave us no passkey").wait_for()
    phone.open("/my/passkeys/new")
    assert phone.page.url.endswith("/prove?next=passkeys.new")


def test_one_device_makes_no_second_passkey_for_one_person(phone_of, forum):
    phone = phone_of(forum)
    phone.open("/my/passkeys/new")
    phone.press("Set up my passkey")
    press(phone.page.get_by_role("button", name="Set up another passkey"))
    phone.press("Use my passkey")
    phone.press("Set up my passkey")
    phone.page.get_by_text("gave us no passkey").wait_for()
    assert many(forum) == 1


def many(app):
    with app.app_context(), transaction() as session:
        return session.query(Passkey).count()


def visible(phone, text):
    return phone.page.get_by_text(text).first.is_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_pin_is_typed_twice_confirmed_and_leads_on(phone_of, forum, javascript):
    phone = phone_of(forum, javascript=javascript, device=False, policy=not javascript)
    phone.open("/my/proof")
    phone.page.get_by_label("New PIN").fill("284917")
    phone.page.get_by_label("The same PIN once more").fill("284971")
    phone.press("Set this PIN")
    phone.shoot("pin-not-alike")
    assert visible(phone, "The two PINs are not the same. Type both again.")
    found = faults(phone) if javascript else []
    phone.page.get_by_label("New PIN").fill("284917")
    phone.page.get_by_label("The same PIN once more").fill("284917")
    phone.press("Set this PIN")
    phone.shoot("pin-set")
    assert visible(phone, "It counts from now on.")
    found += faults(phone) if javascript else []
    phone.press("Done: go to my choices")
    assert phone.page.url.endswith("/my/choices")
    assert [line for line in found if "status of 400" not in line] == []


def test_without_javascript_the_pin_is_offered(phone_of, forum):
    phone = phone_of(forum, javascript=False, device=False)
    phone.open("/prove")
    phone.shoot("passkey-no-script-prove")
    assert not phone.page.get_by_role("button", name="Set up a passkey").is_visible()
    assert phone.page.get_by_role("button", name="Set this PIN").is_visible()
    phone.open("/my/passkeys/new")
    phone.shoot("passkey-no-script-new")
    assert not phone.page.get_by_role("button", name="Set up my passkey").is_visible()
    press(phone.page.get_by_role("button", name="Use a PIN"))
    assert phone.page.get_by_role("button", name="Set this PIN").is_visible()


def test_a_browser_that_knows_no_passkeys_offers_the_pin(phone_of, forum):
    phone = phone_of(forum)
    phone.context.add_init_script("delete window.PublicKeyCredential")
    phone.open("/my/passkeys/new")
    assert visible(phone, "This browser cannot set up a passkey here.")
    assert not phone.page.get_by_role("button", name="Set up my passkey").is_visible()


def test_the_way_works_with_a_keyboard_alone(phone_of, forum):
    phone = phone_of(forum)
    phone.open("/my/passkeys/new")
    phone.page.get_by_role("button", name="Set up my passkey").focus()
    phone.page.keyboard.press("Enter")
    phone.page.get_by_role("button", name="Remove this passkey").wait_for()
