"""The papers that come with the service, on privacy and for forums: filled with what was set, and what is open."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from governance.policy.reading import policies_folder

NOTICE: Final = "notice"
AGREEMENT: Final = "agreement"
_FOLDERS: Final = {NOTICE: "privacy", "record_of_processing": "privacy", "dpia": "privacy", AGREEMENT: "platforms"}
PAPERS: Final = tuple(_FOLDERS)
_HEADING: Final = re.compile(r"^## (.*)$", re.MULTILINE)
_PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")


Missing = Callable[[str], str]


class Part(NamedTuple):
    """A heading, and the Markdown under it."""

    heading: str
    body: str


def languages(name: str) -> set[str]:
    """Return the languages in which a paper is written."""
    return {path.suffixes[-2].removeprefix(".") for path in (policies_folder() / _FOLDERS[name]).glob(f"{name}.*.md")}


def paper(name: str, told: Mapping[str, str], *, missing: Missing, language: str = "en") -> list[Part]:
    """Return the parts of a paper; `missing` says of a placeholder what stands there while nothing was set."""
    pieces = _HEADING.split(_text(name, language))[1:]
    return [
        Part(heading.strip(), _filled(body.strip(), told, missing))
        for heading, body in zip(pieces[::2], pieces[1::2], strict=True)
    ]


def open_in(name: str, told: Mapping[str, str], language: str = "en") -> list[str]:
    """Return the placeholders of a paper that nothing fills, each once."""
    return [one for one in dict.fromkeys(_PLACEHOLDER.findall(_text(name, language))) if one not in told]


def placeholders() -> Iterator[str]:
    """Yield every placeholder of every paper."""
    for name in PAPERS:
        yield from open_in(name, {})


def _filled(body: str, told: Mapping[str, str], missing: Missing) -> str:
    return _PLACEHOLDER.sub(lambda found: _plain(told.get(found[1], "") or missing(found[1])), body)


def _plain(text: str) -> str:
    """Return a setting as words: whatever it holds, it marks up nothing."""
    return re.sub(r"([\\`*_{}\[\]<>#+!|~-])", r"\\\1", text)


def _text(name: str, language: str) -> str:
    return _file(name, language).read_text(encoding="utf-8")


def _file(name: str, language: str) -> Path:
    return policies_folder() / _FOLDERS[name] / f"{name}.{language}.md"
