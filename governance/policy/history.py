"""Which version of a record holds since when, for whom who reads which language; read from what was published."""

import hashlib
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import structlog
from sqlalchemy.orm import Session

from governance.decision.vocabulary import Instant
from governance.policy.loader import record_of
from governance.policy.models import PolicyText, PolicyTextUse, PolicyVersion, Use
from governance.policy.records import MAIN_LANGUAGE, PolicyRecord, TextStatus, TextVersion, Variant, number_of
from governance.policy.sections import parse
from governance.ui.clock import to_instant

_log = structlog.get_logger()
_KEPT: Final = 64
"""Parsed records and texts; a service publishes a few a year."""


@dataclass(frozen=True)
class Published:
    """One version and since when it holds. `applied`: every patient's row knows of it."""

    record: PolicyRecord
    since: Instant
    applied: bool = True

    @property
    def languages(self) -> frozenset[str]:
        """Return the languages in which it may be read."""
        return frozenset(text.language for text in self.record.texts if text.variant is Variant.STANDARD)


@dataclass(frozen=True)
class History:
    """Every published version of one record, the oldest first."""

    versions: tuple[Published, ...]

    def at(self, instant: Instant) -> Published:
        """Return the version that holds; before the first one began, the first."""
        held = [one for one in self.versions if one.since <= instant]
        return held[-1] if held else self.versions[0]

    def for_language(self, language: str, instant: Instant) -> Published:
        """Return the newest version that holds and may be read in a language; of one that has none, the English one.

        A translation that is late keeps its readers, and nobody else, on the version before.
        """
        for wanted in (language, MAIN_LANGUAGE):
            for one in reversed(self.versions):
                if one.since <= instant and wanted in one.languages:
                    return one
        return self.at(instant)

    def languages(self, instant: Instant) -> list[str]:
        """Return every language in which anything may be read, English first."""
        found = {language for one in self.versions if one.since <= instant for language in one.languages}
        return sorted(found or self.versions[0].languages, key=lambda name: (name != MAIN_LANGUAGE, name))

    def named(self, version: str) -> Published | None:
        """Return the version of that name."""
        return next((one for one in self.versions if one.record.version == version), None)

    def after(self, version: str) -> Iterator[tuple[Published | None, Published]]:
        """Yield every later version with the one before it; of a version that we do not know, by its number."""
        number, before = number_of(version), None
        for one in self.versions:
            if one.record.number > number:
                yield before, one
            before = one


def history_of(session: Session, record: str, current: PolicyRecord | None = None) -> History:
    """Return what was published of a record; `current`, which came with the program, while nothing was."""
    uses = PolicyTextUse.all_of(session, record)
    there = {sha256 for sha256 in {use.sha256 for use in uses} if _is_there(session, sha256)}
    readable = sorted(use for use in uses if use.sha256 in there)
    found = [
        Published(_record(row.document, _named(readable, row.version)), Instant(row.since), row.applied is not None)
        for row in PolicyVersion.all_of(session, record)
    ]
    if not found and current is not None:
        found = [Published(current, to_instant(current.effective))]
    return History(tuple(sorted(found, key=lambda one: one.record.number)))


def find_text(session: Session, sha256: str, current: Iterable[PolicyRecord]) -> TextVersion | None:
    """Return a text by its hash: one that was ever published, or one that came with the program."""
    use = PolicyTextUse.of_text(session, sha256)
    if use is not None and _is_there(session, sha256):
        return _text(use.language, use.variant, sha256)
    return next((text for record in current for text in record.texts if text.sha256 == sha256), None)


def _named(uses: Iterable[Use], version: str) -> tuple[tuple[str, str, str], ...]:
    return tuple((use.language, use.variant, use.sha256) for use in uses if use.version == version)


_CONTENTS: Final[dict[str, str]] = {}
"""By hash, which names one text for ever."""


def _is_there(session: Session, sha256: str) -> bool:
    """Say whether a text can be read. One that was changed by another hand is none of ours."""
    if sha256 not in _CONTENTS:
        found = session.get(PolicyText, sha256)
        if found is None or hashlib.sha256(found.content).hexdigest() != sha256:
            _log.critical("policy_text_unreadable", do="restore the database from a backup")
            return False
        _CONTENTS[sha256] = found.content.decode("utf-8")
    return True


# INVARIANT: what is kept is found by all that it was made of, so nothing kept here can be out of date.


@lru_cache(maxsize=_KEPT)
def _record(document: str, texts: tuple[tuple[str, str, str], ...]) -> PolicyRecord:
    return record_of(tomllib.loads(document), tuple(_text(*text) for text in texts), document)


@lru_cache(maxsize=_KEPT)
def _text(language: str, variant: str, sha256: str) -> TextVersion:
    content = _CONTENTS[sha256]
    return TextVersion(language, Variant(variant), TextStatus.APPROVED, sha256, parse(content).by_key, content)
