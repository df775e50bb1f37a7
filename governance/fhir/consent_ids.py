"""The id of a Consent: which account of a platform it is about, sealed so that nobody else can read or make one.

It is always the same for an account, so that a forum can keep it; it is no index of ours, and another forum's are
other ones. Deterministic on purpose: AES-SIV (RFC 5297) under a key and a context of the platform's own.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import AccountKey
from governance.errors import NotFoundError

_LENGTH: Final = 64
"""As long as FHIR lets an id be: 32 bytes of a key and 16 that prove it."""


class NoConsentError(NotFoundError):
    """There is nothing here, or nothing that this platform may know of; the two look alike."""

    def __init__(self) -> None:
        """Say what to do, and nothing about anybody."""
        super().__init__("there is no such Consent; `POST /fhir/Consent/_search` finds those that are there")


def consent_id(keyring: Keyring, platform_id: UUID, key: AccountKey) -> str:
    """Return the id of the Consent of an account."""
    raw = urlsafe_b64decode(f"{key}=")
    sealed = _cipher(keyring, platform_id).encrypt(raw, [platform_id.bytes])
    # FHIR's ids know a dot and no underscore.
    return urlsafe_b64encode(sealed).decode().replace("_", ".")


def account_of(keyring: Keyring, platform_id: UUID, asked: str) -> AccountKey:
    """Return the key of the account that a Consent is about. Raises `NoConsentError`."""
    if len(asked) != _LENGTH or not asked.isascii() or "_" in asked:
        raise NoConsentError
    try:
        sealed = urlsafe_b64decode(asked.replace(".", "_"))
        raw = _cipher(keyring, platform_id).decrypt(sealed, [platform_id.bytes])
    except (InvalidTag, ValueError) as error:
        raise NoConsentError from error
    return AccountKey(urlsafe_b64encode(raw).rstrip(b"=").decode())


def _cipher(keyring: Keyring, platform_id: UUID) -> AESSIV:
    return AESSIV(keyring.derive("fhir.consent-id", str(platform_id)))
