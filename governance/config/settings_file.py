"""A directory's `settings.env`: a line for each setting, as `NAME=value`; empty lines and `# …` say nothing."""

import re
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import Final, NamedTuple

from governance.config.errors import SettingsError
from governance.pep.secret_files import ExposedFileError, check_unexposed

SETTINGS_FILE: Final = "settings.env"
_SECRETS: Final = ("GOVERNANCE_KEYS", "GOVERNANCE_METRICS_TOKEN", "GOVERNANCE_SMTP_PASSWORD")
_DATABASE_URL: Final = "GOVERNANCE_DATABASE_URL"
_WITH_A_PASSWORD: Final = re.compile(r"[a-z0-9+]+://[^/@]*:[^@]+@.+")
_LINE: Final = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\s*=(.*)", re.DOTALL)


class Lines(NamedTuple):
    """What a file says, by number the lines that say nothing we know how to read, and who else can read it."""

    said: dict[str, str]
    unread: list[int]
    exposed: str = ""
    """What to do where others can read it though it holds a secret."""

    def require_sound(self) -> dict[str, str]:
        """Return what it says. Raises `SettingsError` if a line cannot be read, or others can read a secret."""
        for fault in self.faults:
            raise SettingsError(fault)
        return self.said

    @property
    def faults(self) -> Iterator[str]:
        """What is wrong, of lines by numbers alone: they may hold a secret."""
        if self.unread:
            # What they were to set is not set.
            which = ", ".join(str(number) for number in self.unread)
            yield f"`{SETTINGS_FILE}` cannot be read in line {which}: write `NAME=value`, or begin it with `#`"
        if self.exposed:
            yield self.exposed


def read(directory: Path | None) -> Lines:
    """Read the file of a directory. Raises `SettingsError` if it is not there, or cannot be read at all."""
    if directory is None:
        return Lines({}, [])
    said: dict[str, str] = {}
    unread = []
    text, exposed = _text(directory / SETTINGS_FILE)
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        pair = _LINE.fullmatch(stripped)
        if pair is None:
            unread.append(number)
        else:
            said[pair[1]] = pair[2].strip()
    return Lines(said, unread, exposed if _holds_a_secret(said) else "")


def _holds_a_secret(said: dict[str, str]) -> bool:
    with_a_password = _WITH_A_PASSWORD.fullmatch(said.get(_DATABASE_URL, ""))
    return with_a_password is not None or any(said.get(name) for name in _SECRETS)


def _text(path: Path) -> tuple[str, str]:
    """Return what the file says, and what to do where others can read it."""
    try:
        with path.open("rb") as file:
            return file.read().decode(), _exposed(file, path)
    except (FileNotFoundError, NotADirectoryError):
        raise SettingsError("no settings found there; run `governance init DIR` first, then use `--dir DIR`") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be read ({error.strerror}); run as its owner") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path} is no text in UTF-8; write it anew, one `NAME=value` a line") from None


def _exposed(file: BufferedReader, path: Path) -> str:
    try:
        check_unexposed(file, path)
    except ExposedFileError as error:
        return str(error)
    return ""
