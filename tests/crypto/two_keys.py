"""One GCM ciphertext that two keys open: one block is chosen so that both tags come out equal.

Source: the definition of GHASH in NIST SP 800-38D, section 6.4.
"""

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from governance.crypto.envelope import EnvelopeError, unseal
from tests.crypto.by_hand import hkdf, prefixed

_R = 0xE1 << 120
_ONE = 1 << 127
NONCE = bytes(12)


def times(one, other):
    """Multiply in GF(2^128), in GCM's order of bits."""
    product = 0
    for bit in range(127, -1, -1):
        if other >> bit & 1:
            product ^= one
        one = (one >> 1) ^ _R if one & 1 else one >> 1
    return product


def power(base, exponent):
    product = _ONE
    for bit in f"{exponent:b}":
        product = times(product, product)
        product = times(product, base) if bit == "1" else product
    return product


def block(key, plain):
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 - one block, to build GCM from
    return int.from_bytes(encryptor.update(plain) + encryptor.finalize())


def tag(key, bound, ciphertext):
    padded = bound + bytes(-len(bound) % 16) + ciphertext
    lengths = (len(bound) * 8).to_bytes(8) + (len(ciphertext) * 8).to_bytes(8)
    hashed, hash_key = 0, block(key, bytes(16))
    for at in range(0, len(padded + lengths), 16):
        hashed = times(hashed ^ int.from_bytes((padded + lengths)[at : at + 16]), hash_key)
    return hashed ^ block(key, NONCE + b"\x00\x00\x00\x01")


def envelope(one, other, place, key_id="r1"):
    """Return an envelope of two blocks, committed to `one`, whose tag is right for both keys."""
    made = [hkdf(key, prefixed("governance.v2.field", *place[:-1]), 48) for key in (one, other)]
    keys = [key[:32] for key in made]
    bound = prefixed(b"\x02", key_id, *place)
    free = bytes(16)
    wanted = tag(keys[0], bound, free * 2) ^ tag(keys[1], bound, free * 2)
    # The first block's bits are weighed by H^3 in each tag: two blocks of text, then the lengths.
    weights = [power(block(key, bytes(16)), 3) for key in keys]
    chosen = times(wanted, power(weights[0] ^ weights[1], 2**128 - 2)).to_bytes(16)
    ciphertext = chosen + free
    assert tag(keys[0], bound, ciphertext) == tag(keys[1], bound, ciphertext)
    sealed = ciphertext + tag(keys[0], bound, ciphertext).to_bytes(16)
    return b"\x02" + bytes([len(key_id)]) + key_id.encode() + made[0][32:] + NONCE + sealed


def opens(key, sealed, place):
    try:
        return bool(unseal(key, sealed, *place))
    except EnvelopeError:
        return False
