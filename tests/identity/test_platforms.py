"""A forum after it was added: a new secret, keys of its own instead, and its end."""

import hmac
import json
from base64 import b64encode, urlsafe_b64encode

import pytest
from click.testing import CliRunner
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from governance.cli.platform import platform
from governance.identity.clients import platforms
from governance.identity.clients.assertions import TYPE
from governance.identity.errors import BadPlatformError, PlatformNotFoundError
from governance.identity.service import Credentials
from governance.ui.clock import now
from governance.ui.house import house
from tests.conftest import running, session_of, settings_in
from tests.forum import Forum

BASE = "http://127.0.0.1:8080"


@pytest.fixture
def app(tmp_path):
    with running(settings_in(tmp_path)) as app:
        yield app


@pytest.fixture
def session(app):
    with session_of(app) as session:
        yield session


@pytest.fixture
def forum(app, session):
    with app.app_context():
        forum = Forum(session, house().keyring, at=now())
    session.commit()
    return forum


@pytest.fixture
def key(session, forum):
    """The forum's own key, which it proves itself by from now on."""
    key = ECKey.generate_key("P-256", {"kid": "forum-1"})
    platforms.use_keys(session, forum.keyring, forum.platform.name, json.dumps({"keys": [key.as_dict(private=False)]}))
    session.commit()
    return key


def ask(app, data=None, pair=None):
    headers = {} if pair is None else {"Authorization": f"Basic {b64encode(':'.join(pair).encode()).decode()}"}
    sent = {"grant_type": "client_credentials", "scope": "decisions:evaluate", **(data or {})}
    return app.test_client().post("/oauth/token", data=sent, headers=headers)


def by_secret(app, credentials):
    return ask(app, pair=(credentials.client_id, credentials.client_secret))


def signed(forum, key, *, header=None, **other):
    client, at = forum.credentials.client_id, now() // 1_000_000
    claims = {"iss": client, "sub": client, "aud": BASE, "exp": at + 60, "jti": f"j{at}{now()}", **other}
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(header or {"alg": "ES256", "typ": "JWT"}, claims, key)


def by_key(app, assertion, **more):
    return ask(app, {"client_assertion_type": TYPE, "client_assertion": assertion, **more})


def test_a_new_secret_takes_the_place_of_the_old_one(app, session, forum):
    assert by_secret(app, forum.credentials).status_code == 200
    [made] = platforms.rotate_secret(session, forum.keyring, "forum")
    session.commit()
    assert made.client_id == forum.credentials.client_id
    assert by_secret(app, forum.credentials).status_code == 401
    assert by_secret(app, made).status_code == 200


def test_a_forum_that_ended_gets_no_token_and_lets_nobody_in(app, session, forum):
    platforms.end_platform(session, forum.keyring, "forum", now())
    session.commit()
    assert by_secret(app, forum.credentials).status_code == 401
    assert app.test_client().get("/sign-in/forum").status_code == 404
    assert "forum" not in app.test_client().get("/sign-in").text.replace("/forum", "").partition("<main")[2].split(">")
    for act in (platforms.rotate_secret, lambda *said: platforms.end_platform(*said, now())):
        with pytest.raises(PlatformNotFoundError):
            act(session, forum.keyring, "forum")


@pytest.mark.parametrize("audience", [BASE, f"{BASE}/oauth/token", [BASE, "https://other.example"]])
def test_a_forum_proves_itself_by_its_key(app, forum, key, audience):
    answer = by_key(app, signed(forum, key, aud=audience))
    assert answer.status_code == 200, answer.text
    assert answer.json["scope"] == "decisions:evaluate"


def test_the_same_proof_works_once(app, forum, key):
    assertion = signed(forum, key)
    assert by_key(app, assertion).status_code == 200
    assert by_key(app, assertion).status_code == 401


@pytest.mark.usefixtures("key")
def test_a_forum_with_keys_has_no_secret_any_more(app, forum):
    assert by_secret(app, forum.credentials).status_code == 401


def test_a_new_secret_ends_the_keys(app, session, forum, key):
    platforms.rotate_secret(session, forum.keyring, "forum")
    session.commit()
    assert by_key(app, signed(forum, key)).status_code == 401


@pytest.mark.parametrize(
    "other",
    [
        {"aud": "https://other.example"},
        {"aud": None},
        {"iss": "somebody"},
        {"sub": "somebody"},
        {"sub": None},
        {"jti": None},
        {"exp": None},
        {"exp": 1},
        {"exp": now() // 1_000_000 + 86_400},
        {"exp": "soon"},
        {"nbf": now() // 1_000_000 + 3600},
        {"iss": ["somebody"]},
    ],
)
def test_a_proof_that_is_not_for_us_and_for_now_is_none(app, forum, key, other):
    assert by_key(app, signed(forum, key, **other)).status_code in (400, 401)


def test_another_key_or_algorithm_is_no_proof(app, forum, key):
    other = ECKey.generate_key("P-256", {"kid": "forum-1"})
    assert by_key(app, signed(forum, other)).status_code == 401
    head, body, _ = signed(forum, key).split(".")
    hs256 = urlsafe_b64encode(b'{"alg":"HS256"}').decode().rstrip("=")
    mac = hmac.digest(key.as_pem(private=False), f"{hs256}.{body}".encode(), "sha256")
    confused = urlsafe_b64encode(mac).decode().rstrip("=")
    assert by_key(app, f"{hs256}.{body}.{confused}").status_code == 401
    none = b64encode(b'{"alg":"none"}').decode().rstrip("=")
    assert by_key(app, f"{none}.{body}.").status_code == 401
    assert by_key(app, f"{head}.{body}.").status_code == 401


@pytest.mark.parametrize("assertion", ["", "x", "a.b.c", "..", "é.é.é", "." * 9000, "e30.e30.e30", "W10.W10.W10"])
@pytest.mark.usefixtures("key", "forum")
def test_what_is_no_assertion_is_no_proof(app, assertion):
    assert by_key(app, assertion).status_code in (400, 401)


def test_two_proofs_at_once_are_none(app, forum, key):
    pair = (forum.credentials.client_id, forum.credentials.client_secret)
    data = {"client_assertion_type": TYPE, "client_assertion": signed(forum, key)}
    assert ask(app, data, pair).status_code == 401


def test_a_client_without_keys_cannot_be_proven_by_any(app, forum):
    assert by_key(app, signed(forum, ECKey.generate_key("P-256"))).status_code == 401


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        '{"keys": []}',
        '{"keys": [{"kty": "oct", "k": "' + "A" * 43 + '"}]}',
        json.dumps({"keys": [ECKey.generate_key("P-384").as_dict(private=False)]}),
        json.dumps({"keys": [RSAKey.generate_key(2048).as_dict(private=False)]}),
        json.dumps({"keys": [ECKey.generate_key("P-256").as_dict(private=True)]}),
    ],
)
def test_keys_that_are_none_of_ours_are_refused(session, forum, text):
    assert forum
    with pytest.raises(BadPlatformError):
        platforms.use_keys(session, forum.keyring, "forum", text)


def test_the_metadata_names_both_ways(app):
    told = app.test_client().get("/.well-known/oauth-authorization-server").json
    assert told["token_endpoint_auth_methods_supported"] == ["client_secret_basic", "private_key_jwt"]
    assert told["token_endpoint_auth_signing_alg_values_supported"] == ["ES256"]


@pytest.fixture
def run(app):
    def run(*arguments, **said):
        with app.app_context():
            return CliRunner().invoke(platform, arguments, **said)

    return run


def test_the_command_line_prints_what_a_forum_needs_and_its_new_secret(app, forum, run, tmp_path):
    told = json.loads(run("rotate-secret", "forum", "--json").output)["clients"][0]
    assert by_secret(app, Credentials(told["client_id"], told["client_secret"])).status_code == 200
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"keys": [ECKey.generate_key("P-256").as_dict(private=False)]}))
    assert forum.credentials.client_id in run("use-keys", "forum", str(file)).output
    assert "private_key_jwt" in run("use-keys", "forum", str(file)).output
    assert run("end", "forum", input="n\n").exit_code == 1
    assert run("end", "forum", "--yes").exit_code == 0
    [listed] = json.loads(run("list", "--json").output)["platforms"]
    assert (listed["client_ids"], bool(listed["ended"])) == ([], True)
    assert "ended" in run("list").output


def test_adding_a_forum_names_every_address_it_asks(run):
    told = json.loads(run("add", "new", "--json").output)
    assert told["evaluation_endpoint"] == f"{BASE}/access/v1/evaluation"
    assert "decisions:evaluate" in told["scopes"].split()


def test_the_command_line_gives_and_takes_scopes(app, forum, run):
    assert "optouts:tighten" not in run("scopes", "forum", "decisions:evaluate").output
    pair, both = (forum.credentials.client_id, forum.credentials.client_secret), "decisions:evaluate optouts:tighten"
    assert ask(app, {"scope": both}, pair).json["error"] == "invalid_scope"
    run("scopes", "forum", "decisions:evaluate", "optouts:tighten")
    assert ask(app, {"scope": both}, pair).json["scope"] == both
    # As an installation from before this scope gets it: nothing else is taken away.
    run("scopes", "forum", "reports:submit", "--add")
    assert ask(app, {"scope": f"{both} reports:submit"}, pair).json["scope"] == f"{both} reports:submit"
    assert ask(app, {"scope": "communities:write"}, pair).json["error"] == "invalid_scope"
    assert run("scopes", "forum", "everything").exit_code == 2
    assert run("scopes", "forum").exit_code == 2
    assert run("scopes", "nowhere", "decisions:evaluate").exit_code == 1
