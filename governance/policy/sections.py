"""Reads a text file of a record: a flat list of sections, `## key` and then Markdown."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HEADING = re.compile(r"^## (.*)$", re.MULTILINE)
_KEY = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one section, and how to mend it."""

    key: str
    wrong: str
    mend: str


@dataclass(frozen=True, slots=True)
class Sections:
    """The sections by key, in the order of the file, and what is wrong with them."""

    by_key: dict[str, str]
    faults: tuple[Fault, ...]


def parse(text: str) -> Sections:
    """Split a text into its sections; what stands before the first one is a note for authors."""
    pieces = _HEADING.split(text)[1:]
    found = [(key.strip(), body.strip()) for key, body in zip(pieces[::2], pieces[1::2], strict=True)]
    return Sections(dict(found), tuple(_faults(found)))


def _faults(found: list[tuple[str, str]]) -> Iterator[Fault]:
    seen: set[str] = set()
    for key, body in found:
        if not _KEY.fullmatch(key):
            yield Fault(key, "is no section key", "use lower-case words joined by dots, such as `level.seen.title`")
        if key in seen:
            yield Fault(key, "is there twice", "keep one of the two sections")
        if not body:
            yield Fault(key, "is empty", "write the words or take the section out")
        seen.add(key)
