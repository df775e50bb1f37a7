"""Numbers and lines about requests, in which nobody can be found; numbers for operators alone."""

import json
from dataclasses import replace

import pytest

from governance.crypto.keys import Keyring
from tests.conftest import running, session_of, settings_in
from tests.forum import Forum, an_hour_ago, asked, with_people
from tests.pdp.conftest import Caller

SECRET = "ana-the-patient"
TOKEN = "t" * 40
FAR = {"REMOTE_ADDR": "198.51.100.7"}


@pytest.fixture(scope="module")
def used(tmp_path_factory):
    """A service with a log of requests, and everything that could name somebody sent to it."""
    settings = settings_in(tmp_path_factory.mktemp("counted"))
    limits = replace(settings.limits, metrics_token=TOKEN, access_log=True)
    settings = replace(settings, limits=limits)
    with running(settings) as app, session_of(app) as session:
        forum = with_people(Forum(session, Keyring(settings.keys), at=an_hour_ago()))
        yield app, Caller(app, forum.credentials), str(forum.id)


@pytest.fixture
def caller(used):
    caller = used[1]
    caller.send("/access/v1/evaluation", asked(SECRET, SECRET, community=SECRET))
    caller.send("/access/v1/evaluation", asked("doctor", "ana"))
    caller.send("/access/v1/evaluation", {"subject": SECRET})
    caller.send(f"/v1/communities/{SECRET}", {"posture": "informed"}, method="PUT")
    caller.send("/v1/opt-outs/query", {"accounts": [SECRET]})
    caller.send("/v1/opt-outs/tighten", {"account": SECRET}, **{"Idempotency-Key": SECRET, "X-Request-ID": SECRET})
    caller.client.get(f"/nothing/{SECRET}?q={SECRET}")
    caller.client.open("/healthz", method=SECRET.upper())
    return caller


def numbers(caller, **sent):
    return caller.client.get("/metrics", **sent)


def test_requests_and_decisions_are_counted(caller):
    text = numbers(caller).text
    for label in (
        'governance_requests_total{method="POST",route="pdp.evaluation",status="200"}',
        'governance_requests_total{method="POST",route="pdp.evaluation",status="400"}',
        'governance_requests_total{method="GET",route="none",status="404"}',
        'governance_requests_total{method="other",route="none",status="405"}',
        'governance_decisions_total{observed="no",reason="refused"}',
        'governance_request_seconds_bucket{le="0.001",route="pdp.evaluation"}',
    ):
        assert label in text, text


def test_nobody_can_be_found_in_numbers_and_lines(caller, used, capsys):
    caller.send("/access/v1/evaluation", asked(SECRET, SECRET, community=SECRET))
    caller.send(f"/v1/communities/{SECRET}", {"posture": "informed"}, method="PUT", **{"X-Request-ID": SECRET})
    caller.client.get(f"/nothing/{SECRET}?q={SECRET}", environ_base=FAR)
    lines = capsys.readouterr().out
    text = numbers(caller).text
    assert lines.count("\n") >= 3
    for told in (text, lines):
        assert "ana" not in told.replace("governance", "")
        for hidden in (used[2], "198.51.100.7", "forum-", caller.headers["Authorization"][7:40]):
            assert hidden not in told


def test_a_line_says_what_kind_of_request_how_it_ended_and_how_long_it_took(caller, capsys):
    caller.client.get("/healthz")
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert line.keys() == {"event", "route", "status", "ms", "timestamp"}
    assert (line["event"], line["route"], line["status"]) == ("request", "operations.healthz", 200)


def test_labels_are_a_closed_set_whatever_is_sent(caller):
    def series():
        return {line.rpartition(" ")[0] for line in numbers(caller).text.splitlines() if not line.startswith("#")}

    # Asking for numbers is a request, and has its own.
    numbers(caller)
    before = series()
    for number in range(20):
        caller.client.get(f"/nothing/{number}")
        caller.client.open("/healthz", method=f"M{number}")
        caller.send("/access/v1/evaluation", asked(f"viewer {number}", f"author {number}", community=f"c{number}"))
    assert series() == before


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("198.51.100.7", {}, 401),
        ("198.51.100.7", {"Authorization": f"Bearer {TOKEN}"}, 200),
        ("198.51.100.7", {"Authorization": "Bearer x"}, 401),
        ("198.51.100.7", {"Authorization": f"Basic {TOKEN}"}, 401),
        ("127.0.0.1", {"Authorization": "Bearer x"}, 401),
        ("127.0.0.1", {"X-Forwarded-For": "198.51.100.7"}, 401),
        ("127.0.0.1", {"Forwarded": "for=198.51.100.7"}, 401),
        ("", {}, 401),
    ],
)
def test_numbers_are_for_this_machine_or_for_the_token(caller, address, headers, status):
    answer = numbers(caller, headers=headers, environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == status
    assert ("governance_requests" in answer.text) is (status == 200)
    if status == 401:
        assert answer.content_type == "application/problem+json"


def test_without_a_token_set_none_opens_it(app):
    for sent in ("Bearer ", "Bearer x", "Bearer"):
        answer = app.test_client().get("/metrics", headers={"Authorization": sent}, environ_base=FAR)
        assert answer.status_code == 401


@pytest.mark.usefixtures("caller")
def test_two_services_in_one_process_count_apart(app):
    assert app.test_client().get("/healthz").status_code == 200
    assert "pdp.evaluation" not in app.test_client().get("/metrics").text
