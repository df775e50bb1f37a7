"""Codes that people copy by hand: Crockford's base32 in groups, in which no two signs look alike.

Source: https://www.crockford.com/base32.html, without its check sign.
"""

import hmac
import secrets
from typing import Final

from governance.crypto.keys import Keyring, length_prefixed

_SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS: Final = str.maketrans("OIL", "011")
_BITS_PER_SIGN: Final = 5
_GROUP: Final = 5
_LONGEST: Final = 100


def new_code(bits: int) -> str:
    """Return a random code of at least so many bits, in groups of five signs."""
    signs = "".join(secrets.choice(_SIGNS) for _ in range(-(-bits // _BITS_PER_SIGN)))
    return "-".join(signs[start : start + _GROUP] for start in range(0, len(signs), _GROUP))


def code_digest(keyring: Keyring, purpose: str, typed: str) -> str:
    """Return what we keep of a code, 64 hexadecimal digits; small letters, spaces and hyphens make no difference."""
    key = keyring.derive(f"spoken-code.{purpose}")
    return hmac.digest(key, length_prefixed(read(typed)), "sha256").hex()


def read(typed: str) -> str:
    """Return the signs of a code, however it was typed."""
    found = typed[:_LONGEST].upper().translate(_READ_AS)
    return "".join(sign for sign in found if sign in _SIGNS)
