"""A forum declares a thousand professionals: patients who say no meanwhile do not wait for all of them."""

import time
from threading import Event, Thread

import pytest

from governance.pdp import api
from governance.pdp.hcps import Professionals
from tests.pdp.conftest import Caller

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("both")]
MANY = 200


class Turns:
    """When somebody had the turn to write and declared: that they had it, and when they were done last."""

    def __init__(self, declare):
        self.begun, self.last, self._declare = Event(), 0.0, declare

    def take(self, professionals, named, at):
        self.begun.set()
        self._declare(professionals, named, at)
        self.last = time.monotonic()


@pytest.fixture
def turns(monkeypatch):
    taken = Turns(Professionals.declare)

    def declare(self, named, at):
        taken.take(self, named, at)

    monkeypatch.setattr(Professionals, "declare", declare)
    return taken


def says_no_meanwhile(app, people, other_caller, turns):
    """Return when somebody on another forum had said no, and when the last of the many was declared."""
    many, statuses = Caller(app, people.credentials), []
    accounts = [f"member {number}" for number in range(MANY)]
    declaring = Thread(
        target=lambda: statuses.append(many.send("/v1/hcps/declare", {"accounts": accounts}).status_code)
    )
    declaring.start()
    assert turns.begun.wait(30)
    answer = other_caller.send("/v1/opt-outs/tighten", {"account": "bea"}, **{"Idempotency-Key": '"no"'})
    done = time.monotonic()
    declaring.join()
    assert (answer.status_code, statuses) == (200, [200])
    return done, turns.last


def test_who_says_no_meanwhile_does_not_wait_for_all_of_them(app, people, other_caller, turns):
    done, declared = says_no_meanwhile(app, people, other_caller, turns)
    assert done < declared


def test_in_one_transaction_they_would(app, people, other_caller, turns, monkeypatch):
    """The control: so it was before."""
    monkeypatch.setattr(api, "DECLARED_AT_ONCE", MANY)
    done, declared = says_no_meanwhile(app, people, other_caller, turns)
    assert done > declared


def test_all_of_them_are_governed_then(app, people):
    caller = Caller(app, people.credentials)
    assert caller.send("/v1/hcps/declare", {"accounts": [f"m{number}" for number in range(60)]}).status_code == 200
    found = caller.client.get("/v1/hcps", headers=caller.headers).json["accounts"]
    assert {f"m{number}" for number in range(60)} <= set(found)
