"""A forum declares a thousand professionals: patients who say no meanwhile do not wait for all of them."""

import time
from threading import Thread

import pytest

from governance.pdp import api
from tests.pdp.conftest import Caller

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("both")]
MANY = 200


class Declaring(Thread):
    """A forum's program that declares many at once; says when it was answered."""

    def __init__(self, caller):
        super().__init__()
        self._caller, self.status, self.answered = caller, 0, 0.0
        self.start()

    def run(self):
        accounts = [f"member {number}" for number in range(MANY)]
        self.status = self._caller.send("/v1/hcps/declare", {"accounts": accounts}).status_code
        self.answered = time.monotonic()


def says_no_meanwhile(app, people, other_caller):
    """Return when somebody on another forum had said no, and when the many were declared."""
    declaring = Declaring(Caller(app, people.credentials))
    time.sleep(0.3)
    answer = other_caller.send("/v1/opt-outs/tighten", {"account": "bea"}, **{"Idempotency-Key": '"no"'})
    done = time.monotonic()
    declaring.join()
    assert (answer.status_code, declaring.status) == (200, 200)
    return done, declaring.answered


def test_who_says_no_meanwhile_does_not_wait_for_all_of_them(app, people, other_caller):
    done, declared = says_no_meanwhile(app, people, other_caller)
    assert done < declared


def test_in_one_transaction_they_would(app, people, other_caller, monkeypatch):
    """The control: so it was before."""
    monkeypatch.setattr(api, "DECLARED_AT_ONCE", MANY)
    done, declared = says_no_meanwhile(app, people, other_caller)
    assert done > declared - 0.2


def test_all_of_them_are_governed_then(app, people):
    caller = Caller(app, people.credentials)
    assert caller.send("/v1/hcps/declare", {"accounts": [f"m{number}" for number in range(60)]}).status_code == 200
    found = caller.client.get("/v1/hcps", headers=caller.headers).json["accounts"]
    assert {f"m{number}" for number in range(60)} <= set(found)
