"""Proof that a row was written by us: whoever can write to the database alone cannot open anything."""

import hmac

from governance.crypto.keys import Keyring, length_prefixed
from governance.effective.errors import BrokenRowError


def row_mac(keyring: Keyring, kind: str, subject: str, version: int, document: bytes) -> bytes:
    """Return the code over a row in force; the version is in it, so that an old document cannot come back."""
    return _mac(keyring, "row", kind, subject, str(version), document)


def account_mac(keyring: Keyring, key: str, patient: str | None, hcp: str | None, marks: str) -> bytes:
    """Return the code over what an account is bound to; none and empty differ."""
    return _mac(
        keyring, "account", key, *(b"" if part is None else b"=" + part.encode() for part in (patient, hcp)), marks
    )


def check(expected: bytes, found: bytes | None) -> None:
    """Raise `BrokenRowError` unless the codes are equal."""
    if found is None or not hmac.compare_digest(expected, found):
        raise BrokenRowError("a row in force does not carry our code; restore it from a backup")


def _mac(keyring: Keyring, *parts: str | bytes) -> bytes:
    return hmac.digest(keyring.derive("state-mac"), length_prefixed(*parts), "sha256")
