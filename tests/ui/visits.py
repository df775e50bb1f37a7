"""A person at our pages: a real session in the real app, forms sent as a browser sends them."""

from dataclasses import dataclass, field

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from governance.conduct.service import Acceptance, ForumAccount, Registration, register_hcp
from governance.db.extension import transaction
from governance.decision.vocabulary import Assurance, Instant, Status
from governance.identity.service import NewPlatform, account_for, add_platform, platform_named
from governance.identity.sessions import service as sessions
from governance.ui.clock import now
from governance.ui.house import house

FORUM = "t1d-forum"
YEAR = 365 * 24 * 3600 * 1_000_000


def found_forum(app):
    wanted = NewPlatform(
        name=FORUM, issuer="https://forum.example", oidc_client_id="us", oidc_client_secret="of-the-tests"
    )
    with app.app_context(), transaction() as session:
        add_platform(session, house().keyring, wanted, now=now())


def register(app, name, profession, account):
    """Register a professional of the forum at the best assurance; return their account's key."""
    at, later = now(), Instant(now() + YEAR)
    found = Registration(name, profession, Assurance.A4, Status.GOOD, later)
    with app.app_context(), transaction() as session:
        forum = platform_named(session, FORUM)
        theirs = account_for(session, house().keyring, forum, account, at)
        on_forum = ForumAccount(theirs.id, forum.id, theirs.key)
        register_hcp(session, house().keyring, on_forum, found, Acceptance("1.0.0", later), now=at)
        return theirs.key


def sign_in(app, account):
    """Begin a session of a member, as a sign-in at the forum does; return its cookie."""
    with app.app_context(), transaction() as session:
        forum = platform_named(session, FORUM)
        theirs = account_for(session, house().keyring, forum, account, now())
        return sessions.start_signed_in(session, house().keyring, theirs, now(), now=now())


def multipart(data):
    """Return what a client posts as a form with files; its own way leaves files of half a megabyte open."""
    files = {name: FileStorage(*value) if isinstance(value, tuple) else value for name, value in data.items()}
    boundary, body = encode_multipart(files)
    return {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}


@dataclass
class Visitor:
    """One browser; `page` is what it shows."""

    client: FlaskClient
    html: str = ""
    status: int = 0
    path: str = ""
    _read: tuple[str, BeautifulSoup] | None = field(default=None, repr=False)

    @property
    def page(self):
        """Read it when somebody looks at it; most pages on a way are only passed."""
        if self._read is None or self._read[0] is not self.html:
            self._read = self.html, BeautifulSoup(self.html, "html.parser")
        return self._read[1]

    @page.setter
    def page(self, shown):
        self._read = self.html, shown

    def get(self, path):
        return self._shows(self.client.get(path, follow_redirects=True))

    def press(self, text, **given):
        """Fill in the form that has this button and send it, hidden fields and all."""
        form = next(form for form in self.page.find_all("form") if text in form.get_text())
        action = form.get("action") or self.path
        hidden = {i["name"]: i["value"] for i in form.find_all("input", type="hidden")}
        return self._shows(self.client.post(action, data={**hidden, **given}, follow_redirects=True))

    def answers(self, path, **given):
        """Send a form without a look at the page that comes next."""
        token = self.page.find("input", attrs={"name": "csrf_token"})["value"]
        assert self.client.post(path, data={"csrf_token": token, **given}).status_code == 303

    def follow(self, text):
        link = next(link for link in self.page.find_all("a") if text in link.get_text())
        return self.get(link["href"])

    @property
    def h1(self):
        return " ".join(self.page.h1.get_text().split())

    @property
    def text(self):
        return " ".join(self.page.main.get_text().split())

    def _shows(self, answer):
        self.html, self.status, self.path = answer.get_data(as_text=True), answer.status_code, answer.request.path
        return self


@pytest.fixture
def forum(app):
    found_forum(app)
    return app


@pytest.fixture
def nurse(forum):
    return register(forum, "Nora Quill", "nurse", "nora")


@pytest.fixture
def doctor(forum):
    return register(forum, "Dr Omar Vale", "doctor", "omar")


@pytest.fixture
def visitor(forum):
    """Somebody who is signed in and has never been here before."""
    client = forum.test_client()
    client.set_cookie("governance", sign_in(forum, "ana"))
    return Visitor(client)


@pytest.fixture
def stranger(forum):
    """Somebody who is not signed in."""
    return Visitor(forum.test_client())


def acknowledge(visitor):
    visitor.get("/disclosure/must-knows")
    visitor.get("/disclosure/acknowledge")
    return visitor.press("I have been told")


def choose(visitor, care_team="answered", others="closed", members=()):
    """Answer every question and confirm; the visitor has acknowledged, or says no to everybody."""
    visitor.get("/choices/care-team")
    visitor.answers("/choices/care-team", level=care_team)
    visitor.answers("/choices/others", level=others)
    visitor.answers("/choices/team", members=list(members))
    visitor.get("/choices/check")
    return visitor.press("Save my choices")
