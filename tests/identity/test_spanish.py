"""Every page about who somebody is, in Spanish: coming by a link, PINs, passkeys, sessions, and staff."""

import pytest
from bs4 import BeautifulSoup

from governance.identity.permissions import Role
from governance.identity.proofs import pins
from governance.identity.sessions.devices import device, in_words
from tests.identity.conftest import Browser
from tests.identity.passkeys import ana, built_app, clock, mint, people, quiet_forum
from tests.identity.staff import client_of
from tests.identity.test_links import come_in, follow, path_of
from tests.identity.test_own_sessions import ANDROID, IPHONE
from tests.ui.spanish import SpanishReader, in_spanish
from tests.ui.visits import Visitor

__all__ = ["ana", "built_app", "clock", "mint", "people", "quiet_forum"]
PIN, WRONG = "284917", "284918"


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(pins, "_KIBIBYTES", 64)


@pytest.fixture
def reader(ana):
    """Somebody who came by a link."""
    return in_spanish(Visitor(ana.client))


def read(reader, answer):
    """Have a reader look at an answer that came another way."""
    return reader._shows(answer)


def test_coming_by_a_link_is_spanish(ana, mint, reader):
    read(reader, follow(ana.browser, path_of(mint("berta"))))
    assert "Otra persona tiene su sesión abierta" in reader.text
    token = reader.page.find("input", {"name": "csrf_token"})["value"]
    reader.client.post("/link", data={"csrf_token": token})
    reader.get("/link")
    assert "Aquí no hay ningún enlace" in reader.text
    assert reader.left == {}


def test_all_pages_of_a_pin_are_spanish(reader, clock):
    reader.get("/my/proof").get("/prove?next=also_inside").press("Poner este PIN", pin="111111", again="111111")
    reader.press("Poner este PIN", pin=PIN, again=WRONG)
    reader.press("Poner este PIN", pin=PIN, again=PIN)
    reader.get("/prove?next=proved").press("Seguir", pin=WRONG)
    clock.shift(60)
    reader.get("/my/proof").press("Poner este PIN", pin="730164", again="730164")
    reader.get("/my/proof").press("Quitar el PIN nuevo")
    for _ in range(6):
        if reader.get("/prove?next=proved").page.find(id="pin"):
            reader.press("Seguir", pin=WRONG)
    assert "Hubo demasiados PIN equivocados" in reader.text
    assert reader.left == {}


def test_all_pages_of_passkeys_are_spanish(ana, reader, clock):
    reader.get("/my/passkeys").get("/my/passkeys/new").get("/prove?next=proved")
    read(reader, ana.send("/my/passkeys/new", credential="{}"))
    ana.makes()
    reader.get("/my/passkeys").get("/prove?next=proved").get("/my/proof")
    read(reader, ana.send("/prove/passkey?next=proved", credential="{}"))
    reader.get("/my/passkeys").press("Quitar esta llave de acceso")
    clock.shift(60)
    ana.makes()
    reader.get("/my/passkeys").get("/prove?next=proved").get("/my/passkeys/new")
    assert reader.left == {}


def test_the_list_of_sessions_is_spanish(app, mint, reader):
    for _ in range(3):
        other = Browser(app)
        other.client.environ_base["HTTP_USER_AGENT"] = ANDROID
        come_in(other, mint("ana"))
    reader.get("/my/sessions")
    assert "Otra: Chrome en un teléfono o una tableta Android" in reader.text
    reader.press("Terminar esta").press("Terminar todas las demás")
    assert reader.left == {}


def test_pages_of_those_who_sign_in_at_their_forum_are_spanish(app, browser):
    reader = in_spanish(Visitor(browser.client)).get("/sign-in")
    browser.sign_in()
    reader.get("/my/proof").get("/prove?next=joining.check").get("/prove?next=records.history").get("/my/passkeys")
    reader.get("/sign-in/none").get("/auth/forum/callback").get("/staff/sign-in").get("/staff/sign-in?again=1")
    assert reader.left == {}
    assert app


def test_a_callback_carries_nothing_into_a_link(browser, provider):
    provider.callback = {"code": None, "error": "access_denied", "error_description": "call 0900"}
    page = BeautifulSoup(browser.sign_in().data, "html.parser")
    assert page.find("a", class_="your-say-header__language") is None
    assert BeautifulSoup(browser.client.get("/sign-in").data, "html.parser").find("a", string="Español")


def test_staff_read_their_tasks_in_spanish(app):
    reader = SpanishReader(in_spanish(Visitor(client_of(app, *Role))).client).get("/staff")
    assert "persona encargada: atiende avisos y casos" in reader.text
    assert "Altas por mirar" in reader.text
    reader.get("/desk/registrations/00000000-0000-0000-0000-000000000000")
    assert reader.left == {}


@pytest.mark.parametrize("agent", [ANDROID, IPHONE, "curl/8"])
def test_a_device_is_kept_in_english_and_called_the_same_on_an_english_page(app, agent):
    with app.test_request_context("/"):
        assert device(in_words(agent)) == in_words(agent)
