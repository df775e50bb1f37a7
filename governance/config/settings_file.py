"""A directory's `settings.env`: a line for each setting, as `NAME=value`; empty lines and `# …` say nothing."""

import re
from pathlib import Path
from typing import Final, NamedTuple

from governance.config.errors import SettingsError

SETTINGS_FILE: Final = "settings.env"
_LINE: Final = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\s*=(.*)", re.DOTALL)


class Lines(NamedTuple):
    """What a file says, and by number the lines that say nothing we know how to read."""

    said: dict[str, str]
    unread: list[int]

    def require_all_read(self) -> dict[str, str]:
        """Return what it says. Raises `SettingsError` if a line cannot be read: what it was to set is not set."""
        if self.unread:
            raise SettingsError(self.fault)
        return self.said

    @property
    def fault(self) -> str:
        """What is wrong, by numbers alone: the lines may hold a secret."""
        which = ", ".join(str(number) for number in self.unread)
        return f"`{SETTINGS_FILE}` cannot be read in line {which}: write `NAME=value`, or begin it with `#`"


def read(directory: Path | None) -> Lines:
    """Read the file of a directory. Raises `SettingsError` if it is not there, or cannot be read at all."""
    if directory is None:
        return Lines({}, [])
    found = Lines({}, [])
    for number, line in enumerate(_text(directory / SETTINGS_FILE).splitlines(), start=1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        pair = _LINE.fullmatch(stripped)
        if pair is None:
            found.unread.append(number)
        else:
            found.said[pair[1]] = pair[2].strip()
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        raise SettingsError("no settings found there; run `governance init DIR` first, then use `--dir DIR`") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be read ({error.strerror}); run as its owner") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path} is no text in UTF-8; write it anew, one `NAME=value` a line") from None
