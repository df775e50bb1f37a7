"""Codes and tokens that belong to another sign-in: neither a code nor an access token can be exchanged for another."""

from urllib.parse import urlencode, urlsplit

import pytest

from governance.identity.oidc.relying_party import RelyingParty
from tests.identity import hostile


def with_code(address, code):
    asked = hostile.query_of(address) | {"code": code}
    return f"{urlsplit(address).path}?{urlencode(asked)}"


@pytest.fixture
def careless(provider):
    """A provider that gives tokens for any code and looks at no verifier."""

    def token(request):
        asked = provider.codes[request.form["code"]]
        return hostile.as_json(
            {"access_token": "opaque", "token_type": "Bearer", "id_token": provider.sign(provider.told(asked))}
        )

    provider.routes["/token"] = token
    return provider


@pytest.mark.usefixtures("careless")
def test_a_code_of_somebody_elses_sign_in_lets_nobody_in(browser, other_browser):
    stolen = hostile.query_of(other_browser.leave())["code"]
    browser.come_back(with_code(browser.leave(), stolen))
    assert (browser.guard, browser.account) == ("id_token", None)


@pytest.mark.usefixtures("careless")
def test_a_code_that_was_used_lets_nobody_in_again(browser):
    first = browser.leave()
    browser.come_back(first)
    assert browser.account
    browser.come_back(with_code(browser.leave(), hostile.query_of(first)["code"]))
    assert browser.guard == "id_token"


@pytest.mark.usefixtures("careless")
def test_without_its_guard_a_strangers_code_signs_in_as_the_stranger(browser, other_browser, monkeypatch):
    honest = RelyingParty._claims
    monkeypatch.setattr(RelyingParty, "_claims", lambda party, token, _nonce: honest(party, token, ""))
    stolen = hostile.query_of(other_browser.leave())["code"]
    assert browser.come_back(with_code(browser.leave(), stolen)).status_code == 303
    assert browser.account


def test_an_honest_provider_refuses_a_strangers_code_by_its_verifier(browser, other_browser, provider):
    stolen = hostile.query_of(other_browser.leave())["code"]
    provider.routes["/token"] = lambda request: (
        provider.token(request)
        if provider.codes[request.form["code"]]["code_challenge"] == hostile.s256(request.form["code_verifier"])
        else hostile.Response('{"error": "invalid_grant"}', 400, content_type="application/json")
    )
    browser.come_back(with_code(browser.leave(), stolen))
    assert browser.guard == "token_endpoint"


def test_an_id_token_that_belongs_to_another_access_token_is_refused(browser, provider):
    provider.claims = {"at_hash": "another"}
    browser.sign_in()
    assert browser.guard == "id_token"


def test_each_sign_in_has_a_state_a_nonce_and_a_challenge_of_its_own(browser):
    asked = []
    for _ in range(2):
        browser.leave()
        asked.append(hostile.query_of(browser.left.location))
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]
        assert len(asked[0][name]) >= 20
