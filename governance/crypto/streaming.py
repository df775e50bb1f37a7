"""Long values sealed in parts: no part can be left out, moved, doubled or taken from another value.

Source: Hoang, Reyhanitabar, Rogaway, Vizár, "Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance"
(2015), the construction STREAM over AES-256-GCM: the nonce holds a prefix, a part's number and whether it is the last.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import hkdf, length_prefixed

PART: Final = 256 * 1024
"""Bytes of every part; the last one is filled up, so that a size tells quarters of a MiB and no more."""
_KEY_BYTES: Final = 32
_PREFIX_BYTES: Final = 7
_COUNTER_BYTES: Final = 4
_LENGTH_BYTES: Final = 8
_TAG_BYTES: Final = 16


def seal_parts(key: bytes, plain: bytes, *place: str) -> Iterator[bytes]:
    """Yield the sealed parts of a value; a key seals one value only, at one place."""
    cipher, prefix, bound = _opened(key, place)
    framed = len(plain).to_bytes(_LENGTH_BYTES, "big") + plain
    starts = range(0, len(framed), PART)
    for number, start in enumerate(starts):
        part = framed[start : start + PART].ljust(PART, b"\0")
        yield cipher.encrypt(_nonce(prefix, number, last=number == len(starts) - 1), part, bound)


def unseal_parts(key: bytes, parts: Sequence[bytes], *place: str) -> bytes:
    """Return the value whose parts these are, all of them and in their order. Raises `EnvelopeError`."""
    cipher, prefix, bound = _opened(key, place)
    framed = b"".join(_unsealed(cipher, prefix, parts, bound))
    length = int.from_bytes(framed[:_LENGTH_BYTES], "big")
    if not _LENGTH_BYTES + length <= len(framed) < _LENGTH_BYTES + length + PART:
        raise EnvelopeError("a value that was sealed in parts is not whole")
    return framed[_LENGTH_BYTES : _LENGTH_BYTES + length]


def _unsealed(cipher: AESGCM, prefix: bytes, parts: Iterable[bytes], bound: bytes) -> Iterator[bytes]:
    waiting = list(parts)
    for number, part in enumerate(waiting):
        if len(part) != PART + _TAG_BYTES:
            raise EnvelopeError("a part of a sealed value has another size than parts have")
        try:
            yield cipher.decrypt(_nonce(prefix, number, last=number == len(waiting) - 1), part, bound)
        except InvalidTag:
            raise EnvelopeError("a part of a sealed value does not open with this key at this place") from None


def _opened(key: bytes, place: tuple[str, ...]) -> tuple[AESGCM, bytes, bytes]:
    if len(key) != _KEY_BYTES:
        raise EnvelopeError("a key that seals has 32 bytes")
    bound = length_prefixed("governance.v1.parts", *place)
    made = hkdf(key, bound, length=_KEY_BYTES + _PREFIX_BYTES)
    return AESGCM(made[:_KEY_BYTES]), made[_KEY_BYTES:], bound


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(_COUNTER_BYTES, "big") + last.to_bytes(1, "big")
