"""A professional and a verifier at our pages, and a forum's program that asks about them."""

from http import HTTPStatus

import pytest

from governance.db.extension import transaction
from governance.identity.permissions import Role
from governance.identity.sessions import service as sessions
from governance.identity.sessions.service import Secret
from governance.ui.clock import now
from governance.ui.house import house
from tests.conduct.people import PIN
from tests.identity.staff import client_of
from tests.ui.visits import Visitor, forum, sign_in, stranger

__all__ = ["forum", "nora", "stranger", "vera"]


@pytest.fixture
def nora(forum):
    """A member who is a nurse and has told nobody."""
    client = forum.test_client()
    client.set_cookie("governance", sign_in(forum, "nora"))
    return Visitor(client)


@pytest.fixture
def vera(forum):
    """A verifier who signed in just now."""
    return Visitor(client_of(forum, Role.VERIFIER))


def proven(app, session_id):
    """Prove who one is, as a sign-in at the forum for it does; return the session's new id."""
    with app.app_context(), transaction() as session:
        return sessions.prove(session, Secret(session_id, house().keyring), now(), now=now())


def prove(visitor):
    app, cookie = visitor.client.application, visitor.client.get_cookie("governance")
    visitor.client.set_cookie("governance", proven(app, cookie.value))
    return visitor


def answers(visitor, number=PIN, name="Nora Quill"):
    """Answer every page, prove who one is, and see the answers."""
    visitor.get("/professional/register/register").press("Go on", answer="gb-nmc")
    visitor.press("Go on", answer="nurse").press("Go on", answer=number).press("Go on", answer=name)
    return prove(visitor).get("/professional/register/check")


def register(visitor, number=PIN, name="Nora Quill"):
    """Answer every page and confirm."""
    return answers(visitor, number, name).press("Register me")


def accept_rules(visitor):
    """Accept every rule that is marked, and then the others."""
    visitor.get("/professional/rules").follow("Start")
    while "/declaration" not in visitor.path:
        visitor.press("I accept this rule")
    return visitor.press("I accept all the rules")


SEEN = {
    "name": "Nora Quill",
    "number": PIN,
    "status": "good",
    "assurance": "4",
    "proof": "a call by video",
    "evidence": "the page of today",
    "reason": "all of it agrees",
}


def opens_first(verifier):
    """Open the registration that waits longest."""
    verifier.get("/desk/registrations")
    link = verifier.page.select_one("main a.tall-link[href*='/desk/registrations/']")
    return verifier.get(link["href"])


def marks(verifier, **seen):
    """Mark what was seen, by two presses."""
    opens_first(verifier).press("See it once more", **{**SEEN, **seen})
    return verifier if verifier.status == HTTPStatus.UNPROCESSABLE_ENTITY else verifier.press("Yes, mark it")
