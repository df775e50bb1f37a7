"""One network does not take the room for pictures from everybody else."""

import io
import time

import pytest

from governance.db.extension import transaction
from governance.reporting.evidence import service as evidence
from governance.reporting.evidence.models import Evidence
from governance.reporting.evidence.throttle import Uploads
from governance.ui.clock import now
from tests.reporting.telling import opens_an_office, picture, send, sends, tells
from tests.ui.visits import Visitor, forum

__all__ = ["forum"]
ROOM = 20


@pytest.fixture
def office(forum):
    return opens_an_office(forum)


@pytest.fixture
def narrow(monkeypatch):
    """As with five hundred, and quicker."""
    monkeypatch.setattr("governance.reporting.evidence.service.MOST_WAITING", ROOM)
    monkeypatch.setattr("governance.reporting.evidence.throttle.MOST_WAITING", ROOM)


def from_network(forum, address):
    member = Visitor(forum.test_client())
    member.client.environ_base["REMOTE_ADDR"] = address
    send(tells(member), "/tell-us", go="change:pictures")
    return member


def adds(member):
    send(member, "/tell-us", go="add", picture=(io.BytesIO(picture()), "x.png"))
    return "We cannot take pictures just now" not in member.text


def fills(forum, address, many):
    """A network sends picture after picture, from a new form whenever one is full."""
    taken, member = 0, from_network(forum, address)
    for number in range(many):
        if number % evidence.MOST_PICTURES == 0 and number:
            member = from_network(forum, address)
        taken += adds(member)
    return taken


@pytest.mark.usefixtures("office", "narrow")
def test_one_network_leaves_room_for_another_one(forum):
    assert fills(forum, "10.0.0.1", ROOM + 4) <= ROOM // 2 + 1
    assert adds(from_network(forum, "10.0.0.2"))


@pytest.mark.slow
@pytest.mark.usefixtures("office", "narrow")
def test_without_shares_one_network_closes_it_for_everybody(forum, monkeypatch):
    """The control."""
    monkeypatch.setattr(Uploads, "may_send", lambda *_: True)
    assert fills(forum, "10.0.0.1", ROOM + 4) == ROOM
    assert not adds(from_network(forum, "10.0.0.2"))


def test_a_share_shrinks_as_the_room_fills_and_comes_back(time_machine):
    uploads = Uploads()
    assert [uploads.may_send("10.0.0.1", 0) for _ in range(50)].count(True) == 48
    assert [uploads.may_send("10.0.0.2", 400) for _ in range(20)].count(True) == 6
    time_machine.move_to(time.time() + 2 * 3600 + 1)
    assert uploads.may_send("10.0.0.2", 400)


def test_all_addresses_of_one_customer_share_and_another_customer_does_not():
    uploads = Uploads()
    sent = [uploads.may_send(f"2001:db8:1:{number:x}::1", 400) for number in range(20)]
    assert sent.count(True) == 6
    assert uploads.may_send("2001:db8:2::1", 400)


@pytest.mark.usefixtures("office", "narrow")
def test_with_a_code_a_picture_comes_in_however_full_it_is(forum):
    with forum.app_context(), transaction() as session:
        session.add_all(Evidence(waits_until=now() + 3600 * 1_000_000) for _ in range(ROOM))
    assert not adds(from_network(forum, "10.0.0.9"))
    code, later = sends(Visitor(forum.test_client())), Visitor(forum.test_client())
    send(later.get("/answers"), "/answers", go="open", code=code)
    send(later, "/answers", go="add", picture=(io.BytesIO(picture()), "x.png"))
    assert "We cannot take pictures just now" not in later.text
    assert "I added a picture." in later.text
