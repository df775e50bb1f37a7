"""Settings: one frozen dataclass, read from a directory's `settings.env` and `GOVERNANCE_*` variables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import make_url

from governance.config import key_file, settings_file
from governance.config.addresses import is_safe
from governance.config.errors import KeysError, SettingsError
from governance.config.key_set import KeySet
from governance.config.limits import METRICS_TOKEN, LimitSettings, limit_settings
from governance.config.look_ups import look_ups_in
from governance.config.mail import MailSettings, mail_settings
from governance.config.providers import FILE, KeysProvider, provider_in
from governance.config.public import PublicSettings, public_settings
from governance.config.settings_file import SETTINGS_FILE
from governance.config.webhooks import to_loopback_in
from governance.pep.secret_files import ExposedFileError, read_secret

__all__ = ["KeySet", "KeysError", "Settings", "SettingsError", "init_directory", "keys_provider", "load_settings"]

_KEY_FILE: Final = "keys.json"
_DATABASE: Final = "governance.db"
PUBLIC_URL: Final = "GOVERNANCE_PUBLIC_URL"
DATABASE_URL: Final = "GOVERNANCE_DATABASE_URL"
OUTSIDE_DIR: Final = "GOVERNANCE_OUTSIDE_DIR"
_SQLITE: Final = "sqlite:///"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the service needs to know before it starts."""

    public_url: str
    """Where patients and platforms reach us; never taken from a request."""
    database_url: str = field(repr=False)
    keys: KeySet = field(repr=False)
    outside: Path | None = None
    """Where checkpoints and the journal are kept, best on another disk; none keeps nothing outside the database."""
    limits: LimitSettings = field(default_factory=LimitSettings)
    """How much one caller may ask for, and what is written down about requests."""
    mail: MailSettings | None = None
    """The mail server; none leaves messages waiting."""
    public: PublicSettings = field(default_factory=PublicSettings)
    """What pages say of whoever runs this, and where they lead somebody who must leave at once."""
    look_ups: Mapping[str, str] = field(default_factory=dict)
    """By code: the registers that the worker asks by itself, and where; none unless an operator names them."""
    webhooks_to_loopback: bool = False
    """Whether hints may go to this very machine; in a demo or a test."""
    reread_keys: Callable[[], KeySet] | None = field(default=None, repr=False, compare=False)
    """Asks the provider once more: `governance keys rotate` adds an epoch while the service runs."""

    @property
    def cookie_secure(self) -> bool:
        """Whether cookies travel by https only; plain http is allowed on loopback alone."""
        return urlsplit(self.public_url).scheme == "https"


def load_settings(directory: Path | None, environ: Mapping[str, str]) -> Settings:
    """Read the settings of a directory made by `governance init`, variables winning over its file.

    Secrets may come from files: `GOVERNANCE_KEYS_FILE`, `GOVERNANCE_DATABASE_URL_FILE`. Raises `SettingsError`.
    """
    values = values_of(directory, environ)
    provider = keys_provider(directory, environ)
    return Settings(
        public_url=public_url_in(values),
        database_url=database_url_in(values),
        keys=provider.read(),
        outside=Path(required(values, OUTSIDE_DIR)),
        limits=limit_settings(values, secret_if_set(values, METRICS_TOKEN)),
        mail=mail_settings(values),
        public=public_settings(values),
        look_ups=look_ups_in(values),
        webhooks_to_loopback=to_loopback_in(values, public_url_in(values)),
        reread_keys=provider.read,
    )


def public_url_in(values: Mapping[str, str]) -> str:
    """Return where people reach us. Raises `SettingsError`."""
    public_url = required(values, PUBLIC_URL).rstrip("/")
    _check_public_url(public_url)
    return public_url


def database_url_in(values: Mapping[str, str]) -> str:
    """Return the address of the database, which may hold a password. Raises `SettingsError`."""
    return _secret(values, DATABASE_URL)


def keys_provider(directory: Path | None, environ: Mapping[str, str]) -> KeysProvider:
    """Return where the keys come from. Raises `SettingsError`."""
    return provider_in(environ, _read_file(directory))


def init_directory(directory: Path, public_url: str) -> None:
    """Make a directory with settings, a database place and fresh keys readable by their owner alone.

    Raises `SettingsError` if there are settings already, as keys are never overwritten, or if it cannot be made.
    """
    _check_public_url(public_url)
    settings, keys_file = directory / SETTINGS_FILE, directory / _KEY_FILE
    if settings.exists() or keys_file.exists():
        raise SettingsError("this directory holds settings already; choose another one, or use it as it is")
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SettingsError(f"{directory} cannot be made ({error.strerror}); choose another directory") from None
    key_file.create(keys_file, KeySet.fresh())
    # SQLite gives the files it makes beside it the same mode.
    (directory / _DATABASE).touch(mode=0o600)
    lines = {
        "GOVERNANCE_PUBLIC_URL": public_url,
        # Beside this file, wherever the directory is moved.
        "GOVERNANCE_DATABASE_URL": f"sqlite:///{_DATABASE}",
        FILE: _KEY_FILE,
        "GOVERNANCE_OUTSIDE_DIR": "outside",
    }
    # Somebody will write a password into it.
    settings.touch(mode=0o600)
    settings.write_text("".join(f"{name}={value}\n" for name, value in lines.items()), encoding="utf-8")


def values_of(directory: Path | None, environ: Mapping[str, str]) -> dict[str, str]:
    """Return every setting as it is said, variables winning over the directory. Raises `SettingsError`."""
    return joined(_read_file(directory), environ)


def joined(kept: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """Return the settings of a directory and of variables, which win."""
    said = {name: value for name, value in environ.items() if name.startswith("GOVERNANCE_")}
    # A secret's file named in the variables wins over the secret itself in the directory, too.
    return {**{name: value for name, value in kept.items() if f"{name}_FILE" not in said}, **said}


def _read_file(directory: Path | None) -> dict[str, str]:
    return placed(directory, settings_file.read(directory).require_sound())


def placed(directory: Path | None, said: Mapping[str, str]) -> dict[str, str]:
    """Return what a directory's file says, its paths as seen from anywhere."""
    return {name: value if directory is None else _beside(directory, name, value) for name, value in said.items()}


def _beside(directory: Path, name: str, value: str) -> str:
    """Return a setting of a directory with its path as seen from anywhere: the directory may be moved."""
    place = directory.resolve()
    if name.endswith(("_FILE", "_DIR")) and value:
        return str(place / value)
    if name != DATABASE_URL or not value.startswith(_SQLITE):
        return value
    url = make_url(value)
    in_memory = not url.database or url.database.startswith((":", "file:"))
    return value if in_memory else url.set(database=str(place / str(url.database))).render_as_string()


def required(values: Mapping[str, str], name: str) -> str:
    """Return a setting. Raises `SettingsError` that names it if it is not set."""
    value = values.get(name, "")
    if not value:
        raise SettingsError(f"`{name}` is not set; run `governance init DIR` and use `--dir DIR`, or set it")
    return value


def _secret(values: Mapping[str, str], name: str) -> str:
    """Return a setting that may hold a password: itself, or the content of the file in `NAME_FILE`."""
    path = values.get(f"{name}_FILE", "")
    if values.get(name) or not path:
        return required(values, name)
    try:
        return read_secret(Path(path)).strip()
    except ExposedFileError as error:
        raise SettingsError(f"`{name}_FILE`: {error}") from None
    except (OSError, UnicodeDecodeError):
        raise SettingsError(
            f"the file named by `{name}_FILE` cannot be read; correct the setting or the file"
        ) from None


def secret_if_set(values: Mapping[str, str], name: str) -> str:
    """Return a setting that may hold a secret, or be left out. Raises `SettingsError`."""
    return _secret(values, name) if values.get(name) or values.get(f"{name}_FILE") else ""


def _check_public_url(public_url: str) -> None:
    if not is_safe(public_url):
        raise SettingsError("`GOVERNANCE_PUBLIC_URL` must be an https address, or http on this machine alone")
