"""What a forum's program sends to the sidecar, read strictly before anything is looked at."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from governance.pep.failures import UnansweredError
from governance.pep.strict import load_object

MOST_BYTES: Final = 1 << 20
_DEEPEST: Final = 16
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._~-]{1,128}")


class ProblemError(Exception):
    """What was sent cannot be answered; the message says what to send instead, and names nobody."""

    def __init__(self, status: int, title: str) -> None:
        """Keep both for the answer."""
        super().__init__(title)
        self.status = status
        self.title = title


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, read."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Mapping[str, object] | None
    """None where nothing was sent."""


def read_target(target: str) -> tuple[str, dict[str, str]]:
    """Return path and query of a request. Raises `ProblemError` for what two programs could read differently."""
    try:
        parts = urlsplit(target)
    except ValueError:
        raise ProblemError(400, "write the address as a path, such as /visible") from None
    try:
        pairs = (
            parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True, errors="strict") if parts.query else []
        )
    except ValueError:
        raise ProblemError(400, "write the query as name=value, in UTF-8") from None
    query = dict(pairs)
    if len(query) != len(pairs):
        raise ProblemError(400, "send each name of the query once")
    return parts.path, query


def read_length(lengths: list[str], codings: list[str]) -> int:
    """Return how long a body is. Raises `ProblemError` if that is not said once and plainly, or it is too long."""
    if codings or len(lengths) > 1:
        raise ProblemError(411, "send the body with one Content-Length, in one piece")
    if not lengths:
        return 0
    # `isdecimal` and `int` would also take digits of other scripts.
    if not re.fullmatch(r"[0-9]{1,9}", lengths[0]):
        raise ProblemError(400, "write Content-Length as a number")
    length = int(lengths[0])
    if length > MOST_BYTES:
        raise ProblemError(413, f"send at most {MOST_BYTES} bytes; ask about the rest in another request")
    return length


def read_body(content_types: list[str], raw: bytes) -> dict[str, object]:
    """Return the JSON object that was sent. Raises `ProblemError`."""
    if len(content_types) != 1 or content_types[0].partition(";")[0].strip().lower() != "application/json":
        raise ProblemError(415, "send JSON with the header `Content-Type: application/json`")
    try:
        members = load_object(raw)
    except UnansweredError:
        raise ProblemError(400, "send one JSON object in UTF-8 in which no name occurs twice") from None
    if _is_deep(members):
        raise ProblemError(400, f"send at most {_DEEPEST} objects and lists within one another")
    return members


def read_request_id(sent: list[str]) -> str:
    """Return the id to echo; "" for none that could stand in a header again."""
    return sent[0] if len(sent) == 1 and _REQUEST_ID.fullmatch(sent[0]) else ""


def _is_deep(members: object) -> bool:
    level: list[object] = [members]
    for _ in range(_DEEPEST):
        level = [
            inner
            for value in level
            for inner in (value.values() if isinstance(value, dict) else value if isinstance(value, list) else ())
        ]
    return bool(level)
