"""A strict I-JSON reader (RFC 7493): what two readers could understand differently is not understood at all."""

import json
import math
from collections.abc import Iterator

from governance.pep.failures import UnansweredError


def load(raw: bytes) -> object:
    """Return the value that `raw` stands for.

    Raises `UnansweredError` (`not_i_json`) for bytes that are not UTF-8, names that occur twice, NaN, numbers beyond a
    double, lone surrogates and depth beyond the interpreter's limit.
    """
    try:
        value = json.loads(
            raw.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite
        )
        for text in _strings(value):
            text.encode("utf-8")
    except (ValueError, RecursionError):
        raise UnansweredError("not_i_json") from None
    return value


def load_object(raw: bytes) -> dict[str, object]:
    """Return the JSON object that `raw` stands for; anything else raises `UnansweredError`."""
    value = load(raw)
    if not isinstance(value, dict):
        raise UnansweredError("not_understood")
    return value


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name occurs twice")
    return members


def _no_constant(name: str) -> float:
    raise ValueError(f"`{name}` is no JSON number")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("beyond a double")
    return number


def _strings(value: object) -> Iterator[str]:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            waiting += item.keys()
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item
