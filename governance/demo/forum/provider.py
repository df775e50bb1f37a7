"""The forum as an OpenID provider, on Authlib's server: authorization code, PKCE with S256, ES256 ID tokens.

Two clients are registered: the governance service for members, and its door for those who work there. The access token
opens nothing: all there is to know is in the ID token.
"""

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, InvalidRequestError
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc9207.parameter import IssuerParameter
from authlib.oidc.core import AuthorizationCodeMixin, UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, request
from joserfc.jwk import ECKey
from sqlalchemy import delete, select

from governance.demo.forum.house import house
from governance.demo.forum.models import AuthorizationCode, Member
from governance.demo.forum.settings import ForumSettings

PROVIDER: Final = "forum.provider"
ALGORITHM: Final = "ES256"
_SCOPE: Final = "openid"
_AUTH_METHOD: Final = "client_secret_basic"
_CODE_SECONDS: Final = 60
_ID_TOKEN_SECONDS: Final = 300


class ServiceClient(ClientMixin):  # type: ignore[misc]  # Authlib carries no types
    """One door of the governance service, as this provider knows it."""

    id_token_signed_response_alg = ALGORITHM

    def __init__(self, client_id: str, secret: str, redirect_uri: str) -> None:
        """Know one client of the settings."""
        self._id = client_id
        self._secret = secret
        self._redirect_uri = redirect_uri

    def get_client_id(self) -> str:
        """Return its id."""
        return self._id

    def get_default_redirect_uri(self) -> None:
        """Return none: the address must be sent, so that it is compared."""

    def get_allowed_scope(self, scope: str) -> str:
        """Return what of the wanted scopes there is to have."""
        return _SCOPE if _SCOPE in (scope or "").split() else ""

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Compare exactly: an address that is nearly right leads to somebody else (RFC 9700, section 2.1)."""
        return redirect_uri == self._redirect_uri

    def check_client_secret(self, client_secret: str) -> bool:
        """Compare in constant time."""
        return hmac.compare_digest(client_secret.encode(), self._secret.encode())

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        """Take the secret in the header only."""
        return method == _AUTH_METHOD

    def check_response_type(self, response_type: str) -> bool:
        """Give codes and nothing else."""
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        """Give tokens for codes and for nothing else."""
        return grant_type == "authorization_code"


class PresentedCode(AuthorizationCodeMixin):  # type: ignore[misc]  # Authlib carries no types
    """A code that came back, already used up."""

    def __init__(self, kept: AuthorizationCode) -> None:
        """Copy what was kept under it."""
        self.account = kept.account
        self.code_challenge = kept.code_challenge
        self.code_challenge_method = "S256"
        self._kept = (kept.redirect_uri, kept.scope, kept.nonce, kept.auth_time)

    def get_redirect_uri(self) -> str:
        """Return where the code was sent."""
        return self._kept[0]

    def get_scope(self) -> str:
        """Return what it stands for."""
        return self._kept[1]

    def get_nonce(self) -> str:
        """Return what ties the ID token to the browser that asked."""
        return self._kept[2]

    def get_auth_time(self) -> int:
        """Return when the member last proved who they are."""
        return self._kept[3]


class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]  # Authlib carries no types
    """Codes kept by digest, good once and for a minute."""

    TOKEN_ENDPOINT_AUTH_METHODS: Final = [_AUTH_METHOD]

    def save_authorization_code(self, code: str, request: Any) -> None:  # noqa: ANN401 - Authlib's request
        """Keep what the code stands for; `request.user` is who signed in, and when."""
        kept = AuthorizationCode(
            digest=_digest(code),
            client_id=request.client.get_client_id(),
            account=request.user.member.account,
            redirect_uri=request.payload.redirect_uri,
            scope=request.scope,
            nonce=request.payload.data["nonce"],
            code_challenge=request.payload.data["code_challenge"],
            auth_time=request.user.auth_time,
            expires=int(time.time()) + _CODE_SECONDS,
        )
        with house().plain_session() as session, session.begin():
            session.execute(delete(AuthorizationCode).where(AuthorizationCode.expires <= int(time.time())))
            session.add(kept)

    def query_authorization_code(self, code: str, client: ServiceClient) -> PresentedCode | None:
        """Take the code out, whoever shows it: in one statement, so that of two who race one gets nothing.

        It is of use to the client alone for which it was given (RFC 6749, section 4.1.3).

        A wrong verifier uses the code up as well: whoever guesses has one guess.
        """
        taken = delete(AuthorizationCode).where(AuthorizationCode.digest == _digest(code)).returning(AuthorizationCode)
        with house().plain_session() as session, session.begin():
            kept = session.scalars(taken).one_or_none()
            if kept is None or kept.client_id != client.get_client_id() or kept.expires <= int(time.time()):
                return None
            return PresentedCode(kept)

    def delete_authorization_code(self, _code: PresentedCode) -> None:
        """Do nothing: it went when it was presented."""

    def authenticate_user(self, code: PresentedCode) -> Member | None:
        """Return whose code it was."""
        with house().plain_session() as session:
            return session.get(Member, code.account)


class OnlyS256(CodeChallenge):  # type: ignore[misc]  # Authlib carries no types
    """PKCE that cannot be left out or weakened: Authlib alone takes a request without it, and `plain`."""

    SUPPORTED_CODE_CHALLENGE_METHOD: Final = ["S256"]

    def validate_code_challenge(self, grant: AuthorizationCodeGrant, redirect_uri: str) -> None:
        """Refuse a request without a challenge or with any method but S256."""
        data = grant.request.payload.data
        if not data.get("code_challenge") or data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("PKCE with S256 is required")
        super().validate_code_challenge(grant, redirect_uri)


class IdToken(OpenIDCode):  # type: ignore[misc]  # Authlib carries no types
    """What the service is told: an id that never changes, and the account id used in requests."""

    def __init__(self, issuer: str, key: ECKey) -> None:
        """Sign as `issuer`."""
        super().__init__(require_nonce=True)
        self._issuer = issuer
        self._key = key

    def exists_nonce(self, nonce: str, _request: object) -> bool:
        """Say whether a code is waiting under this nonce."""
        with house().plain_session() as session:
            return session.scalar(select(AuthorizationCode.nonce).where(AuthorizationCode.nonce == nonce)) is not None

    def resolve_client_private_key(self, _client: ServiceClient) -> ECKey:
        """Return the signing key."""
        return self._key

    def get_client_claims(self, client: ServiceClient) -> Mapping[str, object]:
        """Return who signs, for whom and for how long."""
        ends = int(time.time()) + _ID_TOKEN_SECONDS
        return {"iss": self._issuer, "aud": [client.get_client_id()], "exp": ends}

    def get_encode_header(self, _client: ServiceClient) -> Mapping[str, object]:
        """Name the key."""
        return {"alg": ALGORITHM, "kid": self._key.kid}

    def generate_user_info(self, user: Member, _scope: str) -> UserInfo:
        """Tell two ids and nothing personal."""
        return UserInfo(sub=user.sub, preferred_username=user.account)


class NamedIssuer(IssuerParameter):  # type: ignore[misc]  # Authlib carries no types
    """RFC 9207: every answer says whose it is, against mix-up."""

    def __init__(self, issuer: str) -> None:
        """Answer as `issuer`."""
        self._issuer = issuer

    def get_issuer(self) -> str:
        """Return the issuer."""
        return self._issuer


def add_provider(app: Flask, settings: ForumSettings, key: ECKey) -> None:
    """Make the forum an OpenID provider for the two clients of its settings."""
    clients = {
        settings.oidc_client_id: ServiceClient(
            settings.oidc_client_id, settings.oidc_client_secret, settings.oidc_redirect_uri
        ),
        settings.staff_client_id: ServiceClient(
            settings.staff_client_id, settings.staff_client_secret, settings.staff_redirect_uri
        ),
    }
    # A ten-day token is Authlib's default.
    app.config["OAUTH2_TOKEN_EXPIRES_IN"] = {"authorization_code": _CODE_SECONDS}
    app.config["OAUTH2_SCOPES_SUPPORTED"] = [_SCOPE]
    server = AuthorizationServer(
        app,
        query_client=clients.get,
        save_token=lambda _token, _request: None,
    )
    server.register_client_auth_method(_AUTH_METHOD, _authenticate)
    server.register_grant(CodeGrant, [OnlyS256(required=True), IdToken(settings.url, key)])
    server.register_extension(NamedIssuer(settings.url))
    app.extensions[PROVIDER] = server


def _authenticate(query_client: Callable[[str], ServiceClient | None], _request: object) -> ServiceClient | None:
    """Return the client behind the `Authorization` header, read by werkzeug: Authlib's reader fails on odd bytes."""
    sent = request.authorization
    if sent is None or sent.type != "basic" or not sent.username or not sent.password:
        return None
    client = query_client(sent.username)
    return client if client is not None and client.check_client_secret(sent.password) else None


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
