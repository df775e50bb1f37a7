"""Compares a table with the shape it must have, so that rules may rely on types and closed lists.

A shape is written like the table: a dict of keys (`key?` may be left out, `*` stands for any key, an enum
stands for all its words), a list of one shape, a type, an enum or a set of words.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from enum import Enum, StrEnum
from typing import Any, TypeAlias

from governance.policy.sections import Fault

Shape: TypeAlias = "type | frozenset[str] | list[Shape] | dict[Any, Shape]"

ANY_KEY = "*"

_PLAIN: Mapping[type, str] = {
    str: "text",
    int: "a whole number",
    bool: "true or false",
    datetime: "a time such as 2026-01-01T00:00:00Z",
    date: "a date such as 2026-01-01",
    dict: "a table",
    list: "a list",
}


def misfits(value: object, shape: Shape, key: str = "") -> Iterator[Fault]:
    """Yield every place where the value does not have the shape."""
    if isinstance(shape, dict):
        yield from _table(value, shape, key)
    elif isinstance(shape, list):
        yield from _array(value, shape[0], key)
    elif isinstance(shape, frozenset) or issubclass(shape, Enum):
        yield from _word(value, _words(shape), key)
    else:
        yield from _leaf(value, shape, key)


def _table(value: object, shape: dict[Any, Shape], key: str) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield _wrong_type(value, dict, key)
        return
    required, optional, rest = _keys(shape)
    known = required | optional
    for name in sorted(required.keys() - value.keys()):
        yield Fault(_join(key, name), "is missing", f"add it: {_expected(required[name])}")
    for name, inner in value.items():
        wanted = known.get(name, rest)
        if wanted is None:
            yield Fault(_join(key, name), "is not known here", _suggestion(name, known))
        else:
            yield from misfits(inner, wanted, _join(key, name))


def _keys(shape: dict[Any, Shape]) -> tuple[dict[str, Shape], dict[str, Shape], "Shape | None"]:
    """Return the keys that must be there, those that may, and the shape of any other."""
    required: dict[str, Shape] = {}
    optional: dict[str, Shape] = {}
    for name, inner in shape.items():
        if isinstance(name, type):
            required |= dict.fromkeys(sorted(_words(name)), inner)
        elif name.endswith("?"):
            optional[name[:-1]] = inner
        elif name != ANY_KEY:
            required[name] = inner
    return required, optional, shape.get(ANY_KEY)


def _array(value: object, inner: Shape, key: str) -> Iterator[Fault]:
    if not isinstance(value, list):
        yield _wrong_type(value, list, key)
        return
    for number, item in enumerate(value, start=1):
        yield from misfits(item, inner, f"{key}[{number}]")


def _word(value: object, words: frozenset[str], key: str) -> Iterator[Fault]:
    if not isinstance(value, str) or value not in words:
        yield Fault(key, f"`{value}` is not in the closed list", f"use one of {', '.join(sorted(words))}")


def _leaf(value: object, wanted: type, key: str) -> Iterator[Fault]:
    # `type(...) is`: true is no number and a time is no date, though Python says so.
    if type(value) is not wanted:
        yield _wrong_type(value, wanted, key)
    elif isinstance(value, str) and not value.strip():
        yield Fault(key, "is empty", "write it")


def _words(shape: frozenset[str] | type[Enum]) -> frozenset[str]:
    return shape if isinstance(shape, frozenset) else frozenset(str(word.value) for word in shape)


def _wrong_type(value: object, wanted: type, key: str) -> Fault:
    is_now = _PLAIN.get(type(value), type(value).__name__)
    return Fault(key, f"is {is_now}", f"make it {_PLAIN.get(wanted, wanted.__name__)}")


def _expected(shape: Shape) -> str:
    if isinstance(shape, frozenset) or (isinstance(shape, type) and issubclass(shape, StrEnum)):
        return f"one of {', '.join(sorted(_words(shape)))}"
    return _PLAIN.get(shape if isinstance(shape, type) else type(shape), "a value")


def _suggestion(name: str, known: dict[str, Shape]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"did you mean `{near[0]}`?" if near else f"take it out; known are {', '.join(sorted(known)) or 'none'}"


def _join(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name
