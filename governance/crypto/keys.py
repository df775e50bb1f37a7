"""One root key, many purposes: a key for one purpose tells nothing of another."""

from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_LENGTH: Final = 32


def length_prefixed(*parts: str | bytes) -> bytes:
    """Join parts so that no two different lists give the same bytes: "ab","c" is not "a","bc"."""
    encoded = [part.encode() if isinstance(part, str) else part for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)


class Keyring:
    """Derives 32-byte keys from the root key (HKDF-SHA256, RFC 5869)."""

    def __init__(self, root_key: bytes) -> None:
        """Keep the root key; it never leaves this object."""
        self._root_key = root_key
        self._derived = lru_cache(maxsize=4096)(self._derive)

    def __repr__(self) -> str:
        """Show no key."""
        return "Keyring(...)"

    def derive(self, purpose: str, *context: str) -> bytes:
        """Return the key for a purpose and its context, such as a platform's id."""
        return self._derived(purpose, context)

    def _derive(self, purpose: str, context: tuple[str, ...]) -> bytes:
        info = length_prefixed("governance.v1", purpose, *context)
        return HKDF(algorithm=SHA256(), length=_LENGTH, salt=None, info=info).derive(self._root_key)
