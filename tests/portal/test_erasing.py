"""Deleting one's record by the pages: told first, proved, hidden at once, stopped by one press, gone after the wait."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from governance.crypto.blind_index import account_key
from governance.db.extension import reading, transaction
from governance.identity.models import Account
from governance.identity.service import platform_named
from governance.ledger.outbox.backoff import HOUR
from governance.ledger.outbox.service import ensure_recurring
from governance.ledger.outbox.wiring import tools_of
from governance.ledger.outbox.worker import Hands, Worker
from governance.patients.erasing.jobs import KIND
from governance.patients.erasing.models import ErasureRequest
from governance.patients.models import Patient
from governance.ui.clock import now
from governance.ui.house import house
from tests.optout.wishes import prove
from tests.ui.visits import FORUM, Visitor, acknowledge, choose, forum, nurse, sign_in, visitor

__all__ = ["forum", "nurse", "visitor"]
HIDDEN = "Because you wanted your record deleted, we closed everything for you"


@pytest.fixture
def ana(visitor, nurse):
    acknowledge(visitor)
    choose(visitor, members=[nurse])
    return visitor


def asks(forum, visitor):
    prove(forum, visitor)
    return visitor.get("/my/delete").follow("Go on").press("Delete my record")


def work(forum):
    """Do the hourly job, as a worker that begins does."""
    with forum.app_context(), transaction() as session:
        ensure_recurring(session, house().keyring, KIND, HOUR, now=now())
    worker = Worker(tools_of(forum), Hands())
    worker._kinds = [KIND]
    assert worker.step()


def left(forum):
    """How many rows there are of patients, and of the account that is hers."""
    with forum.app_context(), reading() as session:
        counted = [session.scalar(select(func.count()).select_from(table)) for table in (Patient, ErasureRequest)]
        key = account_key(house().keyring, platform_named(session, FORUM).id, "ana")
        return [*counted, int(Account.of_key(session, key) is not None)]


def test_the_page_says_first_what_goes_and_what_stays(visitor):
    visitor.get("/my/delete")
    titles = [title.get_text() for title in visitor.page.main.find_all("h2")]
    assert titles == ["What goes", "What stays", "When it happens"]
    assert "after 7 days" in visitor.text


def test_nobody_asks_for_it_without_showing_who_they_are(visitor):
    visitor.get("/my/delete").follow("Go on")
    assert visitor.path == "/prove"
    visitor.get("/my/choices").answers("/my/delete")
    assert "will be deleted" not in visitor.get("/my/choices").text


def test_from_the_press_on_everything_is_closed_and_the_page_says_when(visitor, forum):
    asks(forum, visitor)
    assert visitor.h1 == "Your record will be deleted"
    visitor.get("/my/choices")
    assert HIDDEN in visitor.text
    assert "Your record will be deleted soon after" in visitor.text
    assert "Take it away" not in visitor.text


def test_one_press_stops_it_and_opens_nothing(ana, forum):
    asks(forum, ana).press("Stop it and keep my record")
    assert "You stopped it. Your record stays." in ana.text
    assert HIDDEN in ana.get("/my/choices").text
    ana.press("Take it away")
    assert HIDDEN not in ana.get("/my/choices").text
    assert "Nora Quill" in ana.text


def test_other_sessions_can_stop_it_without_proof(visitor, forum):
    asks(forum, visitor)
    visitor.client.set_cookie("governance", sign_in(forum, "ana"))
    visitor.get("/my/delete").press("Stop it and keep my record")
    assert "You stopped it" in visitor.text


def test_after_the_wait_nothing_is_left_and_before_it_all_is(visitor, forum):
    asks(forum, visitor)
    with time_machine.travel(timedelta(days=6, hours=23)):
        work(forum)
        assert left(forum) == [1, 1, 1]
    with time_machine.travel(timedelta(days=7, hours=1)):
        work(forum)
        assert left(forum) == [0, 0, 0]
    assert visitor.get("/my/choices").path == "/sign-in"


def test_what_was_stopped_is_not_done(visitor, forum):
    asks(forum, visitor).press("Stop it and keep my record")
    with time_machine.travel(timedelta(days=8)):
        work(forum)
    assert left(forum) == [1, 0, 1]


@pytest.mark.slow
def test_who_comes_back_begins_anew(ana, forum):
    asks(forum, ana)
    with time_machine.travel(timedelta(days=8)):
        work(forum)
        client = forum.test_client()
        client.set_cookie("governance", sign_in(forum, "ana"))
        again = Visitor(client)
        assert "You have not chosen yet" in again.get("/my/choices").text
        again.press("Hide me from everyone")
        assert "You are hidden" in again.text
        prove(forum, again)
        assert len(again.get("/my/history").page.main.select(".box--quiet h3")) == 1


def test_a_row_of_another_hand_deletes_nobody(visitor, forum):
    """The control of the sealed time: only who was asked by their owner goes."""
    asks(forum, visitor)
    with forum.app_context(), transaction() as session:
        session.scalars(select(ErasureRequest)).one().due = 0
    work(forum)
    assert left(forum) == [1, 1, 1]
