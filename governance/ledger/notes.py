"""Signed notes: a text with signature lines, as transparency logs and their witnesses exchange them.

Source: C2SP signed-note, Ed25519 signatures (type 0x01).
"""

import binascii
import re
from base64 import b64decode, b64encode
from hashlib import sha256
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from governance.ledger.errors import OutsideError

_ED25519: Final = b"\x01"
_MARK: Final = "\u2014 "
_KEY_ID_BYTES: Final = 4
_MOST_SIGNATURES: Final = 16
_LONGEST: Final = 128 * 1024
_CONTROLS: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")


class Verifier(NamedTuple):
    """A public key with the name under which it signs."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell this key from others of the same name; no proof of anything."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:_KEY_ID_BYTES]

    def __str__(self) -> str:
        """Return the verifier key as other programs read it: name, key id, key."""
        return f"{self.name}+{self.key_id.hex()}+{b64encode(_ED25519 + self.public).decode()}"


def sign_note(text: str, name: str, private: Ed25519PrivateKey) -> str:
    """Return the text with our signature line. The text ends with a line feed."""
    verifier = Verifier(name, private.public_key().public_bytes_raw())
    signature = b64encode(verifier.key_id + private.sign(text.encode())).decode()
    return f"{text}\n{_MARK}{name} {signature}\n"


def open_note(note: str, verifier: Verifier) -> str:
    """Return the text of a note that the verifier's key signed; signatures of others are passed over.

    Raises `OutsideError`.
    """
    text, signatures = _parted(note)
    ours = [signature for name, signature in signatures if name == verifier.name]
    ours = [signature for signature in ours if signature[:_KEY_ID_BYTES] == verifier.key_id]
    if not ours:
        raise OutsideError("a checkpoint is not signed by this service's key; run `governance ledger verify`")
    public = Ed25519PublicKey.from_public_bytes(verifier.public)
    try:
        for signature in ours:
            public.verify(signature[_KEY_ID_BYTES:], text.encode())
    except InvalidSignature as error:
        raise OutsideError("a checkpoint was changed after it was signed; run `governance ledger verify`") from error
    return text


def _parted(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    body, between, lines = note.rpartition("\n\n")
    signed = lines.split("\n")
    if (
        len(note) > _LONGEST
        or _CONTROLS.search(note)
        or not between
        or signed.pop() != ""
        or len(signed) > _MOST_SIGNATURES
    ):
        raise OutsideError("a checkpoint has not the form of a signed note; run `governance ledger verify`")
    return body + "\n", [_signature(line) for line in signed]


def _signature(line: str) -> tuple[str, bytes]:
    name, _, encoded = line.removeprefix(_MARK).partition(" ")
    try:
        signature = b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        signature = b""
    if not line.startswith(_MARK) or not name or len(signature) <= _KEY_ID_BYTES:
        raise OutsideError("a checkpoint has a signature line that cannot be read; run `governance ledger verify`")
    return name, signature
