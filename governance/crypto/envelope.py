"""Sealed fields: AES-256-GCM, bound to where they belong, so that no value can be moved to another row.

An envelope is: version (1 byte), length of the key's id (1), the id, commitment (16), nonce (12), ciphertext and tag.
The commitment is what GCM lacks: with it, no envelope opens under two keys to two different texts.
"""

import hmac
import secrets
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from governance.crypto.keys import hkdf, length_prefixed
from governance.errors import GovernanceError

ROOT_KEY_ID: Final = "r1"
"""The id of every key that is derived from the root."""
_VERSION: Final = b"\x02"
_KEY_BYTES: Final = 32
_COMMITMENT_BYTES: Final = 16
_NONCE_BYTES: Final = 12
_LONGEST_ID: Final = 32


class EnvelopeError(GovernanceError):
    """A sealed value does not open here: wrong key, wrong place, or changed."""

    code = "envelope"


class _Envelope(NamedTuple):
    key_id: str
    commitment: bytes
    nonce: bytes
    ciphertext: bytes


def seal(key: bytes, plaintext: bytes, *place: str, key_id: str = ROOT_KEY_ID) -> bytes:
    """Return a sealed value; `place` (table, column, immutable row id) must be the same to open it."""
    field_key, commitment = _field_key(key, place)
    nonce = secrets.token_bytes(_NONCE_BYTES)
    ciphertext = AESGCM(field_key).encrypt(nonce, plaintext, _bound_to(key_id, place))
    named = key_id.encode("ascii")
    return _VERSION + len(named).to_bytes(1, "big") + named + commitment + nonce + ciphertext


def unseal(key: bytes, sealed: bytes, *place: str, key_id: str = ROOT_KEY_ID) -> bytes:
    """Open what `seal` made with the same key at the same place. Raises `EnvelopeError`."""
    envelope = _read(sealed)
    field_key, commitment = _field_key(key, place)
    if envelope.key_id != key_id or not hmac.compare_digest(commitment, envelope.commitment):
        raise EnvelopeError("a sealed value does not open with this key at this place")
    try:
        return AESGCM(field_key).decrypt(envelope.nonce, envelope.ciphertext, _bound_to(key_id, place))
    except (InvalidTag, ValueError) as error:
        raise EnvelopeError("a sealed value does not open with this key at this place") from error


def key_id_of(sealed: bytes) -> str:
    """Return the id of the key that sealed a value; nothing is proven by it. Raises `EnvelopeError`."""
    return _read(sealed).key_id


def _field_key(key: bytes, place: tuple[str, ...]) -> tuple[bytes, bytes]:
    """Return the field's own key and the commitment to it: two blocks of one derivation."""
    if len(key) != _KEY_BYTES:
        raise EnvelopeError("a key that seals has 32 bytes")
    info = length_prefixed("governance.v2.field", *place[:-1])
    made = hkdf(key, info, length=_KEY_BYTES + _COMMITMENT_BYTES)
    return made[:_KEY_BYTES], made[_KEY_BYTES:]


def _bound_to(key_id: str, place: tuple[str, ...]) -> bytes:
    return length_prefixed(_VERSION, key_id, *place)


def _read(sealed: bytes) -> _Envelope:
    # An empty rest has an id of no length, and no nonce.
    id_bytes = int.from_bytes(sealed[1:2], "big")
    if sealed[:1] != _VERSION or id_bytes > _LONGEST_ID:
        raise EnvelopeError("a sealed value has an unknown form")
    parts, begin = [], 2
    for length in (id_bytes, _COMMITMENT_BYTES, _NONCE_BYTES):
        parts.append(sealed[begin : begin + length])
        begin += length
    named, commitment, nonce = parts
    if len(nonce) != _NONCE_BYTES or not named.isascii():
        raise EnvelopeError("a sealed value has an unknown form")
    return _Envelope(named.decode("ascii"), commitment, nonce, sealed[begin:])
