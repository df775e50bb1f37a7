"""The fast path answers byte for byte what the doors behind it answer, and hands on what is unusual."""

import io
import json
import re
from dataclasses import replace

import pytest
from flask import request_started

from governance.config.limits import LimitSettings
from governance.crypto.keys import Keyring
from governance.pdp import answers
from governance.pdp.log import decisions_of
from governance.pdp.messages import LONGEST_ID
from governance.ui.clock import to_datetime
from governance.ui.house import house_of
from tests.conftest import running, session_of, settings_in
from tests.forum import Forum, an_hour_ago, asked, with_people
from tests.pdp.conftest import Caller

ONE, MANY = "/access/v1/evaluation", "/access/v1/evaluations"
USUAL = asked("nurse", "ana")
SHARED = {"subject": USUAL["subject"], "action": USUAL["action"]}
MAY_DIFFER = re.compile(rb'"id":"[0-9a-f-]{36}"')

BODIES = {
    "permitted": (ONE, USUAL),
    "refused": (ONE, asked("doctor", "ana")),
    "no professional": (ONE, asked("bea", "ana")),
    "no action of ours": (ONE, asked("nurse", "ana", "stare")),
    "an unknown member": (ONE, {**USUAL, "context": {"time": 1}}),
    "another script": (ONE, asked("nurse", "\u00e4na")),
    "one at the door for many": (MANY, USUAL),
    "a page": (MANY, {"evaluations": [USUAL, asked("doctor", "ana"), asked("nurse", "nobody")]}),
    "a page with defaults": (MANY, {**SHARED, "evaluations": [{"resource": USUAL["resource"]}] * 3}),
    "until the first refusal": (
        MANY,
        {"evaluations": [asked("doctor", "ana"), USUAL], "options": {"evaluations_semantic": "deny_on_first_deny"}},
    ),
    "a bad item": (MANY, {"evaluations": [USUAL, {"subject": 1}, {"resource": {"id": "\u00e4" * LONGEST_ID}}]}),
    "an item that says nothing": (MANY, {"evaluations": [{}]}),
    "nothing to answer": (MANY, {"evaluations": []}),
    "too many": (MANY, {"evaluations": [USUAL] * 501}),
    "no object": (ONE, [USUAL]),
    "no semantic of ours": (MANY, {"evaluations": [USUAL], "options": {"evaluations_semantic": "sometimes"}}),
}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    settings = settings_in(tmp_path_factory.mktemp("fast"))
    with running(settings) as app, session_of(app) as session:
        forum = with_people(Forum(session, Keyring(settings.keys), at=an_hour_ago()))
        caller = Caller(app, forum.credentials)
        # Seen once, a token is known.
        caller.decides(USUAL)
        yield app, caller


@pytest.fixture(scope="module")
def trial(world):
    """The program of a forum that only observes."""
    app, caller = world
    with session_of(app) as session:
        forum = Forum(session, house_of(app).keyring, "trial", at=an_hour_ago())
        forum.opens("c", mode="observe")
        forum.registers("doctor", "doctor")
        forum.hides("ana")
        session.commit()
        caller = Caller(app, forum.credentials)
    caller.decides(USUAL)
    return caller


@pytest.fixture
def behind(world):
    """The names of routes that Flask was asked for."""
    seen = []

    def saw(_, **__):
        seen.append(True)

    with request_started.connected_to(saw, world[0]):
        yield seen


def environ(caller, path=ONE, body=USUAL, **more):
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8080",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(sent),
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(sent)),
        "HTTP_AUTHORIZATION": caller.headers["Authorization"],
        **more,
    }


def answered(app, environment):
    said = []

    def start(*begun):
        said.extend(begun)

    body = b"".join(app(environment, start))
    return said[0], said[1], MAY_DIFFER.sub(b'"id":""', body)


@pytest.mark.parametrize("more", [{}, {"HTTP_X_REQUEST_ID": "abc-1"}], ids=["plain", "with an id"])
@pytest.mark.parametrize("name", BODIES)
def test_both_ways_give_the_same_bytes(world, name, more):
    app, caller = world
    path, body = BODIES[name]
    fast = answered(app, environ(caller, path, body, **more))
    slow = answered(app.wsgi_app._beyond, environ(caller, path, body, **more))
    assert fast == slow


@pytest.mark.parametrize(
    "name", ["permitted", "refused", "an unknown member", "a page", "a page with defaults", "a bad item"]
)
def test_the_usual_is_answered_without_flask(world, behind, name):
    app, caller = world
    assert answered(app, environ(caller, *BODIES[name], HTTP_X_REQUEST_ID="abc"))[0] == "200 OK"
    assert behind == []


class Gone(io.BytesIO):
    """What a server hands over whose client hung up."""

    def read(self, *_):
        raise ConnectionResetError


HANDED_ON = {
    "another method": ({"REQUEST_METHOD": "GET"}, "405"),
    "another type": ({"CONTENT_TYPE": "text/plain"}, "400"),
    "a type with more to it": ({"CONTENT_TYPE": "application/json; charset=utf-8"}, "200"),
    "no length": ({"CONTENT_LENGTH": ""}, "400"),
    "a length that is none": ({"CONTENT_LENGTH": "-1"}, "400"),
    "longer than what came": ({"CONTENT_LENGTH": "4000"}, "400"),
    "shorter than what came": ({"CONTENT_LENGTH": "4"}, "400"),
    "a length of thousands of digits": ({"CONTENT_LENGTH": "9" * 5000}, "400"),
    "a client that went away": ({"wsgi.input": Gone()}, "400"),
    "too long": ({"CONTENT_LENGTH": str(256 * 1024 + 1)}, "413"),
    "a cookie": ({"HTTP_COOKIE": "governance=x"}, "200"),
    "no token": ({"HTTP_AUTHORIZATION": ""}, "401"),
    "another token": ({"HTTP_AUTHORIZATION": "Bearer x"}, "401"),
    "another scheme": ({"HTTP_AUTHORIZATION": "Basic eDp5"}, "401"),
    "too long an id": ({"HTTP_X_REQUEST_ID": "x" * 257}, "200"),
    "an id of other signs": ({"HTTP_X_REQUEST_ID": "\u00e4"}, "200"),
    "another path": ({"PATH_INFO": f"{ONE}/"}, "404"),
    "no JSON": ({"wsgi.input": io.BytesIO(b"{"), "CONTENT_LENGTH": "1"}, "400"),
}


@pytest.mark.parametrize(("more", "status"), HANDED_ON.values(), ids=list(HANDED_ON))
def test_the_unusual_is_answered_by_flask(world, behind, more, status):
    app, caller = world
    assert answered(app, environ(caller, **more))[0].startswith(status)
    assert behind


def test_both_ways_say_alike_what_is_observed(world, trial):
    app, _ = world
    body = asked("doctor", "ana", created=to_datetime(an_hour_ago() + 1_800_000_000).isoformat())
    fast = answered(app, environ(trial, ONE, body))
    assert b'"observed":false' in fast[2]
    assert fast == answered(app.wsgi_app._beyond, environ(trial, ONE, body))


def test_a_token_without_the_scope_is_refused_by_flask(world, behind):
    app, caller = world
    caller = Caller(app, caller.credentials, scope="optouts:read")
    for _ in range(2):
        behind.clear()
        assert answered(app, environ(caller))[0].startswith("403")
        assert behind


def test_what_fails_is_answered_by_flask(world, behind, monkeypatch):
    app, caller = world

    def fails(*_):
        raise RuntimeError

    monkeypatch.setattr(answers, "in_force_of", fails)
    assert answered(app, environ(caller))[0].startswith("500")
    assert behind


def test_each_is_counted_once_and_the_limit_holds(tmp_path):
    limits = LimitSettings(platform="4/hour", person="9/hour", anonymous="9/hour", tokens="9/hour")
    settings = replace(settings_in(tmp_path), limits=limits)
    with running(settings) as app, session_of(app) as session:
        caller = Caller(app, with_people(Forum(session, Keyring(settings.keys), at=an_hour_ago())).credentials)
        caller.decides(USUAL)
        sent = [USUAL, b"{", USUAL, USUAL, USUAL, b"{"]
        said = [answered(app, environ(caller, body=body)) for body in sent]
        assert [status[:3] for status, _, _ in said] == ["200", "400", "200", "200", "429", "429"]
        assert "RateLimit" in dict(said[-1][1])


def test_it_is_counted_and_logged_as_ever(world, monkeypatch):
    app, caller = world
    noted, before = [], numbers(app)
    monkeypatch.setattr(decisions_of(app), "note", noted.extend)
    assert answered(app, environ(caller, MANY, BODIES["a page"][1]))[0] == "200 OK"
    after = numbers(app)
    assert after["pages"] == before["pages"] + 1
    assert after["decisions"] == before["decisions"] + len(noted) == before["decisions"] + 3


def numbers(app):
    text = app.test_client().get("/metrics").text
    pages = re.findall(r'governance_requests_total\{method="POST",route="pdp.evaluations",status="200"\} (\S+)', text)
    decisions = re.findall(r"governance_decisions_total\{.*\} (\S+)", text)
    return {"pages": sum(map(float, pages)), "decisions": sum(map(float, decisions))}
