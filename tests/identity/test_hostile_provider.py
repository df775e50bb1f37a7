"""A forum's provider that lies, or somebody who pretends to be one.

Every attack comes with its negative control: the same attack with the one guard taken away gets in, so the
guard is what holds, and the test would notice if it went.
"""

import pytest

from governance.identity.oidc import id_token, relying_party
from governance.identity.oidc import provider as providers
from governance.identity.oidc.exchange import Exchange
from governance.identity.oidc.relying_party import RelyingParty
from tests.identity import hostile

OTHER = "http://127.0.0.1:9"


def without_option(claim):
    """Take the check of one claim out of what Authlib is told, and our own check of the audience as well."""

    def take_away(monkeypatch):
        honest = relying_party.claims_options

        def lax(*known):
            return {name: option for name, option in honest(*known).items() if name != claim}

        monkeypatch.setattr(relying_party, "claims_options", lax)
        if claim == "aud":
            without(id_token, "check_audience")(monkeypatch)

    return take_away


def without(owner, name, result=None):
    def take_away(monkeypatch):
        monkeypatch.setattr(owner, name, lambda *_, **__: result)

    return take_away


def any_algorithm(monkeypatch):
    monkeypatch.setattr(providers, "allowed_algorithms", tuple)


def any_nonce(monkeypatch):
    honest = RelyingParty._claims
    monkeypatch.setattr(RelyingParty, "_claims", lambda party, token, _nonce: honest(party, token, ""))


def any_redirect(monkeypatch):
    honest = RelyingParty.__init__

    def lax(party, *known):
        honest(party, *known)
        party._app.client_kwargs["max_redirects"] = 5

    monkeypatch.setattr(RelyingParty, "__init__", lax)


def lie(**lies):
    def tell(provider):
        for name, value in lies.items():
            setattr(provider, name, value)

    return tell


def redirect_the_token_request(provider):
    provider.routes["/elsewhere"] = provider.token
    provider.routes["/token"] = lambda _request: hostile.Response(
        status=307, headers={"Location": f"{provider.issuer}/elsewhere"}
    )


def publish_a_shared_secret(provider):
    provider.sign = hostile.sign_with_published_secret
    provider.keys = {"keys": [hostile.OCT.as_dict(private=True)]}
    provider.discovery = {"id_token_signing_alg_values_supported": ["HS256", "ES256"]}


def offer_no_signature(provider):
    provider.sign = hostile.sign_none
    provider.discovery = {"id_token_signing_alg_values_supported": ["none", "ES256"]}


ATTACKS = {
    "a token for nobody": (lie(claims={"aud": []}), "id_token", without_option("aud")),
    "a token for another client that we were party to": (
        lie(claims={"aud": ["other"], "azp": hostile.CLIENT_ID}),
        "id_token",
        without_option("aud"),
    ),
    "a token for another client as well": (
        lie(claims={"aud": [hostile.CLIENT_ID, "other"], "azp": hostile.CLIENT_ID}),
        "audience",
        without(id_token, "check_audience"),
    ),
    "a token of another issuer": (lie(claims={"iss": OTHER}), "id_token", without_option("iss")),
    "a discovery document that speaks for another issuer": (
        lie(discovery={"issuer": OTHER}),
        "discovery_issuer",
        without(providers, "check_issuer"),
    ),
    "a discovery document that adds a slash to its name": (
        lambda provider: lie(discovery={"issuer": provider.issuer + "/"})(provider),
        "discovery_issuer",
        without(providers, "check_issuer"),
    ),
    "a callback of another issuer": (
        lie(callback={"iss": OTHER}),
        "callback_issuer",
        without(RelyingParty, "check_callback_issuer"),
    ),
    "a callback that leaves out the issuer it promised": (
        lie(callback={"iss": None}),
        "callback_issuer",
        without(RelyingParty, "check_callback_issuer"),
    ),
    "an unsigned token": (offer_no_signature, "id_token", any_algorithm),
    "a token signed with a secret that everybody can read": (publish_a_shared_secret, "id_token", any_algorithm),
    "a token for another sign-in": (lie(claims={"nonce": "another"}), "id_token", any_nonce),
    "a token for no sign-in": (lie(without=("nonce",)), "id_token", any_nonce),
    "a token request sent on elsewhere": (redirect_the_token_request, "token_endpoint", any_redirect),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_attack_is_refused(attack, browser, provider):
    mischief, guard, _ = ATTACKS[attack]
    mischief(provider)
    answer = browser.sign_in()
    assert (answer.status_code, browser.guard) == (400, guard)
    assert browser.account is None


# The library warns of unsigned tokens, and takes them all the same.
@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
@pytest.mark.parametrize("attack", ATTACKS)
def test_without_its_guard_the_attack_gets_in(attack, browser, provider, monkeypatch):
    mischief, _, take_away = ATTACKS[attack]
    mischief(provider)
    take_away(monkeypatch)
    assert browser.sign_in().status_code == 303
    assert browser.account


def test_a_token_for_another_client_alone_is_refused(browser, provider):
    provider.claims = {"aud": "other"}
    browser.sign_in()
    assert browser.guard == "id_token"


def test_endpoints_on_another_origin_are_refused(browser, provider):
    thief = hostile.Provider()
    provider.discovery = {"token_endpoint": f"{thief.issuer}/token"}
    browser.sign_in()
    thief.served.stop()
    assert (browser.guard, thief.requests) == ("endpoint_origin", [])


def test_without_its_guard_another_origin_gets_our_secret(browser, provider, monkeypatch):
    thief = hostile.Provider()
    thief.codes = provider.codes
    provider.discovery = {"token_endpoint": f"{thief.issuer}/token"}
    without(providers, "check_origins")(monkeypatch)
    browser.sign_in()
    thief.served.stop()
    assert thief.requests[0][2]["Authorization"].startswith("Basic ")


@pytest.mark.parametrize("endpoint", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize(
    "address", [None, 7, "", "/token", "https://127.0.0.1/x", "http://127.0.0.1:9/x", "javascript:1"]
)
def test_every_endpoint_must_be_an_address_of_the_issuer(browser, provider, endpoint, address):
    provider.discovery = {endpoint: address}
    browser.sign_in()
    assert browser.guard == "endpoint_origin"


def test_a_public_key_is_no_shared_secret(browser, provider, monkeypatch):
    provider.sign = hostile.sign_hs256
    provider.discovery = {"id_token_signing_alg_values_supported": ["HS256", "ES256"]}
    browser.sign_in()
    assert browser.guard == "id_token"
    # Even with our list of algorithms gone the library refuses: the type of the key does not fit.
    any_algorithm(monkeypatch)
    browser.sign_in()
    assert browser.guard == "id_token"


def test_an_answer_without_id_token_is_refused(browser, provider):
    provider.answer = {"id_token": None}
    assert browser.sign_in().status_code == 400
    assert browser.guard == "no_id_token"


def test_the_library_itself_takes_an_answer_without_id_token(provider):
    known = providers.read_discovery(provider.issuer, provider.describe(None).json)
    party = RelyingParty(known, hostile.CLIENT_ID, hostile.CLIENT_SECRET, Exchange())
    assert party._claims({"access_token": "opaque"}, "nonce") is None


def test_a_provider_without_any_of_our_algorithms_is_refused(browser, provider):
    provider.discovery = {"id_token_signing_alg_values_supported": ["none", "HS256"]}
    browser.sign_in()
    assert browser.guard == "algorithms"


def test_a_discovery_document_sets_nothing_of_our_connection(browser, provider):
    provider.discovery = {
        "proxies": {"http": "http://127.0.0.1:9"},
        "verify": False,
        "max_redirects": 9,
        "scope": "all",
    }
    assert browser.sign_in().status_code == 303
    assert hostile.query_of(browser.left.location)["scope"] == "openid"


@pytest.mark.parametrize(("member", "wrong"), [("exp", -120), ("iat", 120), ("nbf", 120)])
def test_a_token_out_of_time_is_refused(browser, provider, member, wrong):
    provider.claims = {member: int(hostile.time.time()) + wrong}
    browser.sign_in()
    assert browser.guard == "id_token"


@pytest.mark.parametrize("member", ["iss", "sub", "aud", "exp", "iat", "nonce"])
def test_a_token_without_a_claim_that_it_must_have_is_refused(browser, provider, member):
    provider.without = (member,)
    browser.sign_in()
    assert browser.guard == "id_token"


@pytest.mark.parametrize("member", ["exp", "iat", "nbf"])
@pytest.mark.parametrize("number", ["soon", True, [], {}, float("nan"), float("-inf")])
def test_a_time_that_is_none_refuses_and_breaks_nothing(browser, provider, member, number):
    provider.claims = {member: number}
    assert browser.sign_in().status_code == 400


@pytest.mark.parametrize("sub", ["", 7, None, True, ["ana"], {"a": 1}, "a" * 300])
def test_a_subject_that_is_none_is_refused(browser, provider, sub):
    provider.claims = {"sub": sub}
    assert browser.sign_in().status_code == 400


def test_a_token_signed_by_a_stranger_is_refused(browser, provider):
    stranger = hostile.ECKey.generate_key("P-256", {"kid": "ec"})
    provider.sign = lambda claims: hostile.jwt.encode({"alg": "ES256", "kid": "ec"}, claims, stranger)
    browser.sign_in()
    assert browser.guard == "id_token"


NONSENSE = [None, [], 7, "text", {}, {"keys": None}, {"keys": {}}, {"keys": []}, {"keys": [7]}, {"keys": [{}]}]
BROKEN_KEYS = [
    {"keys": [{"kty": "EC"}]},
    {"keys": [{"kty": "EC", "crv": "P-256", "x": 1, "y": 2, "kid": "ec"}]},
    {"keys": [{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "kid": "ec"}]},
    {"keys": [{"kty": ["EC"], "kid": "ec"}]},
    {"keys": [{"kty": "RSA", "n": "%", "e": None, "kid": "ec"}]},
    {"keys": [{**hostile.EC.as_dict(private=False), "kid": {"a": 1}}]},
    {"keys": [{**hostile.EC.as_dict(private=False), "use": "enc"}]},
]


@pytest.mark.parametrize("keys", NONSENSE + BROKEN_KEYS)
def test_keys_that_are_none_refuse_and_break_nothing(browser, provider, keys):
    provider.keys = keys
    assert browser.sign_in().status_code == 400


@pytest.mark.parametrize(
    "answer", [[], 7, "text", None, {"error": "no"}, {"id_token": 7}, {"id_token": "a.b.c"}, {"id_token": ""}]
)
def test_a_token_answer_that_is_none_refuses_and_breaks_nothing(browser, provider, answer):
    provider.answer = answer if answer is not None else "null"
    assert browser.sign_in().status_code == 400


@pytest.mark.parametrize("document", [[], 7, "text", "x" * 300_000])
def test_a_discovery_document_that_is_none_refuses_and_breaks_nothing(browser, provider, document):
    provider.discovery = document
    browser.sign_in()
    assert browser.guard == "discovery_unreachable"


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks", "/token"])
@pytest.mark.parametrize("status", [204, 302, 404, 500])
def test_a_provider_that_is_broken_refuses_and_breaks_nothing(browser, provider, path, status):
    provider.routes[path] = lambda _request: hostile.Response("?", status, {"Location": f"{provider.issuer}/jwks"})
    assert browser.sign_in().status_code == 400


def test_a_provider_that_is_away_refuses(browser, provider):
    provider.served.stop()
    browser.sign_in()
    assert browser.guard == "discovery_unreachable"
