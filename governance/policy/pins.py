"""Writes the pins of a record: the hash of each text, so that a changed text never passes unseen."""

import hashlib
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from governance.policy.errors import PolicyPinError

_TABLE = re.compile(r"^\[texts\.(?P<label>[A-Za-z0-9_-]+)\][^\n]*\n(?P<body>(?:(?!\[).*\n?)*)", re.MULTILINE)
_SHA256 = re.compile(r"^sha256\s*=.*$", re.MULTILINE)
_FILE = re.compile(r"^file\s*=.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PinChange:
    """What pinning did to one text; `before` is empty where there was no pin."""

    label: str
    file: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        """Say whether the text is another one than before."""
        return self.before != self.after


def pin(path: Path) -> list[PinChange]:
    """Write the hash of every text into the record file, and nothing else.

    Raises `PolicyPinError` where the record or a text cannot be read, or its tables are written in a way that
    cannot be edited in place; then the file stays as it was.
    """
    written = _read(path)
    changes = [_change(path, label, text) for label, text in _texts(path, written).items()]
    pinned = _TABLE.sub(lambda table: _with_pin(table, changes), written)
    after = {label: text.get("sha256") for label, text in _texts(path, pinned).items()}
    if after != {change.label: change.after for change in changes}:
        raise PolicyPinError(f"`{path}` has texts that are no [texts.<language>] tables: write them so")
    path.write_bytes(pinned.encode("utf-8"))
    return changes


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as broken:
        raise PolicyPinError(f"`{path}` cannot be read: name the record's .toml file") from broken


def _texts(path: Path, written: str) -> dict[str, dict[str, str]]:
    try:
        texts: dict[str, dict[str, str]] = tomllib.loads(written).get("texts", {})
    except tomllib.TOMLDecodeError as broken:
        raise PolicyPinError(f"`{path}` is no policy record: name the record's .toml file") from broken
    return texts


def _change(path: Path, label: str, text: dict[str, str]) -> PinChange:
    try:
        content = path.with_name(text["file"]).read_bytes()
    except (KeyError, OSError) as broken:
        raise PolicyPinError(f"the text `texts.{label}` of `{path}` cannot be read: put its file there") from broken
    return PinChange(label, text["file"], text.get("sha256", ""), hashlib.sha256(content).hexdigest())


def _with_pin(table: re.Match[str], changes: list[PinChange]) -> str:
    after = {change.label: change.after for change in changes}.get(table["label"])
    line = f'sha256 = "{after}"'
    if after is None:
        return table[0]
    if _SHA256.search(table["body"]):
        return _SHA256.sub(line, table[0], count=1)
    return _FILE.sub(lambda file: f"{file[0]}\n{line}", table[0], count=1)
