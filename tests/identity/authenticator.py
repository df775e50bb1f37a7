"""A device that makes and uses passkeys, as WebAuthn says, and lies where it is told to. From `cryptography` alone."""

import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, HOLDS_KEY = 0x01, 0x04, 0x40
ORIGIN = "http://localhost:8080"
HEAD = {int: 0, bytes: 2, str: 3, dict: 5}


def text_of(raw):
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def bytes_of(text):
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def cbor(value):
    """As much of RFC 8949 as a passkey needs."""
    if isinstance(value, int) and value < 0:
        return _head(1, -1 - value)
    if isinstance(value, int):
        return _head(0, value)
    kind = HEAD[type(value)]
    if isinstance(value, dict):
        return _head(kind, len(value)) + b"".join(cbor(key) + cbor(one) for key, one in value.items())
    raw = value.encode() if isinstance(value, str) else value
    return _head(kind, len(raw)) + raw


def _head(kind, number):
    if number < 24:
        return bytes([kind << 5 | number])
    size = 1 if number < 256 else 2
    return bytes([kind << 5 | 23 + size]) + number.to_bytes(size, "big")


class Device:
    """One passkey on one device. `counter` moves on by one with every use, unless it stands at 0 for good."""

    def __init__(self, *, counts=True):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(32)
        self.counts = counts
        self.counter = 0
        self.user_handle = None

    def makes(self, asked, *, fmt="none", **lies):
        """Answer a page that asks for a new passkey."""
        asked = json.loads(asked)
        self.user_handle = bytes_of(asked["user"]["id"])
        public = self.key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (public.x, public.y))
        held = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        data = self._data(asked["rp"]["id"], HOLDS_KEY, lies) + held
        client = self._client("webauthn.create", asked, lies)
        stated = {"alg": -7, "sig": self._signed(data, client)} if fmt == "packed" else {}
        told = cbor({"fmt": fmt, "attStmt": stated, "authData": data})
        return self._answer({"clientDataJSON": text_of(client), "attestationObject": text_of(told)})

    def uses(self, asked, *, signature=None, handle=None, **lies):
        """Answer a page that asks for a proof."""
        asked = json.loads(asked)
        data = self._data(asked["rpId"], 0, lies)
        client = self._client("webauthn.get", asked, lies)
        response = {
            "clientDataJSON": text_of(client),
            "authenticatorData": text_of(data),
            "signature": text_of(signature or self._signed(data, client)),
            "userHandle": text_of(handle or self.user_handle),
        }
        return self._answer(response)

    def _data(self, rp_id, flags, lies):
        self.counter += self.counts
        count = lies.get("counter", self.counter)
        flags |= lies.get("flags", PRESENT | VERIFIED)
        return sha256(lies.get("rp_id", rp_id).encode()).digest() + bytes([flags]) + count.to_bytes(4, "big")

    def _client(self, kind, asked, lies):
        said = {
            "type": lies.get("kind", kind),
            "challenge": lies.get("challenge", asked["challenge"]),
            "origin": lies.get("origin", ORIGIN),
            "crossOrigin": lies.get("framed", False),
        }
        return json.dumps(said).encode()

    def _signed(self, data, client):
        return self.key.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))

    def _answer(self, response):
        said = {"id": text_of(self.id), "rawId": text_of(self.id), "type": "public-key", "response": response}
        return json.dumps(said)
