"""Doors for platforms: whose token opens them, and for how long."""

import time
from datetime import timedelta

import pytest
import time_machine
from joserfc import jwt
from joserfc.jwk import ECKey

from governance.db.extension import transaction
from governance.identity import current
from governance.identity.access import who_may_call
from governance.identity.clients import tokens
from governance.identity.clients.oauth_server import signing_keys
from governance.identity.clients.remembered import PlatformCaller, RememberedTokens
from governance.identity.current import platform_required
from governance.identity.models import Client
from governance.identity.permissions import Scope
from tests.identity import hostile
from tests.identity.test_token_endpoint import GRANT, ask, own

ISSUER = "http://127.0.0.1:8080"


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def platform(add_platform):
    return add_platform()


@pytest.fixture
def token(client, platform):
    return ask(client, own(platform)).json["access_token"]


def call(client, token):
    return client.get("/asks", headers={"Authorization": f"Bearer {token}"})


def claims(platform, **said):
    now = int(time.time())
    truth = {"iss": ISSUER, "aud": f"{ISSUER}/access", "sub": platform.client_id, "client_id": platform.client_id}
    truth |= {"iat": now, "exp": now + 600, "jti": "1", "scope": "decisions:evaluate"}
    return {name: value for name, value in (truth | said).items() if value is not None}


def signed_by_us(app, told, **header):
    with app.app_context():
        (key,) = signing_keys().keys
    return jwt.encode({"alg": "ES256", "typ": "at+jwt", "kid": key.kid} | header, told, key)


def test_a_token_opens_the_door(client, platform, token):
    answer = call(client, token)
    assert answer.json == {
        "client_id": platform.client_id,
        "scopes": sorted(Scope),
    }


def test_the_same_claims_signed_by_us_open_the_door(app, client, platform):
    assert call(client, signed_by_us(app, claims(platform))).status_code == 200


@pytest.mark.parametrize("header", [None, "", "Basic eDp5", "Bearer", "Bearer ", "Token x"])
def test_without_a_token_the_door_says_what_it_wants(client, header):
    answer = client.get("/asks", headers={"Authorization": header} if header is not None else {})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="governance"')
    assert answer.content_type == "application/problem+json"


WRONG_CLAIMS = {
    "of another issuer": {"iss": "https://evil.example"},
    "for another resource": {"aud": "https://evil.example/access"},
    "for ourselves but not for our resource": {"aud": ISSUER},
    "of a client we do not know": {"client_id": "unknown", "sub": "unknown"},
    "that ended": {"exp": int(time.time()) - 1},
    "that never ends": {"exp": None},
    "that ends at no number": {"exp": "tomorrow"},
    "without an issuer": {"iss": None},
    "without a resource": {"aud": None},
    "without a client": {"client_id": None},
}


@pytest.mark.parametrize("wrong", WRONG_CLAIMS)
def test_a_token_is_refused(app, client, platform, wrong):
    answer = call(client, signed_by_us(app, claims(platform, **WRONG_CLAIMS[wrong])))
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="governance", error="invalid_token"'


@pytest.mark.parametrize("wrong", ["of another issuer", "for another resource", "that ended"])
def test_without_its_guard_such_a_token_gets_in(app, client, platform, wrong, monkeypatch):
    monkeypatch.setattr(tokens.jwt.JWTClaimsRegistry, "validate", lambda *_: None)
    assert call(client, signed_by_us(app, claims(platform, **WRONG_CLAIMS[wrong]))).status_code == 200


def test_without_its_guard_something_else_that_we_signed_gets_in(app, client, platform, monkeypatch):
    monkeypatch.setattr(tokens, "_TYPE", "logout+jwt")
    assert call(client, signed_by_us(app, claims(platform), typ="logout+jwt")).status_code == 200


@pytest.mark.parametrize("typ", ["JWT", "jwt", "logout+jwt", "", "AT+JWT "])
def test_what_else_we_might_sign_is_no_access_token(app, client, platform, typ):
    assert call(client, signed_by_us(app, claims(platform), typ=typ)).status_code == 401


def test_a_token_signed_by_a_stranger_is_refused(app, client, platform):
    with app.app_context():
        kid = signing_keys().keys[0].kid
    stranger = ECKey.generate_key("P-256", {"kid": kid})
    forged = jwt.encode({"alg": "ES256", "typ": "at+jwt", "kid": kid}, claims(platform), stranger)
    assert call(client, forged).status_code == 401


def test_without_its_guard_a_stranger_gets_in(client, platform, monkeypatch):
    told = claims(platform)
    monkeypatch.setattr(tokens, "_signed_claims", lambda *_: told)
    assert call(client, "anything").status_code == 200


def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(app, client, platform):
    with app.app_context():
        (key,) = signing_keys().keys
    header = {"alg": "HS256", "typ": "at+jwt", "kid": key.kid}
    forged = hostile.signed_with_secret(header, claims(platform), key.as_pem(private=False))
    assert call(client, forged).status_code == 401


@pytest.mark.parametrize("alg", ["none", "None", "HS256", "RS256"])
def test_an_unsigned_token_is_refused(client, token, alg):
    header = hostile.encoded({"alg": alg, "typ": "at+jwt"})
    assert call(client, f"{header}.{token.split('.')[1]}.").status_code == 401


@pytest.mark.parametrize("position", [5, 60, -5])
def test_a_token_that_was_changed_is_refused(client, token, position):
    position %= len(token)
    other = "A" if token[position] != "A" else "B"
    assert call(client, token[:position] + other + token[position + 1 :]).status_code == 401


@pytest.mark.parametrize("nonsense", ["x", "a.b.c", "a.b.c.d.e", "..", "é", "x" * 5000, "e30.e30.", "bnVsbA.bnVsbA.AA"])
def test_nonsense_is_refused_and_breaks_nothing(client, nonsense):
    assert call(client, nonsense.encode().decode("latin-1")).status_code == 401


def test_two_headers_are_refused(client, token):
    headers = [("Authorization", f"Bearer {token}"), ("Authorization", "Bearer other")]
    assert client.get("/asks", headers=headers).status_code == 401


def test_a_token_in_the_address_or_in_a_form_opens_nothing(client, token):
    assert client.get("/asks", query_string={"access_token": token}).status_code == 401


def test_a_scope_that_is_missing_is_named(client, platform):
    small = ask(client, own(platform), GRANT | {"scope": "optouts:read"}).json["access_token"]
    answer = call(client, small)
    assert answer.status_code == 403
    assert 'error="insufficient_scope", scope="decisions:evaluate"' in answer.headers["WWW-Authenticate"]


def test_a_token_without_scopes_opens_nothing(app, client, platform):
    assert call(client, signed_by_us(app, claims(platform, scope=None))).status_code == 403


def test_a_token_ends_to_the_second_even_when_it_is_known(client, platform):
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        token = ask(client, own(platform)).json["access_token"]
        assert call(client, token).status_code == 200
        clock.shift(timedelta(seconds=599))
        assert call(client, token).status_code == 200
        clock.shift(timedelta(seconds=1))
        assert call(client, token).status_code == 401


def test_a_token_is_verified_once(client, token, monkeypatch):
    call(client, token)
    monkeypatch.setattr(current.tokens, "verify", None)
    assert call(client, token).status_code == 200


def test_a_scope_taken_from_the_client_is_gone_from_tokens_not_seen_before(app, client, token):
    with app.app_context(), transaction() as session:
        session.query(Client).one().scopes = "optouts:read"
    assert call(client, token).status_code == 403


def test_the_memory_of_tokens_is_bounded():
    remembered = RememberedTokens(most=2)
    for number in range(3):
        remembered.remember(str(number), PlatformCaller(None, str(number), frozenset()), 10)
    assert [remembered.caller(str(number), 0) is not None for number in range(3)] == [False, True, True]


def test_the_memory_keeps_no_token():
    remembered = RememberedTokens()
    remembered.remember("the token", PlatformCaller(None, "forum", frozenset()), 10)
    assert "the token" not in repr(vars(remembered))


def test_a_door_for_a_scope_that_does_not_exist_cannot_be_built():
    with pytest.raises(ValueError, match="decisions:evalute"):
        platform_required("decisions:evalute")


def test_a_sign_in_of_a_person_opens_no_door_for_platforms(browser):
    browser.sign_in()
    assert browser.client.get("/asks").status_code == 401


def test_every_door_of_this_room_says_who_may_call_it(app):
    ours = {
        name: view for name, view in app.view_functions.items() if view.__module__.startswith("governance.identity")
    }
    assert len(ours) >= 7
    assert [name for name, view in ours.items() if who_may_call(view) is None] == []
