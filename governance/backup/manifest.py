"""What a backup says of itself, signed: whoever can change the file cannot make it say something else."""

import binascii
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Final, Literal

import msgspec
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from governance.backup.errors import BackupError
from governance.crypto.keys import Keyring

_PURPOSE: Final = "backup.manifest"
_CONTEXT: Final = b"governance backup manifest v1\n"
_SUFFIX: Final = ".manifest"
_BAD: Final = (
    "the backup's manifest was changed, or is another service's; use one that was made with this service's keys"
)


class Contents(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is in a database, in the one snapshot that was copied."""

    schema_revision: str
    ledger_epoch: int
    ledger_size: int
    ledger_root: str
    key_epochs: tuple[str, ...]
    """The epochs of the key document without which data keys in it do not open."""
    rows: dict[str, int]
    """By table."""


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands beside a backup."""

    format: Literal[1]
    database: Literal["sqlite", "postgresql"]
    at: int
    sha256: str
    contents: Contents


def beside(file: Path) -> Path:
    """Return where a backup's manifest lies."""
    return file.with_name(f"{file.name}{_SUFFIX}")


def described_by(file: Path) -> Path | None:
    """Return the backup that a manifest is of, by its name; none if this is no manifest's name."""
    name = file.name.removesuffix(_SUFFIX)
    return file.with_name(name) if name not in ("", file.name) else None


def signed(keyring: Keyring, manifest: Manifest) -> bytes:
    """Return the manifest as it is stored: one line of canonical JSON (RFC 8785), one line of signature."""
    document = rfc8785.dumps(msgspec.to_builtins(manifest))
    return document + b"\n" + b64encode(_key(keyring).sign(_CONTEXT + document)) + b"\n"


def read(keyring: Keyring, file: Path) -> Manifest:
    """Return the manifest of a backup. Raises `BackupError` unless it is whole and ours."""
    try:
        lines = beside(file).read_bytes()
    except OSError as error:
        raise BackupError(
            f"the backup's second file, its manifest `{beside(file).name}`, cannot be read ({error.strerror}); "
            "put it beside the backup, or use another one"
        ) from error
    try:
        document, signature, nothing = lines.split(b"\n")
        _key(keyring).public_key().verify(b64decode(signature, validate=True), _CONTEXT + document)
        # Other bytes of the same signature are no other signature, but they are a change.
        if nothing or b64encode(b64decode(signature)) != signature:
            raise BackupError(_BAD)
        return msgspec.json.decode(document, type=Manifest)
    except (ValueError, binascii.Error, InvalidSignature, msgspec.MsgspecError) as error:
        raise BackupError(_BAD) from error


def _key(keyring: Keyring) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(keyring.derive(_PURPOSE))
