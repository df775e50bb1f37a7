"""Keys and envelopes written out by hand from the standards, sharing no code with ours. AES-GCM is the library's."""

import hmac
import struct
from base64 import urlsafe_b64encode

from cryptography.hazmat.primitives.ciphers.aead import AESGCM


def prefixed(*parts):
    said = [part.encode() if isinstance(part, str) else part for part in parts]
    return b"".join(struct.pack(">I", len(part)) + part for part in said)


def hkdf(secret, info, length=32, salt=b""):
    """RFC 5869: extract, then expand."""
    prk = hmac.digest(salt or bytes(32), secret, "sha256")
    made, block, number = b"", b"", 1
    while len(made) < length:
        block = hmac.digest(prk, block + info + bytes([number]), "sha256")
        made, number = made + block, number + 1
    return made[:length]


def derived(root, *purpose):
    return hkdf(root, prefixed("governance.v1", *purpose))


def index(key, *parts):
    return urlsafe_b64encode(hmac.digest(key, prefixed(*parts), "sha256")).decode().rstrip("=")


def envelope(key, plaintext, place, key_id, nonce):
    made = hkdf(key, prefixed("governance.v2.field", *place[:-1]), 48)
    bound = prefixed(b"\x02", key_id, *place)
    ciphertext = AESGCM(made[:32]).encrypt(nonce, plaintext, bound)
    return b"\x02" + bytes([len(key_id)]) + key_id.encode() + made[32:] + nonce + ciphertext


def padded(text, block=64):
    """RFC 5652, section 6.3."""
    missing = block - len(text) % block
    return text + bytes([missing]) * missing
