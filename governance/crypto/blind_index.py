"""Find accounts and places without storing their names: keyed digests, different on every platform.

Ids are compared as bytes and never folded: two ids that look alike may be two people, and one of them
must not loosen the other's choices.
"""

import hmac
from base64 import urlsafe_b64encode
from typing import Literal
from unicodedata import normalize
from uuid import UUID

from governance.crypto.keys import Keyring, length_prefixed
from governance.decision.vocabulary import AccountKey

PlaceKind = Literal["community", "thread", "post"]


def account_key(keyring: Keyring, platform_id: UUID, account_id: str) -> AccountKey:
    """Return the digest by which we know a platform's account; 43 characters of base64url."""
    key, _ = index_keys(keyring, platform_id)
    return AccountKey(_digest(key, account_id))


def place_key(keyring: Keyring, platform_id: UUID, kind: PlaceKind, place_id: str) -> str:
    """Return the digest by which we know a community, thread or post; 43 characters of base64url.

    Which thread somebody closed says what they wrote about: a dump must not name it.
    """
    _, key = index_keys(keyring, platform_id)
    return _digest(key, kind, place_id)


def index_keys(keyring: Keyring, platform_id: UUID) -> tuple[bytes, bytes]:
    """Return the keys of a platform's own index, of accounts and of places.

    THREAT: with these and a stolen database somebody links that platform's accounts. They go to a platform that decides
    by itself (ADR 12), and nowhere else.
    """
    platform = str(platform_id)
    return keyring.derive("blind-index.account", platform), keyring.derive("blind-index.place", platform)


def organisation_key(keyring: Keyring, name: str) -> str:
    """Return the digest by which we know an organisation, on all platforms; 43 characters of base64url.

    Typed by hand on both sides: upper case, spaces and the form of letters are no part of it.
    """
    plain = " ".join(normalize("NFKC", name).casefold().split())
    return _digest(keyring.derive("blind-index.organisation"), plain)


def subject_digest(keyring: Keyring, issuer: str, sub: str) -> str:
    """Return the digest of who signed in: issuer and subject together, never an e-mail address."""
    return _digest(keyring.derive("blind-index.subject"), issuer, sub)


def credential_digest(keyring: Keyring, credential_id: bytes) -> str:
    """Return the digest by which we know a passkey; 43 characters of base64url."""
    return _digest(keyring.derive("blind-index.passkey"), credential_id)


def _digest(key: bytes, *parts: str | bytes) -> str:
    mac = hmac.digest(key, length_prefixed(*parts), "sha256")
    return urlsafe_b64encode(mac).rstrip(b"=").decode()
