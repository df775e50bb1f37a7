"""A forum has us send on demand so often and no oftener, however it asks; what happens by itself goes on."""

from dataclasses import replace

import pytest
import time_machine
from limits.errors import StorageError
from limits.strategies import FixedWindowRateLimiter

from governance.ledger.hints import Hint, News, give_hint
from governance.ui.clock import now
from tests.conftest import session_of
from tests.feed.webhooks.test_doors import asks, caller, forum, other, sets_up, works
from tests.pdp.conftest import Caller

__all__ = ["caller", "forum", "other"]
A_MINUTE = 61
FEW = "4/minute"


@pytest.fixture
def rate():
    return FEW


@pytest.fixture
def settings(settings, rate):
    """A test on one machine, where little may be sent."""
    return replace(settings, webhooks_to_loopback=True, limits=replace(settings.limits, sends=rate))


def pings(caller, made, times):
    return [caller.send(f"/v1/webhooks/{made['id']}/ping", {}).status_code for _ in range(times)]


def test_pings_beyond_it_are_refused_and_never_sent(app, caller, door):
    made = sets_up(caller, door)
    for _ in range(3):
        assert pings(caller, made, 1) == [202]
        works(app)
    assert pings(caller, made, 20) == [429] * 20
    works(app)
    assert len(door.bodies) == 3


@pytest.mark.parametrize("rate", ["1000/minute"])
def test_without_it_each_would_be_sent(app, caller, door):
    made = sets_up(caller, door)
    for _ in range(8):
        assert pings(caller, made, 1) == [202]
        works(app)
    assert len(door.bodies) == 8


def test_it_says_when_to_come_back_and_then_it_goes_on(caller, door):
    made = sets_up(caller, door)
    pings(caller, made, 3)
    answer = caller.send(f"/v1/webhooks/{made['id']}/ping", {})
    assert answer.content_type == "application/problem+json"
    assert answer.json["type"] == "urn:governance:problem:too_many_requests"
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert answer.headers["RateLimit-Policy"] == '"sends";q=4;w=60'
    assert answer.headers["RateLimit"] == f'"sends";r=0;t={answer.headers["Retry-After"]}'
    with time_machine.travel(now() / 1_000_000 + A_MINUTE):
        assert pings(caller, made, 1) == [202]


def test_no_other_way_to_have_something_sent_leads_round_it(app, forum, caller, other, door):
    made = sets_up(caller, door)
    pings(caller, made, 3)
    again = Caller(app, forum.credentials, "webhooks:write")
    assert pings(again, made, 1) == [429]
    for path, body in ((f"/{made['id']}/redeliver", {}), ("", {"url": door.url}), ("", {"url": f"{door.url}&2"})):
        assert caller.send(f"/v1/webhooks{path}", body).status_code == 429
    assert asks(caller, f"/v1/webhooks/{made['id']}", "DELETE").status_code == 204
    assert asks(caller, "/v1/webhooks").json == {"webhooks": []}
    # Another forum has its own.
    assert pings(other, sets_up(other, door), 1) == [202]


def test_what_is_new_is_told_all_the_same(app, forum, caller, door):
    made = sets_up(caller, door)
    pings(caller, made, 10)
    works(app)
    before = len(door.bodies)
    with app.app_context(), session_of(app) as session:
        give_hint(session, News(Hint.POLICY, forum.id, now()))
        session.commit()
    works(app)
    assert len(door.bodies) == before + 1


def test_what_cannot_be_counted_is_let_through_and_told(caller, door, monkeypatch, capsys):
    made = sets_up(caller, door)

    def broken(*_):
        raise StorageError(ConnectionError())

    with monkeypatch.context() as away:
        away.setattr(FixedWindowRateLimiter, "hit", broken)
        assert pings(caller, made, 6) == [202] * 6
    assert "limits_not_counted" in capsys.readouterr().out
