"""A person of a forum that is no provider, at the pages about passkeys."""

import pytest
import time_machine
from bs4 import BeautifulSoup

from governance.db.extension import db
from tests.identity.authenticator import ORIGIN, Device
from tests.identity.conftest import Browser, build_app
from tests.identity.test_links import come_in, mint, quiet_forum

__all__ = ["mint", "quiet_forum"]
NEW, USE = "/my/passkeys/new", "/prove/passkey?next=proved"


@pytest.fixture(scope="module")
def built_app(tmp_path_factory):
    """The app under a name: at a bare number no browser makes a passkey."""
    return build_app(tmp_path_factory.mktemp("passkeys"), ORIGIN)


@pytest.fixture(scope="module")
def built_app_on_postgres(tmp_path_factory, postgres):
    with postgres.lend(tables=True) as url:
        built = build_app(tmp_path_factory.mktemp("passkeys"), ORIGIN, url)
        yield built
        with built.app_context():
            db.engine.dispose()


@pytest.fixture
def clock():
    with time_machine.travel(0, tick=False) as clock:
        yield clock


class Person:
    """Somebody with a browser and a device."""

    def __init__(self, app, mint, name, device=None):
        self.app, self.mint, self.name = app, mint, name
        self.device = device or Device(counts=False)
        self.comes()

    def comes(self):
        """Come by another link, as after 30 minutes without a press."""
        self.browser = Browser(self.app)
        self.client = self.browser.client
        come_in(self.browser, self.mint(self.name))
        return self

    def page(self, path):
        return BeautifulSoup(self.client.get(path).text, "html.parser")

    def asked(self, path):
        """What the page at a path tells the browser to do."""
        return self.page(path).find("form", {"data-passkey": True})["data-passkey"]

    def send(self, path, **values):
        form = self.client.get("/form").text
        return self.client.post(path, data={"csrf_token": form, **values})

    def makes(self, **lies):
        """Set up the device's passkey."""
        return self.send(NEW, credential=self.device.makes(self.asked(NEW), **lies))

    def proves(self, device=None, **lies):
        """Give the device's passkey as proof."""
        asked = self.asked("/prove?next=proved")
        return self.send(USE, credential=(device or self.device).uses(asked, **lies))

    def sets_pin(self, pin):
        return self.send("/prove/pin/new", pin=pin, again=pin)

    def guesses(self, pin):
        return self.send("/prove/pin?next=proved", pin=pin)

    def removes(self, number=0):
        buttons = self.page("/my/passkeys").find_all("input", {"name": "passkey"})
        return self.send("/my/passkeys/remove", passkey=buttons[number]["value"])

    @property
    def is_proved(self):
        return self.client.get("/proved").status_code == 200

    @property
    def many(self):
        return len(self.page("/my/passkeys").find_all("input", {"name": "passkey"}))


@pytest.fixture
def people(app, mint, clock):
    assert clock
    return lambda name, **more: Person(app, mint, name, **more)


@pytest.fixture
def ana(people):
    """Somebody who has just come by a link for the first time."""
    return people("ana")
