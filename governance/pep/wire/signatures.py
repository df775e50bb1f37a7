"""Is this what the service signed? Ed25519 over a digest of the bytes, by a key that was got when it was set up."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Final, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from governance.pep.wire.codec import WireError

What = Literal["bundle", "changes"]
HEADER: Final = "Feed-Signature"
"""Of the answer to `GET /v1/changes`: the key's id, a full stop, and the signature in base64url."""


def signed_bytes(what: What, digest: bytes) -> bytes:
    """Return what is signed: what it is, so that no answer can stand for another, and the SHA-256 of its bytes."""
    return b"hcp-governance feed " + what.encode() + b" v1\n" + digest


def key_id(public: bytes) -> str:
    """Return the short name of a public key of 32 bytes."""
    return sha256(public).hexdigest()[:16]


class TrustedKeys:
    """The public keys that a replica was set up with; more than one while the service changes from one to the next."""

    def __init__(self, public: tuple[bytes, ...]) -> None:
        """Trust these keys of 32 bytes, and no other, whatever an answer says."""
        self._keys = {key_id(key): Ed25519PublicKey.from_public_bytes(key) for key in public}

    def check(self, what: What, key: str, digest: bytes, signature: bytes) -> None:
        """Raise `WireError` unless the service signed bytes of this SHA-256 as this."""
        trusted = self._keys.get(key)
        if trusted is None:
            raise WireError("signed by a key that is not trusted here")
        try:
            trusted.verify(signature, signed_bytes(what, digest))
        except InvalidSignature:
            raise WireError("the signature is not the service's") from None

    def check_header(self, what: What, value: str, body: bytes) -> None:
        """Raise `WireError` unless the `Feed-Signature` that came with a body is the service's."""
        key, _, encoded = value.partition(".")
        try:
            signature = urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
        except ValueError:
            raise WireError("the signature cannot be read") from None
        self.check(what, key, sha256(body).digest(), signature)


def header_value(key: str, signature: bytes) -> str:
    """Return the header that goes with a body."""
    return f"{key}.{urlsafe_b64encode(signature).rstrip(b'=').decode()}"
