"""Sealed fields: AES-256-GCM, bound to where they belong, so that no value can be moved to another row."""

import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from governance.crypto.keys import length_prefixed
from governance.errors import GovernanceError

_VERSION: Final = b"\x01"
_NONCE_BYTES: Final = 12


class EnvelopeError(GovernanceError):
    """A sealed value does not open here: wrong key, wrong place, or changed."""

    code = "envelope"


def seal(key: bytes, plaintext: bytes, *context: str) -> bytes:
    """Return version, nonce and ciphertext; `context` (table, column, row id) must be the same to open it."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, plaintext, length_prefixed(_VERSION, *context))


def unseal(key: bytes, sealed: bytes, *context: str) -> bytes:
    """Open what `seal` made with the same key and context. Raises `EnvelopeError`."""
    version, nonce, ciphertext = sealed[:1], sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    if version != _VERSION:
        raise EnvelopeError("a sealed value has an unknown form")
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, length_prefixed(version, *context))
    except (InvalidTag, ValueError) as error:
        raise EnvelopeError("a sealed value does not open with this key at this place") from error
