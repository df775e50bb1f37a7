"""Strict reading of tables: every key is asked for by name, and a key nobody asked for is an error."""

from collections.abc import Mapping
from typing import Any


class ScenarioError(ValueError):
    """A scenario file says something that cannot be read; the message names the file and the place in it."""


class Table:
    """One TOML table that remembers which of its keys were read."""

    def __init__(self, content: object, where: str) -> None:
        """Wrap a table; `where` is told in every error."""
        if not isinstance(content, Mapping):
            message = f"{where}: expected a table, found {content!r}"
            raise ScenarioError(message)
        self.content: Mapping[str, Any] = content
        self.where = where
        self._asked: set[str] = set()

    def __contains__(self, key: str) -> bool:
        """Say whether the key is written."""
        return key in self.content

    def take(self, key: str, default: Any = None) -> Any:
        """Return the value of a key, or the default if it is not written."""
        self._asked.add(key)
        return self.content.get(key, default)

    def must(self, key: str) -> Any:
        """Return the value of a key that has to be written."""
        if key not in self.content:
            message = f"{self.where}: the key '{key}' is missing"
            raise ScenarioError(message)
        return self.take(key)

    def text(self, key: str, default: str | None = None) -> str:
        """Return a key's text."""
        value = self.must(key) if default is None else self.take(key, default)
        if not isinstance(value, str):
            raise self.wrong(key, "expected text in quotes")
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """Return a key's true or false."""
        value = self.take(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, "expected true or false")
        return value

    def table(self, key: str) -> "Table":
        """Return the table under a key; an empty one if it is not written."""
        return Table(self.take(key, {}), self.at(key))

    def tables(self, key: str) -> list["Table"]:
        """Return the list of tables under a key; none if it is not written."""
        return [Table(item, f"{self.at(key)}[{number}]") for number, item in enumerate(self.items(key), 1)]

    def items(self, key: str) -> list[Any]:
        """Return the list under a key; one single value counts as a list of one."""
        value = self.take(key, [])
        return value if isinstance(value, list) else [value]

    def at(self, key: str) -> str:
        """Name the place of a key for an error."""
        return f"{self.where}.{key}"

    def wrong(self, key: str, why: str) -> ScenarioError:
        """Build the error about a key's value."""
        return ScenarioError(f"{self.at(key)}: {why}, found {self.content.get(key)!r}")

    def done(self) -> None:
        """Refuse the keys that nobody asked for."""
        unknown = sorted(set(self.content) - self._asked)
        if unknown:
            known = ", ".join(sorted(self._asked))
            message = f"{self.where}: unknown key '{unknown[0]}' (known here: {known})"
            raise ScenarioError(message)
