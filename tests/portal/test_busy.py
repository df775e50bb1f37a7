"""Who does not get the writer's turn in time is told that nothing was saved, and when to try again."""

from contextlib import contextmanager
from http import HTTPStatus

import pytest

from governance.db import failures, postgresql, sqlite
from governance.db.engine import open_engine
from governance.db.extension import db, reading
from governance.optout.models import Directive
from tests.pdp.conftest import caller, people
from tests.ui.visits import forum, visitor

__all__ = ["caller", "forum", "people", "visitor"]
HIDE = "Hide me from everyone signed in here as a health professional"
CHANGE = {"posture": "informed"}


@pytest.fixture(autouse=True)
def _impatient(both, monkeypatch):  # noqa: ARG001 - each on both databases
    """Let nobody wait for longer than a test may; the app is made after this."""
    monkeypatch.setitem(postgresql._SETTINGS, "lock_timeout", "200ms")
    monkeypatch.setattr(sqlite, "_PRAGMAS", (*sqlite._PRAGMAS, "busy_timeout=200"))


@pytest.fixture
def turn_taken(settings):
    """Somebody else has the writer's turn and keeps it."""

    @contextmanager
    def turn_taken():
        engine = open_engine(settings.database_url)
        with engine.begin():
            yield
        engine.dispose()

    return turn_taken


def has_chosen(app):
    with app.app_context(), reading() as session:
        return session.query(Directive).count() > 0


def test_a_person_is_told_that_nothing_was_saved_and_nothing_was(visitor, forum, turn_taken):
    visitor.get("/my/choices")
    with turn_taken():
        visitor.press(HIDE)
    assert (visitor.status, visitor.h1) == (HTTPStatus.SERVICE_UNAVAILABLE, "We are very busy just now")
    assert "that is not saved yet" in visitor.text
    assert "press the button once more" in visitor.text
    assert not has_chosen(forum)


def test_the_next_press_counts(visitor, forum, turn_taken):
    visitor.get("/my/choices")
    page, path = visitor.page, visitor.path
    with turn_taken():
        visitor.press(HIDE)
    visitor.page, visitor.path = page, path
    assert "You are hidden" in visitor.press(HIDE).text
    assert has_chosen(forum)


def test_a_program_is_told_when_to_try_again(caller, app, turn_taken):
    with turn_taken():
        answer = caller.send("/v1/communities/new", CHANGE, method="PUT")
    assert (answer.status_code, answer.headers["Retry-After"]) == (HTTPStatus.SERVICE_UNAVAILABLE, "10")
    assert answer.content_type == "application/problem+json"
    assert answer.json["type"] == "urn:governance:problem:busy"
    assert "nothing was saved" in answer.json["detail"]
    with app.app_context():
        assert db.engine.pool.checkedout() == 0
    assert caller.send("/v1/communities/new", CHANGE, method="PUT").status_code == HTTPStatus.OK


def test_reading_goes_on_meanwhile(visitor, turn_taken):
    visitor.get("/my/choices")
    with turn_taken():
        assert visitor.get("/my/choices").status == HTTPStatus.OK


def test_who_gets_no_connection_is_told_the_same(caller, app):
    with app.app_context():
        pool = db.engine.pool
    pool._timeout = 0.05
    taken = [pool.connect() for _ in range(pool.size() + max(0, pool._max_overflow))]
    answer = caller.send("/v1/communities/new", CHANGE, method="PUT")
    assert (answer.status_code, answer.json["type"]) == (503, "urn:governance:problem:busy")
    for connection in taken:
        connection.close()


def test_unless_it_is_known_for_what_it_is_our_fault_is_all_they_hear(caller, turn_taken, monkeypatch):
    """The control: the driver's error by itself."""
    monkeypatch.setattr(failures, "_is_busy", lambda _: False)
    with turn_taken():
        answer = caller.send("/v1/communities/new", CHANGE, method="PUT")
    assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
