"""The keys of a webhook: derived for each address and each rotation, stored nowhere.

Signed is `id.timestamp.body`. Source: Standard Webhooks 1.0.0; `v1a` is Ed25519, `v1` HMAC-SHA256.
"""

import hmac
from base64 import b64encode
from typing import Final, NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from governance.crypto.keys import Keyring

_PRIVATE: Final = "webhook.private"
_SECRET: Final = "webhook.secret"  # noqa: S105 - the purpose of a key


class Signing(NamedTuple):
    """Whose keys sign, and which of them."""

    webhook_id: UUID
    generations: tuple[int, ...]
    """The newest first; the one before it while receivers still learn the new one."""
    by_hmac: bool


def public_key(keyring: Keyring, webhook_id: UUID, generation: int) -> str:
    """Return the key by which a receiver checks what comes from us."""
    return f"whpk_{_text(_private(keyring, webhook_id, generation).public_key().public_bytes_raw())}"


def shared_secret(keyring: Keyring, webhook_id: UUID, generation: int) -> str:
    """Return the secret that a receiver shares with us."""
    return f"whsec_{_text(_secret(keyring, webhook_id, generation))}"


def signatures(keyring: Keyring, signing: Signing, signed: bytes) -> str:
    """Return the header's value: one signature for each key, a receiver takes any that it knows."""
    found = []
    for generation in signing.generations:
        private = _private(keyring, signing.webhook_id, generation)
        found.append(f"v1a,{_text(private.sign(signed))}")
        if signing.by_hmac:
            secret = _secret(keyring, signing.webhook_id, generation)
            found.append(f"v1,{_text(hmac.digest(secret, signed, 'sha256'))}")
    return " ".join(found)


def _private(keyring: Keyring, webhook_id: UUID, generation: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(keyring.derive(_PRIVATE, str(webhook_id), str(generation)))


def _secret(keyring: Keyring, webhook_id: UUID, generation: int) -> bytes:
    return keyring.derive(_SECRET, str(webhook_id), str(generation))


def _text(value: bytes) -> str:
    return b64encode(value).decode()
