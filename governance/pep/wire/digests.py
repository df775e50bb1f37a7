"""HMAC-SHA256 (RFC 2104) of very many short messages under one key, which is taken in once.

With `cryptography`, which is there wherever a bundle's signature is checked, a digest costs a quarter; the form can be
read without it.
"""

import hmac
from collections.abc import Callable

Digest = Callable[[bytes], bytes]

try:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.hmac import HMAC
except ImportError:

    def keyed(key: bytes) -> Digest:
        """Return what gives the digest of a message under this key."""
        begun = hmac.new(key, digestmod="sha256")

        def digest(message: bytes) -> bytes:
            going_on = begun.copy()
            going_on.update(message)
            return going_on.digest()

        return digest

else:

    def keyed(key: bytes) -> Digest:
        """Return what gives the digest of a message under this key."""
        begun = HMAC(key, SHA256())

        def digest(message: bytes) -> bytes:
            going_on = begun.copy()
            going_on.update(message)
            return going_on.finalize()

        return digest
