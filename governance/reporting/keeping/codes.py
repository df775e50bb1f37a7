"""Receipt codes: 120 random bits as 24 signs in groups of four, and one more that finds what was mistyped.

The signs are those of Crockford's base32, https://www.crockford.com/base32.html. Its own check sign may be one of
`*~$=U`, which nobody likes to write down; ours is one of the 32 and finds every single wrong sign and every two that
changed places, as each place counts with another power of a generator of the field of 32.
"""

import secrets
from typing import Final

from governance.crypto.keys import Keyring
from governance.crypto.spoken import code_digest

LAST: Final = 4
"""So many signs are typed back by who wrote the code down."""
_SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS: Final = str.maketrans("OIL", "011")
_MANY: Final = 24
_GROUP: Final = 4
_LONGEST: Final = 100
_FIELD: Final = 0b100101
"""x^5 + x^2 + 1, whose root generates the field."""
_TOP: Final = 0b100000
DECOY: Final = "0" * (_MANY + 1)
"""What a text that is no code is read as: nobody gets this one."""


def new_code() -> str:
    """Return a new code as it is shown, once: `7K3M-9QWT-…-PA5D2`."""
    signs = "".join(secrets.choice(_SIGNS) for _ in range(_MANY))
    whole = signs + _check_sign(signs)
    groups = [whole[start : start + _GROUP] for start in range(0, _MANY, _GROUP)]
    return "-".join(groups) + whole[-1]


def read_code(typed: str) -> str | None:
    """Return a code without its hyphens, however it was typed; none if it has a mistake in it."""
    signs = "".join(sign for sign in typed[:_LONGEST].upper().translate(_READ_AS) if sign in _SIGNS)
    if len(signs) != _MANY + 1 or signs[-1] != _check_sign(signs[:-1]) or signs == DECOY:
        return None
    return signs


def last_signs(typed: str) -> str:
    """Return the last four signs of a code or of what somebody typed back, to compare the two."""
    signs = "".join(sign for sign in typed[:_LONGEST].upper().translate(_READ_AS) if sign in _SIGNS)
    return signs[-LAST:]


def digest_of(keyring: Keyring, signs: str) -> str:
    """Return under what the database knows a code."""
    return code_digest(keyring, "report", signs)


def opening_key(keyring: Keyring, signs: str) -> bytes:
    """Return what opens the reporter's key: of the code and of ours, and not what the code is found by."""
    return keyring.bound("report-code.opens", signs)


def _check_sign(signs: str) -> str:
    total = 0
    for sign in signs:
        total = _doubled(total) ^ _SIGNS.index(sign)
    return _SIGNS[_doubled(total)]


def _doubled(value: int) -> int:
    value <<= 1
    return value ^ _FIELD if value & _TOP else value
