"""The token endpoint: what a platform's back end gets, and what a stranger does not."""

import base64
import json
import logging

import pytest
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from joserfc import jwt
from joserfc.jwk import KeySet

from governance.crypto.envelope import EnvelopeError, unseal
from governance.crypto.keys import Keyring
from governance.db.extension import reading
from governance.identity.clients.oauth_server import TokenClient
from governance.identity.models import Client, SigningKey
from tests.crypto.fixed import with_root

GRANT = {"grant_type": "client_credentials"}


@pytest.fixture
def platform(add_platform):
    return add_platform()


@pytest.fixture
def client(app):
    return app.test_client()


def ask(client, credentials, data=GRANT, **said):
    return client.post("/oauth/token", data=data, headers={"Authorization": basic(*credentials)}, **said)


def basic(name, secret):
    return "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()


def own(platform):
    return platform.client_id, platform.client_secret


def test_a_platform_gets_a_token_for_ten_minutes(client, platform):
    answer = ask(client, own(platform))
    assert answer.status_code == 200
    assert (answer.json["token_type"], answer.json["expires_in"]) == ("Bearer", 600)
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_token_is_what_rfc_9068_says(client, platform):
    keys = KeySet.import_key_set(client.get("/.well-known/jwks.json").json)
    token = jwt.decode(ask(client, own(platform)).json["access_token"], keys, algorithms=["ES256"])
    assert (token.header["typ"], token.header["kid"]) == ("at+jwt", keys.keys[0].kid)
    assert token.claims["iss"] == "http://127.0.0.1:8080"
    assert token.claims["aud"] == "http://127.0.0.1:8080/access"
    assert token.claims["sub"] == token.claims["client_id"] == platform.client_id
    assert token.claims["exp"] - token.claims["iat"] == 600
    assert token.claims["jti"]


def test_a_platform_gets_the_scopes_it_asks_for_and_no_other(client, platform):
    answer = ask(client, own(platform), GRANT | {"scope": "optouts:read"})
    assert answer.json["scope"] == "optouts:read"


def test_a_platform_that_asks_for_nothing_in_particular_gets_what_it_has(client, add_platform):
    platform = add_platform(scopes=frozenset({"optouts:read"}))
    assert ask(client, own(platform)).json["scope"] == "optouts:read"


@pytest.mark.parametrize("scope", ["communities:write", "optouts:read communities:write", "admin", "OPTOUTS:READ", "*"])
def test_a_scope_that_the_client_does_not_have_is_refused(client, add_platform, scope):
    platform = add_platform(scopes=frozenset({"optouts:read"}))
    answer = ask(client, own(platform), GRANT | {"scope": scope})
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_scope")


def test_id_and_secret_may_be_form_encoded(client, platform):
    encoded = platform.client_id.replace("-", "%2D"), platform.client_secret.replace("-", "%2D")
    assert ask(client, encoded).status_code == 200


def test_a_wrong_secret_is_refused(client, platform):
    answer = ask(client, (platform.client_id, "wrong"))
    assert (answer.status_code, answer.json["error"]) == (401, "invalid_client")
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")
    assert answer.headers["Cache-Control"] == "no-store"


def test_without_its_guard_any_secret_will_do(client, platform, monkeypatch):
    monkeypatch.setattr(TokenClient, "check_client_secret", lambda *_: True)
    assert ask(client, (platform.client_id, "wrong")).status_code == 200


def test_without_its_guard_a_client_gets_what_it_does_not_have(client, add_platform, monkeypatch):
    platform = add_platform(scopes=frozenset({"optouts:read"}))
    monkeypatch.setattr(TokenClient, "get_allowed_scope", lambda _client, scope: scope)
    assert ask(client, own(platform), GRANT | {"scope": "communities:write"}).json["scope"] == "communities:write"


def test_an_unknown_client_and_a_wrong_secret_look_alike(client, platform):
    wrong, unknown = ask(client, (platform.client_id, "wrong")), ask(client, ("unknown", "wrong"))
    assert (wrong.status_code, wrong.data, dict(wrong.headers)) == (
        unknown.status_code,
        unknown.data,
        dict(unknown.headers),
    )


@pytest.mark.parametrize(
    "header",
    [None, "", "Basic", "Basic !!!", "Basic " + base64.b64encode(b"\xff\xfe:\xff").decode(), "Basic Og==", "Bearer x"],
)
def test_a_header_that_names_nobody_is_refused_and_breaks_nothing(client, header):
    answer = client.post("/oauth/token", data=GRANT, headers={"Authorization": header} if header is not None else {})
    assert (answer.status_code, answer.json["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("secret", ["", "\x00", "é", "x" * 100_000])
def test_a_secret_that_is_none_is_refused_and_breaks_nothing(client, platform, secret):
    assert ask(client, (platform.client_id, secret)).status_code == 401


def test_id_and_secret_in_the_body_are_refused(client, platform):
    body = GRANT | {"client_id": platform.client_id, "client_secret": platform.client_secret}
    assert client.post("/oauth/token", data=body).json["error"] == "invalid_client"


def test_parameters_in_the_address_are_not_read(client, platform):
    answer = ask(client, own(platform), {}, query_string=GRANT)
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
        ({"grant_type": ["client_credentials", "client_credentials"]}, "invalid_request"),
        (GRANT | {"scope": ["optouts:read", "optouts:read"]}, "invalid_request"),
    ],
)
def test_a_request_that_is_not_one_of_ours_is_told_why(client, platform, data, error):
    answer = ask(client, own(platform), data)
    assert (answer.status_code, answer.json["error"]) == (400, error)


def test_the_server_goes_by_its_configured_name_whatever_the_host_header_says(client, platform):
    lies = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"}
    answer = client.post("/oauth/token", data=GRANT, headers={"Authorization": basic(*own(platform))} | lies)
    assert answer.status_code == 200
    assert b"evil" not in client.get("/.well-known/oauth-authorization-server", headers=lies).data


def test_the_metadata_is_what_rfc_8414_says(client):
    metadata = client.get("/.well-known/oauth-authorization-server").json
    over_https = json.loads(json.dumps(metadata).replace("http:", "https:"))
    # RFC 8414 demands this member and has no word for none; the library would take an empty list as missing.
    AuthorizationServerMetadata(over_https | {"response_types_supported": ["none"]}).validate()
    assert metadata["issuer"] == "http://127.0.0.1:8080"
    assert metadata["token_endpoint"] == "http://127.0.0.1:8080/oauth/token"
    assert metadata["grant_types_supported"] == ["client_credentials"]
    assert metadata["token_endpoint_auth_methods_supported"] == ["client_secret_basic", "private_key_jwt"]


def test_the_published_keys_hold_nothing_private(client, platform):
    ask(client, own(platform))
    key, *further = client.get("/.well-known/jwks.json").json["keys"]
    assert not any({"d", "p", "q", "k"} & one.keys() for one in (key, *further))
    assert (key["kty"], key["alg"], key["use"]) == ("EC", "ES256", "sig")


def test_there_is_one_key_however_often_it_is_asked_for(client, platform):
    first = client.get("/.well-known/jwks.json").json
    ask(client, own(platform))
    assert client.get("/.well-known/jwks.json").json == first


def test_the_private_key_is_sealed_in_the_database(app, client):
    client.get("/.well-known/jwks.json")
    with app.app_context(), reading() as session:
        sealed = session.query(SigningKey).one().sealed_key
    assert b"kty" not in sealed
    with pytest.raises(EnvelopeError):
        unseal(Keyring(with_root(bytes(range(1, 33)))).derive("signing"), sealed, "signing_key", "sealed_key", "1")


def test_the_database_keeps_no_client_secret(app, platform):
    with app.app_context(), reading() as session:
        stored = session.query(Client).one().secret_digest
    assert stored != platform.client_secret
    assert len(stored) == 64


def test_no_token_and_no_verifier_is_written_to_the_log(client, platform, caplog):
    caplog.set_level(logging.DEBUG)
    token = ask(client, own(platform)).json["access_token"]
    assert token not in caplog.text
