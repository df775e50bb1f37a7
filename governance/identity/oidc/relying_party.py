"""The OIDC client: Authlib's, held to one pinned provider. The only file that speaks OIDC to a forum.

What Authlib leaves open is closed here or in `provider.py`: it takes the issuer, the algorithms and even its
own connection settings from whatever the discovery document says, ignores `iss` in the callback, asks for no
ID token, and follows redirects with our secret in hand.
"""

from collections.abc import Mapping
from typing import Any, Final

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import FlaskIntegration, FlaskOAuth2App
from joserfc.errors import JoseError

from governance.decision.vocabulary import Instant
from governance.identity.errors import Guard, SignInFailedError
from governance.identity.oidc.departures import Departure
from governance.identity.oidc.exchange import Exchange
from governance.identity.oidc.id_token import Identity, read_identity
from governance.identity.oidc.provider import Provider, fetch_json

_LEEWAY: Final = 60
"""Seconds that a provider's clock may differ from ours."""
_KEPT: Final = ("nonce", "code_verifier")
_AGAIN: Final = {"prompt": "login", "max_age": 0}
"""The second makes `auth_time` a claim that the forum must send; what it says is checked, not what it was asked."""


class _PinnedApp(FlaskOAuth2App):  # type: ignore[misc]  # Authlib carries no types
    """Authlib's client for one provider: knows nothing but what we checked, and reads its keys afresh."""

    exchange: Exchange

    def fetch_jwk_set(self, force: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 - Authlib's signature
        """Return the provider's keys; never kept, so that a key taken back opens nothing."""
        del force
        key_set = fetch_json(self.exchange, self.server_metadata["jwks_uri"], Guard.KEYS)
        keys = key_set.get("keys")
        if not isinstance(keys, list) or not all(_looks_like_key(key) for key in keys):
            raise SignInFailedError(Guard.KEYS)
        return key_set


class RelyingParty:
    """We, as one forum's provider knows us."""

    def __init__(self, provider: Provider, client_id: str, client_secret: str, exchange: Exchange) -> None:
        """Bind the client to a checked provider and nothing else, for one step of a sign-in."""
        self._provider = provider
        self._client_id = client_id
        self._app = _PinnedApp(
            FlaskIntegration("forum"),
            client_id=client_id,
            client_secret=client_secret,
            authorize_url=provider.authorization_endpoint,
            access_token_url=provider.token_endpoint,
            client_kwargs={
                "scope": "openid",
                "code_challenge_method": "S256",
                # A redirect from the token endpoint would carry code, verifier and secret elsewhere.
                "max_redirects": 0,
            },
            compliance_fix=exchange.bind,
            issuer=provider.issuer,
            jwks_uri=provider.jwks_uri,
            id_token_signing_alg_values_supported=list(provider.algorithms),
        )
        self._app.exchange = exchange

    def leave(self, redirect_uri: str, *, again: bool = False) -> tuple[str, str, dict[str, str]]:
        """Return the forum's address to go to, the state sent along, and what to keep until the return.

        `again` asks the forum to have them prove who they are (OpenID Connect Core 1.0, 3.1.2.1).
        """
        made = self._app.create_authorization_url(redirect_uri, **(_AGAIN if again else {}))
        kept = {name: made[name] for name in _KEPT}
        return made["url"], made["state"], {**kept, "redirect_uri": redirect_uri}

    def check_callback_issuer(self, named: str | None) -> None:
        """Refuse a callback that another provider sent (mix-up; RFC 9207, section 2.4)."""
        if named is None and not self._provider.sends_issuer:
            return
        if named != self._provider.issuer:
            raise SignInFailedError(Guard.CALLBACK_ISSUER)

    def arrive(self, code: str, kept: Departure, account_claim: str, now: Instant) -> Identity:
        """Exchange the code and return who came. Raises `SignInFailedError`."""
        claims = self._claims(self._token(code, kept), kept.nonce)
        return read_identity(claims, client_id=self._client_id, account_claim=account_claim, now=now)

    def _token(self, code: str, kept: Departure) -> dict[str, Any]:
        try:
            token = self._app.fetch_access_token(
                code=code, redirect_uri=kept.redirect_uri, code_verifier=kept.code_verifier
            )
        except (OAuthError, requests.RequestException, ValueError) as error:
            raise SignInFailedError(Guard.TOKEN_ENDPOINT) from error
        return check_id_token_is_there(dict(token))

    def _claims(self, token: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        try:
            claims: Mapping[str, Any] = self._app.parse_id_token(
                token, nonce=nonce, claims_options=claims_options(self._provider, self._client_id), leeway=_LEEWAY
            )
        except (JoseError, ValueError) as error:
            raise SignInFailedError(Guard.ID_TOKEN) from error
        return claims


def _looks_like_key(key: object) -> bool:
    # joserfc says clearly what is wrong with a key, but only once these two are text.
    return isinstance(key, dict) and isinstance(key.get("kty"), str) and isinstance(key.get("kid", ""), str)


def check_id_token_is_there(token: dict[str, Any]) -> dict[str, Any]:
    """Refuse an answer without an ID token, for Authlib takes it as a success."""
    if not isinstance(token.get("id_token"), str) or not isinstance(token.get("access_token"), str):
        raise SignInFailedError(Guard.NO_ID_TOKEN)
    return token


def claims_options(provider: Provider, client_id: str) -> dict[str, Any]:
    """Return what the claims must be; without it Authlib enforces no audience."""
    return {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": client_id},
        "exp": {"essential": True},
        "iat": {"essential": True},
    }
