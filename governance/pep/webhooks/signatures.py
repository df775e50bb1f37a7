"""Is this what the service signed? Ed25519, by the key that was shown when the webhook was set up."""

from collections.abc import Callable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def checking(public: bytes) -> Callable[[bytes, bytes], bool]:
    """Return what says of a signature and the bytes whether they belong to this key. Raises `ValueError`."""
    key = Ed25519PublicKey.from_public_bytes(public)

    def check(signature: bytes, signed: bytes) -> bool:
        try:
            key.verify(signature, signed)
        except InvalidSignature:
            return False
        return True

    return check
