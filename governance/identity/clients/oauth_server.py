"""The OAuth 2.0 server for platforms: Authlib's, with client credentials and nothing else (RFC 6749, 4.4).

What Authlib leaves open is closed here: it reads parameters from the query string, trusts the request's own
address, fails on an `Authorization` header that is not UTF-8, tells an unknown client from a wrong secret, and
lets a token run for ten days.
"""

import secrets
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote_plus

import flask
from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.integrations.flask_oauth2.requests import FlaskOAuth2Payload
from authlib.oauth2.rfc6749 import ClientCredentialsGrant, ClientMixin, InvalidRequestError, OAuth2Request
from authlib.oauth2.rfc9068 import JWTBearerTokenGenerator
from joserfc.jwk import KeySet

from governance.db.extension import reading, transaction
from governance.identity.clients import assertions, tokens
from governance.identity.models import Client
from governance.identity.permissions import PERMISSIONS, scopes_of
from governance.identity.service import secret_digest
from governance.ui.clock import now
from governance.ui.house import house

GRANT: Final = "client_credentials"
AUTH_METHOD: Final = "client_secret_basic"
KEY_METHOD: Final = "private_key_jwt"
AUTH_METHODS: Final = (AUTH_METHOD, KEY_METHOD)
_PROVEN: Final = "proven_client"
_NOBODY: Final = secret_digest(secrets.token_urlsafe(32))


@dataclass(frozen=True, slots=True)
class TokenClient(ClientMixin):  # type: ignore[misc]  # Authlib carries no types
    """A platform's client as Authlib asks about it."""

    client_id: str
    digest: str
    scopes: frozenset[str]
    public_keys: str | None = None

    def get_client_id(self) -> str:
        """Return the id."""
        return self.client_id

    def check_client_secret(self, client_secret: str) -> bool:
        """Compare digests in constant time."""
        return secrets.compare_digest(self.digest, secret_digest(client_secret))

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """Allow one method at one place: keys for a client that has some, its secret for every other one."""
        return method == (KEY_METHOD if self.public_keys else AUTH_METHOD) and endpoint == "token"

    def check_grant_type(self, grant_type: str) -> bool:
        """Allow one grant."""
        return grant_type == GRANT

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """Return what was asked for, or all the client has if nothing was; none if it is too much."""
        wanted = scopes_of(scope or "") or self.scopes
        return " ".join(sorted(wanted)) if wanted <= self.scopes else None


class _Payload(FlaskOAuth2Payload):  # type: ignore[misc]  # Authlib carries no types
    """Parameters of the body alone: those of an address end in logs."""

    @property
    def data(self) -> Any:  # noqa: ANN401 - werkzeug's MultiDict
        return self._request.form

    @property
    def datalist(self) -> defaultdict[str, list[str]]:
        return defaultdict(list, self._request.form.to_dict(flat=False))


class _Grant(ClientCredentialsGrant):  # type: ignore[misc]  # Authlib carries no types
    """Client credentials, for a request that says everything once."""

    TOKEN_ENDPOINT_AUTH_METHODS = AUTH_METHODS

    @staticmethod
    def check_token_endpoint(request: OAuth2Request) -> bool:
        """Take requests that name no grant as well, to answer them by the right error."""
        return not request.payload.grant_type or request.payload.grant_type == GRANT

    def validate_token_request(self) -> None:
        """Refuse missing and repeated parameters (RFC 6749, section 3.2)."""
        if not self.request.payload.grant_type:
            raise InvalidRequestError("grant_type is missing")
        if any(len(values) > 1 for values in self.request.payload.datalist.values()):
            raise InvalidRequestError("a parameter is sent twice")
        super().validate_token_request()


class _Tokens(JWTBearerTokenGenerator):  # type: ignore[misc]  # Authlib carries no types
    """Signed tokens (RFC 9068) that run for ten minutes."""

    def get_jwks(self) -> KeySet:
        """Return the key that signs."""
        return KeySet(signing_keys().keys[:1])

    def get_audiences(self, client: Any, user: Any, scope: str) -> str:  # noqa: ANN401, ARG002 - Authlib's signature
        """Return our own resource: a token of ours is good for nothing else."""
        return tokens.audience_of(self.issuer)


class TokenServer(AuthorizationServer):  # type: ignore[misc]  # Authlib carries no types
    """Authlib's server with our clients and keys."""

    def __init__(self, public_url: str) -> None:
        """Build a server whose name is the configured address, never the one a request was sent to."""
        super().__init__(query_client=_query_client, save_token=_save_token)
        self._token_endpoint = f"{public_url}/oauth/token"
        self.scopes_supported = [str(scope) for scope in PERMISSIONS]
        self.register_grant(_Grant)
        self.register_client_auth_method(AUTH_METHOD, _authenticate)
        self.register_client_auth_method(KEY_METHOD, self._authenticate_by_key)
        self._audiences = [public_url, self._token_endpoint]
        self.register_token_generator(
            GRANT, _Tokens(public_url, alg=tokens.ALGORITHM, expires_generator=tokens.LIFETIME_SECONDS)
        )

    def _authenticate_by_key(self, _query: object, _request: OAuth2Request) -> TokenClient | None:
        """Return the client that signed the assertion, which is used up by that; more than one proof is none."""
        form = flask.request.form
        assertion, at = form.get("client_assertion", ""), now()
        if form.get("client_assertion_type") != assertions.TYPE or "Authorization" in flask.request.headers:
            return None
        client = _query_client(assertions.issuer_in(assertion))
        if client.public_keys is None or form.get("client_id", client.client_id) != client.client_id:
            return None
        claims = assertions.claims_of(assertion, client.public_keys, (client.client_id, self._audiences), at)
        if claims is None:
            return None
        with transaction() as session:
            return _proven(client) if assertions.spend(session, client.client_id, claims, at) else None

    def create_oauth2_request(self, request: Any) -> OAuth2Request:  # noqa: ANN401, ARG002 - Authlib's signature
        """Return this request as Authlib sees it."""
        seen = OAuth2Request(flask.request.method, self._token_endpoint, headers=flask.request.headers)
        seen.payload = _Payload(flask.request)
        return seen


def signing_keys() -> KeySet:
    """Return our keys; the very first call makes one."""
    keyring = house().keyring
    with reading() as session:
        known = tokens.known_keys(session, keyring)
    if known is not None:
        return known
    with transaction() as session:
        return tokens.make_first_key(session, keyring, now=now())


def proven_client() -> str | None:
    """Return the id of the client that proved itself in this request; none if none did."""
    found: str | None = flask.g.get(_PROVEN)
    return found


def _query_client(client_id: str) -> TokenClient:
    with reading() as session:
        client = Client.called(session, client_id)
        # An unknown client fails like a known one with a wrong secret, after the same work.
        if client is None:
            return TokenClient(client_id, _NOBODY, frozenset())
        return TokenClient(client.client_id, client.secret_digest, scopes_of(client.scopes), client.public_keys)


def _authenticate(_query: object, _request: OAuth2Request) -> TokenClient | None:
    sent = flask.request.authorization
    twice = "client_assertion" in flask.request.form
    if sent is None or sent.type != "basic" or not sent.username or not sent.password or twice:
        return None
    client = _query_client(unquote_plus(sent.username))
    return _proven(client) if client.check_client_secret(unquote_plus(sent.password)) else None


def _proven(client: TokenClient) -> TokenClient:
    setattr(flask.g, _PROVEN, client.client_id)
    return client


def _save_token(_token: object, _request: object) -> None:
    """Keep nothing: a token proves itself and ends soon."""
