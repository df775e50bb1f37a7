"""Somebody is signed in and the database fails before anything of their session is read: a page comes all the same."""

import pytest
from sqlalchemy import text

from governance.db.extension import db
from governance.identity.sessions.browser import BrowserSession, DatabaseSessions
from tests.ui.visits import found_forum, sign_in


@pytest.fixture
def signed_in(app):
    """A browser with a session; then what it stands in is gone."""
    found_forum(app)
    client = app.test_client()
    client.set_cookie("governance", sign_in(app, "ana"))
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("DROP TABLE web_session"))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return client


@pytest.mark.parametrize("path", ["/", "/my/choices", "/whom-to-call", "/my/nothing"])
def test_a_page_says_what_to_do_and_whom_to_call(signed_in, path):
    answer = signed_in.get(path)
    assert answer.status_code == 500
    assert "look at your choices before you try again" in answer.text
    assert "tel:999" in answer.text


def test_who_pressed_is_told_that_it_may_not_be_saved(signed_in):
    answer = signed_in.post("/my/hide", data={"csrf_token": "x"})
    assert (answer.status_code, "what you sent may not be saved" in answer.text) == (500, True)


def test_the_cookie_stays_for_when_the_database_is_back(signed_in):
    assert "Set-Cookie" not in signed_in.get("/my/choices").headers


def test_a_program_gets_a_problem(signed_in):
    answer = signed_in.get("/healthz")
    assert (answer.status_code, answer.content_type) == (500, "application/problem+json")


def test_raised_where_it_happens_it_would_leave_no_page(signed_in, monkeypatch):
    """The control: before there is a session, not even the page of an error can be made."""
    right = DatabaseSessions.open_session

    def raising(self, app, request):
        found: BrowserSession = right(self, app, request)
        if found.unread is not None:
            raise found.unread
        return found

    monkeypatch.setattr(DatabaseSessions, "open_session", raising)
    with pytest.raises(AssertionError, match="session"):
        signed_in.get("/my/choices")
