"""Two forums over HTTP: people in browsers, forums' programs with tokens, staff at the command line."""

from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from governance.crypto.keys import Keyring
from governance.identity.sessions.service import start_signed_in
from governance.ui.clock import now
from tests.conftest import running, session_of, settings_in
from tests.forum import ANSWERED, CLOSED, Forum, an_hour_ago
from tests.optout.wishes import prove
from tests.patients.two_forums import officers
from tests.pdp.conftest import ALL_SCOPES, Caller
from tests.ui.visits import Visitor

SCOPES = f"{ALL_SCOPES} links:write"


class House:
    """The app with forums F and G, a nurse on both, and Ana, who answers her nurse on F."""

    def __init__(self, app, session, keyring):
        self.app, self.session = app, session
        self.f, self.g = (Forum(session, keyring, name, at=an_hour_ago()) for name in ("f", "g"))
        for forum in (self.f, self.g):
            forum.registers("nurse")
            forum.opens("c", "informed", told=an_hour_ago() - 3_600_000_000)
        self.officers = officers(self.f)
        session.commit()
        self.on_f, self.on_g = (Caller(app, forum.credentials, SCOPES) for forum in (self.f, self.g))
        self.number = 0

    def somebody(self):
        """Somebody new: their account on F, where they answer their nurse, and their account on G."""
        self.number += 1
        ana, other = f"ana{self.number}", f"other{self.number}"
        self.f.acknowledges(ana)
        self.f.chooses(ana, ANSWERED, CLOSED, team=["nurse"])
        self.session.commit()
        return SimpleNamespace(ana=ana, other=other, f=self.visitor(self.f, ana), g=self.visitor(self.g, other))

    def visitor(self, forum, name, *, proved=True):
        """A member in a browser, who proved a moment ago who they are."""
        cookie = start_signed_in(self.session, forum.keyring, forum.account(name), now(), now=now())
        self.session.commit()
        client = self.app.test_client()
        client.set_cookie("governance", cookie)
        visitor = Visitor(client)
        if proved:
            prove(self.app, visitor)
        return visitor

    def joins(self, person):
        """Join both ends through the pages."""
        person.f.get("/my/forums/add").press("Show my code")
        code = person.f.page.find(class_="code").get_text()
        person.g.get("/my/forums/code").press("Go on", code=code)
        person.g.press("Yes, this is me")
        person.f.get("/my/forums/confirm").press("Yes, join this account")
        return code

    @contextmanager
    def looking(self):
        """A session that reads what was committed, and holds nobody up."""
        with session_of(self.app) as session:
            yield session

    def run(self, command, *arguments):
        with self.app.app_context():
            return CliRunner().invoke(command, [str(one) for one in arguments])


def question(viewer, author, action="view"):
    words = {"author": author, "community": "c", "thread": "t", "created": "2026-01-05T10:00:00Z", "edited": None}
    return {
        "subject": {"type": "user", "id": viewer},
        "action": {"name": action},
        "resource": {"type": "post", "id": "p", "properties": words},
    }


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    settings = settings_in(tmp_path_factory.mktemp("house"))
    with running(settings) as app, session_of(app) as session:
        yield House(app, session, Keyring(settings.keys))


@pytest.fixture
def person(house):
    return house.somebody()
