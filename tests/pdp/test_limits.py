"""A caller who asks for too much is told to wait: by client where a token is good, by hashed address else."""

from dataclasses import replace
from time import time

import pytest
import time_machine
from flask import Flask
from limits.errors import StorageError
from werkzeug.exceptions import TooManyRequests

from governance.config import SettingsError
from governance.config.limits import LimitSettings, limit_settings
from governance.crypto.keys import Keyring
from governance.identity.service import account_for, platform_named
from governance.identity.sessions import service as sessions
from governance.pdp import operations
from governance.pdp.limits import Caller as Known
from governance.pdp.limits import Limits
from governance.ui import budgets as budgets_module
from governance.ui.budgets import Budgets
from governance.ui.clock import now
from governance.ui.house import house
from tests.conftest import running, session_of, settings_in
from tests.forum import Forum, an_hour_ago, asked, with_people
from tests.pdp.conftest import Caller

ONE = "/access/v1/evaluation"
QUESTION = asked("nurse", "ana")
FEW = LimitSettings(platform="3/hour", person="3/hour", anonymous="5/hour", tokens="4/hour")
NOBODY = Known()


@pytest.fixture
def limited(tmp_path):
    settings = replace(settings_in(tmp_path), limits=FEW)
    with running(settings) as app, session_of(app) as session:
        keyring = Keyring(settings.keys)
        people = with_people(Forum(session, keyring, at=an_hour_ago()))
        other = Forum(session, keyring, "other")
        session.commit()
        yield app, Caller(app, people.credentials), Caller(app, other.credentials)


def browser_of(app, name):
    """A browser in which a member of the forum is signed in."""
    client = app.test_client()
    with app.app_context(), session_of(app) as session:
        keyring = house().keyring
        account = account_for(session, keyring, platform_named(session, "forum"), name, now())
        client.set_cookie("governance", sessions.start_signed_in(session, keyring, account, now(), now=now()))
        session.commit()
    return client


def statuses(caller, times, body=QUESTION):
    return [caller.send(ONE, body).status_code for _ in range(times)]


def test_a_client_that_asks_too_much_is_told_when_to_come_back(limited):
    _, caller, _ = limited
    # The first request with a new token is counted to its address: nobody has looked at the token yet.
    assert statuses(caller, 5) == [200, 200, 200, 200, 429]
    answer = caller.send(ONE, QUESTION)
    assert answer.content_type == "application/problem+json"
    assert answer.json["type"] == "urn:governance:problem:too_many_requests"
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    assert answer.headers["RateLimit-Policy"] == '"platform";q=3;w=3600'
    assert answer.headers["RateLimit"] == f'"platform";r=0;t={answer.headers["Retry-After"]}'


def test_a_limit_never_answers_a_question(limited):
    _, caller, _ = limited
    statuses(caller, 4)
    for path in (ONE, "/access/v1/evaluations", "/v1/opt-outs/query", "/v1/hcps/query"):
        answer = caller.send(path, QUESTION)
        assert answer.status_code == 429
        assert answer.json.keys() == {"type", "title", "status", "detail"}
        assert b"decision" not in answer.data


def test_one_client_does_not_use_up_what_another_has(limited):
    _, caller, other = limited
    statuses(caller, 5)
    assert other.send(ONE, QUESTION).status_code == 200


def test_an_address_without_a_token_has_a_budget_of_its_own(limited):
    app, caller, _ = limited
    client = app.test_client()
    found = [client.get("/.well-known/authzen-configuration").status_code for _ in range(6)]
    assert found == [200] * 5 + [429]
    elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
    assert client.get("/.well-known/authzen-configuration", environ_base=elsewhere).status_code == 200
    # And a forum behind that address goes on, by a token that was seen before.
    assert app.test_client().post(ONE, json=QUESTION, headers=caller.headers).status_code == 429


def test_guessing_tokens_is_counted_to_the_address(limited):
    app, *_ = limited
    client = app.test_client()
    found = [client.post(ONE, json={}, headers={"Authorization": f"Bearer x{n}"}).status_code for n in range(6)]
    assert found == [401] * 5 + [429]


def token_statuses(app, credentials, times, **said):
    """A client each time: nothing but id, secret and address says who asks."""
    data = {"grant_type": "client_credentials"}
    sent = [app.test_client().post("/oauth/token", data=data, auth=credentials, **said) for _ in range(times)]
    return [answer.status_code for answer in sent]


def own(caller):
    return caller.credentials.client_id, caller.credentials.client_secret


def test_failed_tries_for_a_token_are_limited_for_themselves(limited):
    app, caller, _ = limited
    assert token_statuses(app, (own(caller)[0], "wrong"), 6) == [401] * 4 + [429] * 2
    answer = app.test_client().post("/oauth/token", data={})
    assert answer.content_type == "application/problem+json"
    assert (answer.headers["RateLimit-Policy"], answer.headers["Cache-Control"]) == ('"tokens";q=4;w=3600', "no-store")
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    assert answer.headers["RateLimit"] == f'"tokens";r=0;t={answer.headers["Retry-After"]}'
    assert token_statuses(app, ("nobody", "x"), 1, environ_base={"REMOTE_ADDR": "198.51.100.7"}) == [401]


def test_nobody_locks_a_forum_out_with_its_own_name_from_its_own_address(limited):
    app, caller, _ = limited
    assert token_statuses(app, (own(caller)[0], "wrong"), 300)[-1] == 429
    assert token_statuses(app, own(caller), 1) == [200]


def test_counted_before_anybody_proved_themselves_they_would(limited, monkeypatch):
    app, caller, _ = limited
    monkeypatch.setattr(operations, "proven_client", lambda: None)
    assert token_statuses(app, (own(caller)[0], "wrong"), 300)[-1] == 429
    assert token_statuses(app, own(caller), 1) == [429]


def test_a_forum_that_asks_for_too_many_tokens_is_limited_and_no_other(limited):
    app, caller, other = limited
    # One was asked for by the caller of this test.
    assert token_statuses(app, own(caller), 4) == [200] * 3 + [429]
    assert token_statuses(app, own(other), 1) == [200]


def test_a_person_is_told_on_a_page(limited):
    app, *_ = limited
    client = app.test_client()
    for _ in range(6):
        answer = client.get("/")
    assert (answer.status_code, answer.content_type) == (429, "text/html; charset=utf-8")
    assert answer.headers["Retry-After"]


def test_who_signed_in_has_a_budget_of_their_own_behind_a_crowded_address(limited):
    app, *_ = limited
    signed_in, another = (browser_of(app, name) for name in ("ana", "bea"))
    for _ in range(6):
        crowd = app.test_client().get("/")
    assert crowd.status_code == 429
    # Sent on to the first question: let in.
    assert [signed_in.get("/my").status_code for _ in range(4)] == [303, 303, 303, 429]
    assert another.get("/my").status_code == 303


def test_a_session_that_is_none_is_counted_to_the_address(limited):
    app, *_ = limited
    found = []
    for number in range(6):
        client = app.test_client()
        client.set_cookie("governance", f"{number:0>43}")
        found.append(client.get("/").status_code)
    assert found[-1] == 429


def test_the_looks_of_pages_and_the_health_of_the_service_are_not_limited(limited):
    app, *_ = limited
    client = app.test_client()
    assert {client.get("/healthz").status_code for _ in range(10)} == {200}
    for _ in range(10):
        with client.get("/static/theme.css") as answer:
            assert answer.status_code == 200


def budgets(keyring, *addresses):
    limits = Limits(LimitSettings(), keyring)
    return [limits.budget(NOBODY, address).who for address in addresses]


def test_addresses_are_remembered_as_keyed_digests(keyring):
    [found] = budgets(keyring, "203.0.113.9")
    assert "203.0" not in found
    assert "cb007109" not in found
    assert len(found) == 64


def test_a_network_of_ipv6_is_one_caller_and_an_address_of_ipv4_another(keyring):
    first, same, other, four, next_to_it, none = budgets(
        keyring, "2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1", "192.0.2.1", "192.0.2.2", None
    )
    assert first == same
    assert len({first, other, four, next_to_it, none}) == 5


def test_who_cannot_count_lets_everybody_in(keyring, monkeypatch):
    counted = Budgets("memory://")
    budget = Limits(LimitSettings(), keyring).budget(Known("client"), None)

    def gone(*_, **__):
        raise StorageError(ConnectionError())

    monkeypatch.setattr(counted._used.storage, "incr", gone)
    assert counted.takes(budget)


def test_who_is_refused_while_the_count_goes_away_is_told_a_whole_window(keyring, monkeypatch):
    counted = Budgets("memory://")
    budget = Limits(LimitSettings(anonymous="1/minute"), keyring).budget(NOBODY, "192.0.2.1")
    assert [counted.takes(budget), counted.takes(budget)] == [True, False]

    def gone(*_, **__):
        raise StorageError(ConnectionError())

    monkeypatch.setattr(counted._used.storage, "get", gone)
    with Flask("test").test_request_context(), pytest.raises(TooManyRequests) as refused:
        counted.refuse(budget, "wait", now())
    assert refused.value.retry_after == 60


def test_callers_whose_time_is_over_are_forgotten(keyring, monkeypatch):
    monkeypatch.setattr(budgets_module, "_FORGET_EVERY", 2)
    limits, counted = Limits(LimitSettings(anonymous="5/second"), keyring), Budgets("memory://")
    for number in range(20):
        counted.takes(limits.budget(NOBODY, f"192.0.2.{number}"))
    with time_machine.travel(time() + 10):
        for _ in range(2):
            counted.takes(limits.budget(NOBODY, "198.51.100.1"))
    assert len(counted._storage.storage) == 1


@pytest.mark.parametrize("proxies", [0, 1])
def test_the_address_behind_a_proxy_counts_only_if_the_proxy_is_ours(tmp_path, proxies):
    settings = replace(settings_in(tmp_path), limits=replace(FEW, anonymous="1/hour", proxies=proxies))
    with running(settings) as app:
        client = app.test_client()
        sent = [{"X-Forwarded-For": address} for address in ("198.51.100.1", "198.51.100.2")]
        found = [client.get("/.well-known/jwks.json", headers=headers).status_code for headers in sent]
    assert found == ([200, 200] if proxies else [200, 429])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GOVERNANCE_LIMIT_PLATFORM", "many"),
        ("GOVERNANCE_LIMIT_PLATFORM", "0/minute"),
        ("GOVERNANCE_LIMIT_ANONYMOUS", "600 per minute"),
        ("GOVERNANCE_LIMIT_TOKENS", "-1/minute"),
        ("GOVERNANCE_LIMIT_SENDS", "often"),
        ("GOVERNANCE_LIMIT_STORAGE", "file:///etc/passwd"),
        ("GOVERNANCE_PROXIES", "-1"),
        ("GOVERNANCE_PROXIES", "10"),
        ("GOVERNANCE_ACCESS_LOG", "yes"),
    ],
)
def test_a_setting_of_no_good_form_is_named(name, value):
    with pytest.raises(SettingsError, match=name):
        limit_settings({name: value}, "")


def test_a_short_token_for_metrics_is_refused():
    with pytest.raises(SettingsError, match="GOVERNANCE_METRICS_TOKEN"):
        limit_settings({}, "short")


def test_what_is_set_is_used():
    said = {"GOVERNANCE_LIMIT_PLATFORM": "7/second", "GOVERNANCE_PROXIES": "2", "GOVERNANCE_ACCESS_LOG": "off"}
    found = limit_settings(said, "t" * 32)
    assert (found.platform, found.proxies, found.access_log, found.metrics_token) == ("7/second", 2, False, "t" * 32)
    assert found.anonymous == LimitSettings().anonymous
    assert "t" * 32 not in repr(found)
