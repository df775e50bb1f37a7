"""The forum as an OpenID provider: a relying party signs in, and every way to bend the flow is refused."""

import base64
import hashlib
import secrets
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import time_machine
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.demo.conftest import CALLBACK, press

ISSUER = "http://127.0.0.1:8081"
VERIFIER = "v" * 43


class RelyingParty:
    """Asks as the service would, except where a test says otherwise."""

    def __init__(self, client):
        self.client = client
        self.nonce = secrets.token_urlsafe(8)

    def address(self, **changes):
        challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": "governance",
            "redirect_uri": CALLBACK,
            "scope": "openid",
            "state": "s-1",
            "nonce": self.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **changes,
        }
        return "/oauth/authorize?" + urlencode({name: value for name, value in asked.items() if value is not None})

    def consent(self, answer="yes", **changes):
        address = self.address(**changes)
        asked = self.client.get(address)
        if asked.status_code == 302:
            # Consent was given before.
            return returned(asked)
        return returned(press(self.client, address, address, answer=answer))

    def code(self, **changes):
        return self.consent(**changes)["code"]

    def exchange(self, code, *, secret=None, **changes):
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
            **changes,
        }
        form = {name: value for name, value in form.items() if value is not None}
        return self.client.post("/oauth/token", data=form, auth=("governance", secret or "oidc-secret"))

    def claims(self, token):
        keys = KeySet.import_key_set(self.client.get("/oauth/jwks.json").get_json())
        return jwt.decode(token, keys, ["ES256"]).claims


def returned(response):
    assert response.status_code in {302, 303}
    assert response.headers["Location"].startswith(CALLBACK + "?")
    return {name: values[0] for name, values in parse_qs(urlsplit(response.headers["Location"]).query).items()}


@pytest.fixture
def party(browser):
    return RelyingParty(browser("ana"))


def test_discovery_names_the_issuer_and_offers_nothing_weak(party):
    found = party.client.get("/.well-known/openid-configuration").get_json()
    assert found["issuer"] == ISSUER
    assert found["response_types_supported"] == ["code"]
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert found["id_token_signing_alg_values_supported"] == ["ES256"]
    assert found["token_endpoint_auth_methods_supported"] == ["client_secret_basic"]
    assert all(
        found[name].startswith(ISSUER + "/") for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
    )


def test_the_public_key_set_holds_no_private_part(party):
    (key,) = party.client.get("/oauth/jwks.json").get_json()["keys"]
    assert "d" not in key
    assert (key["kty"], key["alg"], key["use"]) == ("EC", "ES256", "sig")


def test_a_member_signs_in_at_the_service(party):
    sent = party.consent()
    assert (sent["state"], sent["iss"]) == ("s-1", ISSUER)
    response = party.exchange(sent["code"])
    assert response.headers["Cache-Control"] == "no-store"
    claims = party.claims(response.get_json()["id_token"])
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (ISSUER, ["governance"], party.nonce)
    assert claims["preferred_username"] == "ana"
    assert claims["sub"] != "ana"
    assert 0 <= claims["iat"] - claims["auth_time"] < 60
    assert claims["exp"] - claims["iat"] <= 300
    assert {"name", "email", "about"}.isdisjoint(claims)


def test_the_id_of_a_member_stays_the_same_and_is_nobody_elses(browser):
    def sub_of(account):
        party = RelyingParty(browser(account))
        return party.claims(party.exchange(party.code()).get_json()["id_token"])["sub"]

    assert sub_of("ana") == sub_of("ana") != sub_of("ben")


def test_who_says_no_goes_back_without_a_code(party):
    sent = party.consent(answer="no")
    assert (sent["error"], sent["state"], sent["iss"]) == ("access_denied", "s-1", ISSUER)
    assert "code" not in sent


def test_consent_is_asked_once(party):
    party.consent()
    assert "code" in returned(party.client.get(party.address(nonce="n-2")))
    assert "Go on as Ana" in party.client.get(party.address(nonce="n-3", prompt="consent")).text


def test_a_visitor_signs_in_first_and_is_brought_back(forum):
    party = RelyingParty(forum.test_client())
    assert party.client.get(party.address()).headers["Location"] == "/people"
    answer = press(party.client, "/people", "/sign-in", account="ana")
    assert answer.headers["Location"] == party.address()
    assert "Go on as Ana" in party.client.get(answer.headers["Location"]).text


def test_who_is_signed_in_as_somebody_else_changes_that_and_is_brought_back(browser):
    dan = RelyingParty(browser("dan"))
    assert "Not Dan?" in dan.client.get(dan.address()).text
    back = press(dan.client, "/people", "/sign-in", account="ana")
    assert back.headers["Location"] == dan.address()
    assert "Go on as Ana" in dan.client.get(dan.address()).text


@pytest.mark.parametrize("fresher", [{"prompt": "login"}, {"max_age": "60"}, {"prompt": "login", "max_age": "0"}])
def test_an_old_sign_in_is_proved_anew_when_the_service_asks(browser, fresher):
    with time_machine.travel("2026-11-20T10:00:00Z", tick=False):
        party = RelyingParty(browser("ana"))
    with time_machine.travel("2026-11-20T10:05:00Z", tick=False):
        address = party.address(**fresher)
        assert party.client.get(address).headers["Location"] == "/people"
        assert party.client.post(address, data={"answer": "yes", "form": form_of(party)}).headers["Location"] == address
        press(party.client, "/people", "/sign-in", account="ana")
        code = returned(press(party.client, address, address, answer="yes"))["code"]
        claims = party.claims(party.exchange(code).get_json()["id_token"])
        assert claims["auth_time"] == 1795169100
        assert party.client.get(party.address(nonce="n-9", **fresher)).status_code in {302, 303}


@pytest.mark.parametrize("longest", ["9" * 5000, "\u0665", "-1", "x"])
def test_an_odd_longest_age_asks_for_nothing(party, longest):
    assert "Go on as Ana" in party.client.get(party.address(max_age=longest)).text


def form_of(party):
    with party.client.session_transaction() as session:
        return session["form"]


def test_prompt_none_never_shows_a_page(party, forum):
    sent = returned(party.client.get(party.address(prompt="none")))
    assert sent["error"] == "consent_required"
    visitor = RelyingParty(forum.test_client())
    assert returned(visitor.client.get(visitor.address(prompt="none")))["error"] == "login_required"


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8080/auth/keel/callback/",
        "http://127.0.0.1:8080/auth/keel/callback?x=1",
        "http://127.0.0.1:8080/auth/other/callback",
        "http://localhost:8080/auth/keel/callback",
        "https://evil.example/auth/keel/callback",
        "http://127.0.0.1:8080/auth/keel/callback#x",
        "",
        None,
    ],
)
def test_another_address_to_return_to_is_refused_on_the_spot(party, address):
    for response in (
        party.client.get(party.address(redirect_uri=address)),
        party.client.post(party.address(redirect_uri=address), data={"answer": "yes", "form": form_of(party)}),
    ):
        assert response.status_code == 400
        assert "Location" not in response.headers


@pytest.mark.parametrize(
    "changes",
    [
        {"code_challenge": None},
        {"code_challenge_method": None},
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge_method": "plain"},
        {"code_challenge": VERIFIER, "code_challenge_method": "plain"},
        {"code_challenge": "short"},
        {"nonce": None},
        {"scope": "openid email"},
        {"response_type": "token"},
        {"response_type": "code id_token"},
    ],
)
def test_a_weakened_request_gets_no_code(party, changes):
    address = party.address(**changes)
    for response in (
        party.client.get(address),
        party.client.post(address, data={"answer": "yes", "form": form_of(party)}),
    ):
        sent = returned(response)
        assert "error" in sent
        assert "code" not in sent


def test_an_unknown_client_is_refused_on_the_spot(party):
    response = party.client.get(party.address(client_id="somebody"))
    assert response.status_code in {400, 401}
    assert "Location" not in response.headers


@pytest.mark.parametrize("verifier", ["w" * 43, None, "", VERIFIER[:-1], "v" * 44])
def test_a_wrong_verifier_is_refused_and_uses_the_code_up(party, verifier):
    code = party.code()
    assert party.exchange(code, code_verifier=verifier).status_code == 400
    assert party.exchange(code).status_code == 400


def test_a_code_is_good_once(party):
    code = party.code()
    assert party.exchange(code).status_code == 200
    again = party.exchange(code)
    assert again.status_code == 400
    assert again.get_json()["error"] == "invalid_grant"


def test_of_two_who_race_for_a_code_one_gets_nothing(forum, party):
    code = party.code()
    racers = [RelyingParty(forum.test_client()) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        statuses = sorted(pool.map(lambda racer: racer.exchange(code).status_code, racers))
    assert statuses == [200, 400, 400, 400, 400, 400]


def test_a_code_lives_a_minute(browser):
    with time_machine.travel("2026-11-20T10:00:00Z", tick=False):
        party = RelyingParty(browser("ana"))
        early, late = party.code(), party.code(nonce="n-2")
    with time_machine.travel("2026-11-20T10:00:59Z", tick=False):
        assert party.exchange(early).status_code == 200
    with time_machine.travel("2026-11-20T10:01:00Z", tick=False):
        assert party.exchange(late).status_code == 400


def test_the_token_needs_the_secret_in_the_header(party):
    assert party.exchange(party.code(), secret="wrong").status_code == 401
    form = {"grant_type": "authorization_code", "code": party.code(nonce="n-2"), "redirect_uri": CALLBACK}
    form |= {"code_verifier": VERIFIER, "client_id": "governance", "client_secret": "oidc-secret"}
    assert party.client.post("/oauth/token", data=form).status_code == 401


@pytest.mark.parametrize("sent", [b"governance:\xc3\xa9", b"\xff\xff", b"", b"governance", b":"])
def test_odd_credentials_are_refused_like_wrong_ones(party, sent):
    headers = {"Authorization": f"Basic {base64.b64encode(sent).decode()}"}
    form = {"grant_type": "authorization_code", "code": "c", "redirect_uri": CALLBACK}
    assert party.client.post("/oauth/token", data=form, headers=headers).status_code == 401


def test_the_token_needs_the_same_address_again(party):
    assert party.exchange(party.code(), redirect_uri="http://127.0.0.1:8080/other").status_code == 400


@pytest.mark.parametrize("grant", ["password", "client_credentials", "refresh_token", ""])
def test_there_is_no_other_grant(party, grant):
    assert party.exchange(party.code(), grant_type=grant).status_code == 400


def test_a_consent_form_from_elsewhere_is_refused(party):
    assert party.client.post(party.address(), data={"answer": "yes", "form": "guess"}).status_code == 400


def test_a_nonce_in_use_is_refused(party):
    party.code()
    assert returned(party.client.get(party.address()))["error"] == "invalid_request"
