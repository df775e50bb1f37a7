"""A policy record as the rest of the house sees it: header, texts, and its own tables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

from governance.policy.errors import PolicyTextNotFoundError

Table: TypeAlias = Mapping[str, Any]
"""A TOML table as it was read; its shape was checked before anything reads it."""

MAIN_LANGUAGE = "en"
EVERYTHING = "all"
"""The part that stands for every part of a record."""


def number_of(version: str) -> tuple[int, ...]:
    """Return a version as numbers; what is none comes before everything."""
    parts = version.split(".")
    return tuple(int(part) for part in parts) if all(part.isdecimal() for part in parts) else ()


class Procedure(StrEnum):
    """The four procedures; each has a folder of records."""

    DISCLOSURE = "disclosure"
    OPTOUT = "optout"
    CONDUCT = "conduct"
    REPORTING = "reporting"


class ChangeClass(StrEnum):
    """What a version changes: nothing a person must know, wording, or what they agreed to."""

    EDITORIAL = "editorial"
    CLARIFYING = "clarifying"
    MATERIAL = "material"


class Variant(StrEnum):
    """For whom a text is written."""

    STANDARD = "standard"
    CHILD = "child"
    EASY_READ = "easy_read"


class TextStatus(StrEnum):
    """Whether a text may be shown to people."""

    DRAFT = "draft"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class Words:
    """What a person reads about one thing: a title and a body in Markdown."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class TextVersion:
    """The words of a record in one language and variant.

    `sha256` is the hex digest of the file's bytes: what a receipt names.
    """

    language: str
    variant: Variant
    status: TextStatus
    sha256: str
    sections: Mapping[str, str]
    content: str = ""
    """The whole file."""

    def words(self, key: str) -> Words:
        """Return the title and the body of one thing."""
        return Words(title=self.sections[f"{key}.title"], body=self.sections[f"{key}.body"])


@dataclass(frozen=True, slots=True)
class PolicyRecord:
    """One record in one version; never edited once it was in force, only followed by the next.

    `effective` is in UTC. `tables` are the record's own, without header and texts.
    """

    id: str
    procedure: Procedure
    version: str
    change: ChangeClass
    effective: datetime
    summary: str
    owner: str
    texts: tuple[TextVersion, ...]
    tables: Table
    document: str = ""
    """The record's TOML, as it was read."""
    speaks: str = MAIN_LANGUAGE
    """The language of its words where nobody asks for another one."""

    @property
    def number(self) -> tuple[int, ...]:
        """Return the version as numbers, so that versions can be put in order."""
        return number_of(self.version)

    @property
    def sha256_by_language(self) -> dict[str, str]:
        """Return the hash of the standard text of each language."""
        return {text.language: text.sha256 for text in self.texts if text.variant is Variant.STANDARD}

    def text(self, language: str = "", variant: Variant = Variant.STANDARD) -> TextVersion:
        """Return the approved text that comes nearest: language before variant, then English.

        Without a language it is the one that the record speaks. A language may be a whole tag: `es-MX` finds `es`
        (RFC 4647, lookup).
        Raises `PolicyTextNotFoundError` where the record has no approved text at all.
        """
        return next(self._nearest(language, variant))

    def section(self, key: str, language: str = "", variant: Variant = Variant.STANDARD) -> str:
        """Return one section from the nearest approved text that holds it.

        Raises `PolicyTextNotFoundError` where none does.
        """
        return next(text.sections[key] for text in self._nearest(language, variant, key) if key in text.sections)

    def words(self, key: str, language: str = "", variant: Variant = Variant.STANDARD) -> Words:
        """Return the title and the body of one thing."""
        return Words(
            title=self.section(f"{key}.title", language, variant),
            body=self.section(f"{key}.body", language, variant),
        )

    def _nearest(self, language: str, variant: Variant, key: str = "") -> Iterator[TextVersion]:
        approved = {(text.language, text.variant): text for text in self.texts if text.status is TextStatus.APPROVED}
        # A child who reads Spanish is better served by plain Spanish than by a child's English.
        languages = [*lookup(language or self.speaks), MAIN_LANGUAGE]
        wanted = [(one, fit) for one in languages for fit in (variant, Variant.STANDARD)]
        yield from (approved[choice] for choice in wanted if choice in approved)
        raise PolicyTextNotFoundError(f"no approved text of `{self.id}` holds {f'`{key}`' if key else 'words'}")


def lookup(tag: str) -> Iterator[str]:
    """Yield a language tag and what is left of it as its last parts are dropped: `es-MX`, `es` (RFC 4647, lookup)."""
    parts = tag.lower().replace("_", "-").split("-")
    yield from ("-".join(parts[:length]) for length in range(len(parts), 0, -1))
