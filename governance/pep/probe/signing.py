"""The signed report: a compact JWS (EdDSA) whose header carries the public key, so that anybody can check it."""

import base64
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from governance.pep.probe.failures import ProbeError
from governance.pep.secret_files import ExposedFileError, read_secret

TYPE: Final = "probe-report+jws"
_PRIVATE: Final = 0o600


def sign(report: Mapping[str, Any], key_file: Path) -> str:
    """Sign a report with the key in a file, which is made if it is not there. Raises `ProbeError`."""
    key = _key(key_file)
    public = key.public_key().public_bytes_raw()
    header = {"alg": "EdDSA", "typ": TYPE, "jwk": {"kty": "OKP", "crv": "Ed25519", "x": _written(public)}}
    said = ".".join(
        _written(json.dumps(part, separators=(",", ":"), sort_keys=True).encode()) for part in (header, report)
    )
    return f"{said}.{_written(key.sign(said.encode()))}"


def verify(signed: str, key: str) -> dict[str, Any]:
    """Return a report that was signed with `key` (its `x`, which one got from who made it). Raises `ProbeError`."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - only who signs and checks needs it
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    try:
        said, _, signature = signed.strip().rpartition(".")
        header, report = (json.loads(_read(part)) for part in said.split("."))
        if header["alg"] != "EdDSA" or header["typ"] != TYPE:
            raise ProbeError("this is no report of a probe")
        Ed25519PublicKey.from_public_bytes(_read(key)).verify(_read(signature), said.encode())
        if not isinstance(report, dict):
            raise ProbeError("this is no report of a probe")
    except (InvalidSignature, ValueError, KeyError, TypeError):
        raise ProbeError("the signature is not of this key, or the report was changed") from None
    return report


def public_key(key_file: Path) -> str:
    """Return the `x` of the key in a file, which is made if it is not there. Raises `ProbeError`."""
    return _written(_key(key_file).public_key().public_bytes_raw())


def _key(path: Path) -> Any:  # noqa: ANN401 - the kit's types do without the library
    try:
        from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - only who signs and checks needs it
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415
    except ImportError:
        raise ProbeError("signing needs `cryptography`: install it, or leave out --report") from None
    if path.exists():
        key = serialization.load_pem_private_key(_secret(path).encode(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ProbeError(f"{path} holds another kind of key: the report is signed with Ed25519")
        return key
    made = Ed25519PrivateKey.generate()
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE), "wb") as file:
        file.write(made.private_bytes(*plain))
    return made


def _secret(path: Path) -> str:
    try:
        # THREAT: who reads the key signs that a forum leaks nothing.
        return read_secret(path, alone=True)
    except ExposedFileError as error:
        raise ProbeError(str(error)) from None


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _read(text: str) -> bytes:
    """Read what is written in the one way there is: otherwise one report could be sent as many. Raises `ValueError`."""
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if _written(raw) != text:
        raise ValueError("not written as it should be")
    return raw
