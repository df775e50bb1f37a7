"""Proof that a row was written by us: whoever can write to the database alone cannot open anything."""

import hmac
from typing import NamedTuple

from governance.crypto.keys import Keyring, length_prefixed
from governance.effective.documents import Kind
from governance.effective.errors import BrokenRowError


class Binding(NamedTuple):
    """What an account is bound to, and why it is governed."""

    platform: str
    key: str
    version: int
    patient: str | None
    hcp: str | None
    marks: str


class Said(NamedTuple):
    """Where and when a room said something."""

    kind: Kind
    subject: str
    room: str
    version: int
    at: int


def row_mac(keyring: Keyring, kind: str, subject: str, version: int, document: bytes) -> bytes:
    """Return the code over a row in force; an old document does not pass under the present version.

    A whole old row does: only a log outside the row can tell that it came back.
    """
    return _mac(keyring, "row", kind, subject, str(version), document)


def fragment_mac(keyring: Keyring, said: Said, document: bytes) -> bytes:
    """Return the code over what a room said.

    Rows are compiled from fragments: an unproven one would get our code at the next compilation.
    """
    return _mac(keyring, "fragment", *map(str, said), document)


def account_mac(keyring: Keyring, binding: Binding) -> bytes:
    """Return the code over what an account is bound to; none and empty differ."""
    bound = (b"" if part is None else b"=" + part.encode() for part in (binding.patient, binding.hcp))
    return _mac(keyring, "account", binding.platform, binding.key, str(binding.version), *bound, binding.marks)


def check(expected: bytes, found: bytes | None) -> None:
    """Raise `BrokenRowError` unless the codes are equal."""
    if found is None or not hmac.compare_digest(expected, found):
        raise BrokenRowError("a row in force does not carry our code; restore it from a backup")


def _mac(keyring: Keyring, *parts: str | bytes) -> bytes:
    return hmac.digest(keyring.derive("state-mac"), length_prefixed(*parts), "sha256")
