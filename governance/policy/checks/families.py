"""Families of sections: a key and the parts that a record lists under the key's first word."""

from collections.abc import Iterable

from governance.policy.records import Table


def sections_of(tables: Table, keys: Iterable[str]) -> frozenset[str]:
    """Return the sections behind the keys; a key whose family has no parts is itself the section."""
    return frozenset(section for key in keys for section in _parts_of(tables, key))


def _parts_of(tables: Table, key: str) -> list[str]:
    parts = tables["parts"].get(key.partition(".")[0])
    return [key] if parts is None else [f"{key}.{part}" for part in parts]
