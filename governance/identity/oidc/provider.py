"""What a forum's OIDC provider says of itself, believed only as far as our own record of the forum allows."""

import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import requests

from governance.decision.vocabulary import Instant
from governance.identity.errors import Guard, SignInFailedError
from governance.identity.oidc.addresses import same_origin
from governance.identity.oidc.exchange import Exchange

ALLOWED_ALGORITHMS: Final = ("RS256", "ES256", "EdDSA", "Ed25519")
"""Ours, whatever a provider offers: no `none`, no shared secret."""
_KNOWN_FOR: Final = 300_000_000
"""Microseconds that a discovery document is used again."""
_MOST_PROVIDERS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Provider:
    """The part of a discovery document that we use, checked."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    algorithms: tuple[str, ...]
    sends_issuer: bool
    """Whether every callback must name the issuer (RFC 9207)."""


class Providers:
    """Discovers providers, and knows each for five minutes."""

    def __init__(self) -> None:
        """Begin with none."""
        self._known: OrderedDict[str, tuple[Provider, Instant]] = OrderedDict()

    def of(self, issuer: str, exchange: Exchange, now: Instant) -> Provider:
        """Return the provider of an issuer that we pinned. Raises `SignInFailedError`."""
        known = self._known.get(issuer)
        if known is not None and now < known[1]:
            return known[0]
        document = fetch_json(exchange, discovery_address(issuer), Guard.DISCOVERY_UNREACHABLE)
        provider = read_discovery(issuer, document)
        self._known[issuer] = provider, Instant(now + _KNOWN_FOR)
        if len(self._known) > _MOST_PROVIDERS:
            self._known.popitem(last=False)
        return provider


def discovery_address(issuer: str) -> str:
    """Return where an issuer describes itself (OpenID Connect Discovery 1.0, section 4)."""
    return issuer.rstrip("/") + "/.well-known/openid-configuration"


def read_discovery(issuer: str, document: Mapping[str, Any]) -> Provider:
    """Return what a discovery document says, if it speaks for the issuer we pinned. Raises `SignInFailedError`."""
    check_issuer(issuer, document)
    endpoints = {name: document.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    check_origins(issuer, endpoints.values())
    return Provider(
        issuer=issuer,
        **{name: str(address) for name, address in endpoints.items()},
        algorithms=allowed_algorithms(document.get("id_token_signing_alg_values_supported")),
        sends_issuer=document.get("authorization_response_iss_parameter_supported") is True,
    )


def check_issuer(issuer: str, document: Mapping[str, Any]) -> None:
    """Refuse a document that speaks for somebody else: it could send people and secrets anywhere."""
    if document.get("issuer") != issuer:
        raise SignInFailedError(Guard.DISCOVERY_ISSUER)


def check_origins(issuer: str, addresses: Iterable[object]) -> None:
    """Refuse endpoints on another scheme, host or port than the issuer's."""
    if not all(isinstance(address, str) and same_origin(issuer, address) for address in addresses):
        raise SignInFailedError(Guard.ENDPOINT_ORIGIN)


def allowed_algorithms(offered: object) -> tuple[str, ...]:
    """Return those of our algorithms that a provider offers; all of ours if it does not say."""
    if offered is None:
        return ALLOWED_ALGORITHMS
    both = tuple(name for name in ALLOWED_ALGORITHMS if isinstance(offered, list) and name in offered)
    if not both:
        raise SignInFailedError(Guard.ALGORITHMS)
    return both


def fetch_json(exchange: Exchange, address: str, guard: Guard) -> dict[str, Any]:
    """Return a JSON object from a provider, without following redirects. Raises `SignInFailedError`."""
    try:
        with requests.Session() as session:
            exchange.bind(session)
            response = session.get(address, allow_redirects=False)
        document = json.loads(response.content) if response.status_code == requests.codes.ok else None
    except (requests.RequestException, ValueError, RecursionError) as error:
        raise SignInFailedError(guard) from error
    if not isinstance(document, dict):
        raise SignInFailedError(guard)
    return document
