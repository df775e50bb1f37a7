"""Settings: one frozen dataclass, read from a directory's `settings.env` and `GOVERNANCE_*` variables."""

import base64
import binascii
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import URL

from governance.errors import GovernanceError

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_ROOT_KEY_BYTES: Final = 32
_SETTINGS_FILE: Final = "settings.env"
_KEY_FILE: Final = "root.key"


class SettingsError(GovernanceError):
    """A setting is missing or cannot be used; the message names the command that mends it."""

    code = "settings"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the service needs to know before it starts."""

    public_url: str
    """Where patients and platforms reach us; never taken from a request."""
    database_url: str = field(repr=False)
    root_key: bytes = field(repr=False)

    @property
    def cookie_secure(self) -> bool:
        """Whether cookies travel by https only; plain http is allowed on loopback alone."""
        return urlsplit(self.public_url).scheme == "https"


def load_settings(directory: Path | None, environ: Mapping[str, str]) -> Settings:
    """Read the settings of a directory made by `governance init`, variables winning over its file.

    Secrets may come from a file: `GOVERNANCE_ROOT_KEY_FILE`. Raises `SettingsError`.
    """
    values = {**_read_file(directory), **{k: v for k, v in environ.items() if k.startswith("GOVERNANCE_")}}
    public_url = _required(values, "GOVERNANCE_PUBLIC_URL").rstrip("/")
    _check_public_url(public_url)
    return Settings(
        public_url=public_url,
        database_url=_required(values, "GOVERNANCE_DATABASE_URL"),
        root_key=_root_key(values),
    )


def init_directory(directory: Path, public_url: str) -> None:
    """Make a directory with settings, a database place and a fresh root key readable by its owner alone.

    Raises `SettingsError` if there are settings already: a key is never overwritten.
    """
    _check_public_url(public_url)
    settings_file, key_file = directory / _SETTINGS_FILE, directory / _KEY_FILE
    if settings_file.exists() or key_file.exists():
        raise SettingsError("this directory holds settings already; choose another one, or use it as it is")
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    key_file.touch(mode=0o600)
    key_file.write_text(base64.urlsafe_b64encode(secrets.token_bytes(_ROOT_KEY_BYTES)).decode() + "\n")
    key_file.chmod(0o400)
    database = (directory / "governance.db").resolve()
    # SQLite gives the files it makes beside it the same mode.
    database.touch(mode=0o600)
    lines = {
        "GOVERNANCE_PUBLIC_URL": public_url,
        "GOVERNANCE_DATABASE_URL": URL.create("sqlite", database=str(database)).render_as_string(),
        "GOVERNANCE_ROOT_KEY_FILE": str(key_file.resolve()),
    }
    settings_file.write_text("".join(f"{name}={value}\n" for name, value in lines.items()), encoding="utf-8")


def _read_file(directory: Path | None) -> dict[str, str]:
    if directory is None:
        return {}
    path = directory / _SETTINGS_FILE
    if not path.exists():
        raise SettingsError("no settings found there; run `governance init DIR` first, then use `--dir DIR`")
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def _required(values: Mapping[str, str], name: str) -> str:
    value = values.get(name, "")
    if not value:
        raise SettingsError(f"`{name}` is not set; run `governance init DIR` and use `--dir DIR`, or set it")
    return value


def _root_key(values: Mapping[str, str]) -> bytes:
    text = values.get("GOVERNANCE_ROOT_KEY", "")
    if not text:
        path = Path(_required(values, "GOVERNANCE_ROOT_KEY_FILE"))
        if not path.exists():
            raise SettingsError("the key file is gone; put it back from your backup: without it nothing can be read")
        text = path.read_text(encoding="ascii", errors="replace")
    try:
        key = base64.urlsafe_b64decode(text.strip())
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != _ROOT_KEY_BYTES or len(set(key)) == 1:
        raise SettingsError(
            "the root key must be 32 random bytes in base64url; put it back from your backup, as nothing old "
            "can be read with another one; only a new service gets a new key, by `governance init DIR`"
        )
    return key


def _check_public_url(public_url: str) -> None:
    if not _is_safe(public_url):
        raise SettingsError("`GOVERNANCE_PUBLIC_URL` must be an https address, or http on this machine alone")


def _is_safe(address: str) -> bool:
    """Say whether an address is plain enough to be read in one way, and kept from listeners on the way."""
    # Parsers and browsers read these differently.
    if not address.isascii() or not address.isprintable() or set(address) & set(" \\?#@"):
        return False
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises where it is no number
    except ValueError:
        return False
    on_loopback = parts.scheme == "http" and parts.hostname in _LOOPBACK
    return bool(parts.hostname) and (parts.scheme == "https" or on_loopback)
