"""Reading JSON without guessing: I-JSON (RFC 7493), small, flat and unambiguous, or a clear error.

Two members of one name, NaN or a lone surrogate mean different things to different readers; a decision
must not depend on which reader is used.
"""

import json
from math import isfinite
from typing import Any, Final, NoReturn

from governance.errors import BadInputError

DEEPEST: Final = 16
_LARGEST_INTEGER: Final = 2**53 - 1
_CONTAINERS: Final = (dict, list)
_MOST_DIGITS: Final = len(str(-_LARGEST_INTEGER))


def load_strictly(body: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value of a JSON text in UTF-8. Raises `BadInputError` and says what is wrong."""
    try:
        text = body.decode("utf-8")
        value = _READER.decode(text)
    except UnicodeDecodeError as error:
        raise BadInputError("the body must be UTF-8") from error
    except RecursionError as error:
        raise BadInputError(f"the body is nested deeper than {DEEPEST}") from error
    except ValueError as error:
        raise BadInputError("the body must be valid JSON: see its syntax and the size of its numbers") from error
    _check_depth([value], DEEPEST + 1)
    # Unescaped, neither NUL nor half a character gets this far.
    if "\\u" in text:
        _check_texts(value)
    return value


def load_object(body: bytes) -> dict[str, Any]:
    """Return a JSON object. Raises `BadInputError`."""
    value = load_strictly(body)
    if not isinstance(value, dict):
        raise BadInputError("the body must be a JSON object")
    return value


def check_text(text: str) -> None:
    """Raise `BadInputError` unless every database can store the text and give it back."""
    try:
        stored = text.encode()
    except UnicodeEncodeError as error:
        raise BadInputError("a text holds half of a character; send whole ones") from error
    if b"\x00" in stored:
        raise BadInputError("a text holds the character NUL, which cannot be stored")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadInputError("a JSON object has two members of the same name")
    return found


def _no_constant(_name: str) -> NoReturn:
    raise BadInputError("NaN and Infinity are no JSON")


def _whole(digits: str) -> int:
    # The length first: turning a million digits into a number takes seconds.
    if len(digits) > _MOST_DIGITS or abs(int(digits)) > _LARGEST_INTEGER:
        raise BadInputError("a whole number is too large for JSON")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if not isfinite(number):
        raise BadInputError("a number is too large for JSON")
    return number


_READER: Final = json.JSONDecoder(
    object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_whole, parse_float=_finite
)


def _check_depth(value: Any, levels: int) -> None:  # noqa: ANN401 - any JSON value
    """Check a list or an object in which there may be so many levels more; other values have no depth."""
    if levels < 0:
        raise BadInputError(f"the body is nested deeper than {DEEPEST}")
    for member in value.values() if isinstance(value, dict) else value:
        if isinstance(member, _CONTAINERS):
            _check_depth(member, levels - 1)


def _check_texts(value: Any) -> None:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        check_text(value)
    elif isinstance(value, list):
        for member in value:
            _check_texts(member)
    elif isinstance(value, dict):
        for name, member in value.items():
            check_text(name)
            _check_texts(member)
