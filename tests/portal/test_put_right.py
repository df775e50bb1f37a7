"""Story S12 by the pages and by what a forum is told: made to open, put right at once, and nothing tells of it."""

import json
from base64 import urlsafe_b64decode
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from governance.db.extension import reading
from governance.identity.sessions import service as sessions
from governance.ui.clock import now, to_datetime
from tests.conftest import session_of
from tests.forum import asked
from tests.optout.wishes import prove, waits_of, work
from tests.pdp.conftest import Caller, people
from tests.ui.visits import Visitor

__all__ = ["people"]
MESSAGE = asked("doctor", "ana", "message", wrote_first=True)
TRACES = ["Doctor", "Version 2", "Receipt 2", "Undo", "You stopped it", "made to"]


def comes(app, people, name="ana"):
    """Somebody in a browser of their own, signed in just now."""
    client, account = app.test_client(), people.account(name)
    # Whoever reads in this session keeps all others from writing until it ends.
    people.session.commit()
    with session_of(app) as session:
        account = session.merge(account)
        client.set_cookie("governance", sessions.start_signed_in(session, people.keyring, account, now(), now=now()))
        session.commit()
    return Visitor(client)


@pytest.fixture
def fay(app, people):
    return comes(app, people)


def key_of(people, name):
    key = people.key(name)
    people.session.commit()
    return key


def is_made_to_open(app, people, fay):
    """Her partner makes her let the doctor write to her."""
    prove(app, fay)
    fay.get("/choices/people").press("Go on", who=key_of(people, "doctor")).press("Go on", level="in_touch")
    return fay.get("/choices/check").press("Save my choices")


def puts_right(fay, people, **ticks):
    return fay.get("/my/put-right").press("Do it now", what=f"one.{key_of(people, 'doctor')}", **ticks)


def count(app, table):
    with app.app_context(), reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_pages_of_the_same_session_show_the_ordinary_state_alone(app, people, fay):
    is_made_to_open(app, people, fay)
    fay.get("/my/put-right").press("Do it now", what="hide", made="yes")
    assert fay.get("/my/put-right").h1 == "Put something right"
    prove(app, fay)
    shown = {path: fay.get(path).text for path in ("/my/choices", "/my/waiting", "/my/history", "/my/receipts")}
    assert {path: word for path, text in shown.items() for word in TRACES if word in text} == {}
    assert "You are hidden" in shown["/my/choices"]


def test_without_the_tick_it_is_told_as_every_change_is(app, people, fay):
    """The control: the same search finds the traces that the tick takes away."""
    is_made_to_open(app, people, fay)
    fay.get("/my/put-right").press("Do it now", what="hide")
    prove(app, fay)
    shown = " ".join(fay.get(path).text for path in ("/my/choices", "/my/waiting", "/my/history"))
    assert [word for word in TRACES if word in shown] == ["Doctor", "Version 2", "Undo", "You stopped it"]


@pytest.mark.usefixtures("people")
def test_no_receipt_says_that_something_was_withdrawn(fay):
    fay.get("/choices/care-team").answers("/choices/care-team", level="seen")
    fay.get("/choices/check").press("Save my choices")
    fay.get("/my/put-right").press("Do it now", what="hide", made="yes")
    fay.get("/my/receipts").follow("given on")
    said = fay.client.get(f"{fay.path}/file").get_data(as_text=True).split(".")[1]
    said = json.loads(urlsafe_b64decode(said + "=" * (-len(said) % 4)))["receipt"]
    assert said["hcp:version"] == 1
    assert "Withdrawn" not in json.dumps([one["dpv:hasConsentStatus"] for one in said["dpv:hasRecordOfActivity"]])


@pytest.mark.slow
@pytest.mark.parametrize(("ticks", "told"), [({}, "answer your posts"), ({"made": "yes"}, "We cannot tell you that")])
def test_a_past_day_is_not_looked_at_behind_a_hidden_history(app, people, ticks, told):
    """And the control, whose history is not hidden."""
    with time_machine.travel(timedelta(days=3)):
        fay = comes(app, people)
        fay.get("/my/put-right").press("Do it now", what="hide", **ticks)
        yesterday = to_datetime(now()).date() - timedelta(days=1)
        fay.get("/my/see-as").press("Look", whom=key_of(people, "nurse"), group="informed", day=f"{yesterday}")
        assert told in fay.text


@pytest.mark.slow
def test_what_waited_opens_nothing_any_more(app, people, fay):
    is_made_to_open(app, people, fay)
    fay.get("/my/put-right").press("Do it now", what="stop", made="yes")
    with time_machine.travel(timedelta(hours=25)):
        work(app)
        assert Caller(app, people.credentials).decides(MESSAGE) == (False, "refused")
    assert [change.outcome for change in waits_of(people.session)] == ["cancelled"]


def test_other_sign_ins_end_if_wanted(app, people, fay):
    other = comes(app, people)
    puts_right(fay, people, others="yes")
    assert other.get("/my/choices").path == "/sign-in"
    assert fay.get("/my/choices").path == "/my/choices"


def test_nothing_picked_is_said_and_changes_nothing(fay):
    assert "Pick what should count" in fay.get("/my/put-right").press("Do it now", what="one.nobody").text


def test_the_history_is_behind_proof_and_can_be_hidden_and_shown_again(app, people, fay):
    puts_right(fay, people)
    assert fay.get("/my/history").path == "/prove"
    prove(app, fay)
    before = len(fay.get("/my/history").page.main.select(".box--quiet h3"))
    fay.press("Hide my history")
    assert len(fay.page.main.select(".box--quiet h3")) == 1 < before
    assert "Version 1, counts now" in fay.text
    fay.get("/my/history/all").press("Show all of it")
    assert len(fay.page.main.select(".box--quiet h3")) == before


@pytest.mark.slow
def test_a_hidden_receipt_is_not_there_by_its_address_either(people, fay):
    for level in ("seen", "closed"):
        fay.get("/choices/care-team").answers("/choices/care-team", level=level)
        fay.get("/choices/check").press("Save my choices")
    links = [link["href"] for link in fay.get("/my/receipts").page.main.find_all("a") if "given on" in link.get_text()]
    puts_right(fay, people, made="yes")
    assert len(links) == 2
    # A number that begins with 3 would say that there were two others.
    newest = fay.get("/my/receipts").follow("given on")
    assert newest.h1 == "Receipt 1"
    assert {fay.client.get(path).status_code for path in links} == {404}
