"""A database that fails half-way through a press: what the page says of the choice is true."""

from contextlib import contextmanager
from datetime import timedelta
from http import HTTPStatus

import pytest
import time_machine
from flask import session as browser_session
from sqlalchemy import text

from governance.db.extension import transaction
from governance.decision.vocabulary import Level
from governance.identity.sessions import browser
from governance.optout import web
from governance.optout.choices import Choices
from tests.optout.test_web import in_force, picked
from tests.ui.visits import acknowledge, doctor, forum, nurse, visitor

__all__ = ["doctor", "forum", "nurse", "visitor"]

SAVED = Choices(Level.ANSWERED, Level.CLOSED)
NOT_SURE = "may be saved, or it may not"


@pytest.fixture
def full(forum):
    """Let the database refuse every change of a session from now on, and of nothing else."""

    def fill_up():
        with forum.app_context(), transaction() as session:
            session.execute(
                text("CREATE TRIGGER full BEFORE UPDATE ON web_session BEGIN SELECT RAISE(ABORT, 'disk full'); END")
            )

    return fill_up


@pytest.fixture
def mend(forum):
    def drop():
        with forum.app_context(), transaction() as session:
            session.execute(text("DROP TRIGGER full"))

    return drop


@pytest.fixture
def ready(visitor):
    """A person who has answered everything and reads it once more."""
    acknowledge(visitor)
    visitor.get("/choices/care-team").press("Go on", level="answered").press("Go on", level="closed")
    return visitor.press("Go on")


def test_a_choice_whose_session_cannot_be_saved_is_not_saved_either(ready, forum, full):
    full()
    ready.press("Save my choices")
    assert ready.status == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "may not be saved" in ready.text
    assert in_force(forum) is None


def test_its_answers_are_kept_for_the_next_try(ready, forum, full, mend):
    full()
    ready.press("Save my choices")
    mend()
    ready.get("/choices/check").press("Save my choices")
    assert (ready.h1, in_force(forum)) == ("Your choices are saved", SAVED)


def test_in_two_transactions_the_choice_would_be_saved_and_the_page_unsure(ready, forum, full, monkeypatch):
    @contextmanager
    def one_after_the_other(name):
        with transaction() as session:
            yield session
        browser_session.pop(name, None)

    monkeypatch.setattr(web, "transaction_forgetting", one_after_the_other)
    full()
    ready.press("Save my choices")
    assert in_force(forum) == SAVED
    assert (ready.status, NOT_SURE in ready.text) == (HTTPStatus.INTERNAL_SERVER_ERROR, True)
    assert ready.page.find("a", href="/my/choices")


def test_what_was_confirmed_does_not_come_back_as_a_draft(ready):
    ready.press("Save my choices")
    with ready.client.session_transaction() as session:
        assert "choices" not in session


def test_an_answer_that_cannot_be_kept_is_not_passed_over(visitor, full):
    visitor.get("/choices/care-team")
    full()
    visitor.press("Go on", level="seen")
    assert (visitor.status, visitor.path) == (HTTPStatus.INTERNAL_SERVER_ERROR, "/choices/care-team")
    assert NOT_SURE in visitor.text
    visitor.get("/choices/care-team")
    assert picked(visitor) == []


def hide_later(visitor, full):
    visitor.get("/my/choices")
    full()
    with time_machine.travel(timedelta(minutes=2)):
        visitor.press("Hide me from everyone")


def test_who_hid_is_told_so_though_their_session_could_not_be_noted(visitor, forum, full):
    hide_later(visitor, full)
    assert in_force(forum).hold
    assert (visitor.status, NOT_SURE in visitor.text) == (HTTPStatus.OK, False)


def test_without_its_guard_who_hid_is_told_that_it_failed(visitor, forum, full, monkeypatch):
    monkeypatch.setattr(browser, "_STORAGE_FAILED", ())
    hide_later(visitor, full)
    assert in_force(forum).hold
    assert visitor.status == HTTPStatus.INTERNAL_SERVER_ERROR
