"""Sealing to somebody's public key: HPKE with a hybrid of ML-KEM-768 and X25519, so that neither alone must hold.

Source: RFC 9180; the hybrid is the one of `cryptography`. Its public calls take no associated data: what a seal
belongs to is bound through `info`, see `bound_to`.
"""

from dataclasses import dataclass, field
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from governance.crypto.keys import length_prefixed
from governance.errors import GovernanceError

_SUITE: Final = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_VERSION: Final = b"\x01"
_SEED_BYTES: Final = 64
_CURVE_BYTES: Final = 32
_MLKEM_PUBLIC_BYTES: Final = 1184
_LENGTH_BYTES: Final = 4
_SMALLEST: Final = 64


class SealBroken(GovernanceError):  # noqa: N818 - as other rooms know it
    """A seal does not open: another key, another place, or changed."""

    code = "seal_broken"


@dataclass(frozen=True, slots=True)
class SealingKey:
    """A pair of keys: whoever has `public` can seal, whoever has `private` can open."""

    public: bytes
    private: bytes = field(repr=False)

    @classmethod
    def new(cls) -> Self:
        """Return a new pair."""
        seed = MLKEM768PrivateKey.generate().private_bytes_raw()
        return cls.from_private(seed + X25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def from_private(cls, private: bytes) -> Self:
        """Return the pair that a private key belongs to. Raises `SealBroken` if it is none."""
        lattice, curve = _private_parts(private)
        public = lattice.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()
        return cls(public, private)


def bound_to(*place: str) -> bytes:
    """Return the `info` that binds a seal to its place: what it is, of which row, for whom."""
    return length_prefixed("seal.v1", *place)


def seal(public: bytes, plain: bytes, info: bytes) -> bytes:
    """Return something sealed to a public key, padded; it opens with the same `info` alone. Raises `SealBroken`."""
    return _VERSION + _SUITE.encrypt(padded(plain, _SMALLEST), _public(public), info)


def unseal(private: bytes, sealed: bytes, info: bytes) -> bytes:
    """Open what was sealed to the public half of a private key. Raises `SealBroken`."""
    lattice, curve = _private_parts(private)
    if sealed[:1] != _VERSION:
        raise _broken()
    try:
        opened = _SUITE.decrypt(sealed[1:], MLKEM768X25519PrivateKey(lattice, curve), info)
    except (InvalidTag, ValueError):
        raise _broken() from None
    return unpadded(opened)


def padded(plain: bytes, smallest: int) -> bytes:
    """Return a text with its length in front and zeros behind, in steps that double: its size tells next to nothing."""
    size = smallest
    while size < _LENGTH_BYTES + len(plain):
        size *= 2
    return (len(plain).to_bytes(_LENGTH_BYTES, "big") + plain).ljust(size, b"\0")


def unpadded(found: bytes) -> bytes:
    """Return what was padded. Raises `SealBroken`."""
    length = int.from_bytes(found[:_LENGTH_BYTES], "big")
    if len(found) < _LENGTH_BYTES + length:
        raise _broken()
    return found[_LENGTH_BYTES : _LENGTH_BYTES + length]


def _public(public: bytes) -> MLKEM768X25519PublicKey:
    if len(public) != _MLKEM_PUBLIC_BYTES + _CURVE_BYTES:
        raise _broken()
    lattice, curve = public[:_MLKEM_PUBLIC_BYTES], public[_MLKEM_PUBLIC_BYTES:]
    try:
        return MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(lattice), X25519PublicKey.from_public_bytes(curve)
        )
    except ValueError:
        raise _broken() from None


def _private_parts(private: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    if len(private) != _SEED_BYTES + _CURVE_BYTES:
        raise _broken()
    seed, curve = private[:_SEED_BYTES], private[_SEED_BYTES:]
    return MLKEM768PrivateKey.from_seed_bytes(seed), X25519PrivateKey.from_private_bytes(curve)


def _broken() -> SealBroken:
    return SealBroken("a seal does not open with this key at this place; it is another's, or was changed")
