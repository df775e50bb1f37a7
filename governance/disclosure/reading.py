"""Which words somebody reads: the version that their language has, and the variant that they picked."""

from dataclasses import dataclass
from functools import cached_property

from governance.decision.vocabulary import Instant
from governance.disclosure.service import Told
from governance.policy.history import History, Published
from governance.policy.records import TextVersion, Variant, Words, lookup
from governance.policy.views.disclosure import DisclosurePolicy, MustKnow, Question


@dataclass(frozen=True)
class Reading:
    """The words that somebody reads. `newest` is another version while their language waits for its translation."""

    history: History
    published: Published
    text: TextVersion
    newest: Published

    @cached_property
    def policy(self) -> DisclosurePolicy:
        """Return what these words belong to."""
        return DisclosurePolicy(self.published.record)

    @property
    def is_late(self) -> bool:
        """Say whether there is a newer version that this language does not have yet."""
        return self.newest.record.version != self.policy.version

    @cached_property
    def must_knows(self) -> tuple[MustKnow, ...]:
        """Return the must-knows in these words."""
        return self.policy.must_knows(self.text.language, self.text.variant)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Return the check of understanding in these words."""
        return self.policy.teach_back(self.text.language, self.text.variant)

    def told(self, understood: bool | None, tries: int | None) -> Told:  # noqa: FBT001 - as the row has it
        """Return what somebody was told who read this to its end."""
        text = self.text
        return Told(self.policy.version, text.language, text.variant.value, text.sha256, understood, tries)

    def new_since(self, version: str) -> tuple[Words, ...]:
        """Return what has changed since a version, in these words; nothing for who is told as much already."""
        later = [DisclosurePolicy(one.record) for _, one in self.history.after(version)]
        ours = [one for one in later if one.record.number <= self.policy.record.number]
        parts = [part for one in ours for part in one.changed_parts]
        return self.policy.changed_words(parts, self.text.language, self.text.variant)

    def versions(self) -> list[TextVersion]:
        """Return the other variants of these words in their language and themselves, and the other languages."""
        others = [self.history.for_language(language, self.newest.since) for language in self._languages]
        standard = [one.record.text(language) for one, language in zip(others, self._languages, strict=True)]
        ours = [text for text in self.published.record.texts if text.language == self.text.language]
        variants = sorted(ours, key=lambda text: list(Variant).index(text.variant))
        return [*variants, *(text for text in standard if text.language != self.text.language)]

    @property
    def _languages(self) -> list[str]:
        return self.history.languages(self.newest.since)


def open_reading(history: History, language: str, variant: Variant, now: Instant) -> Reading:
    """Return the words nearest to what somebody wants: their language before the newest version, then English."""
    published = history.for_language(language, now)
    return Reading(history, published, published.record.text(language, variant), history.at(now))


def nearest_language(history: History, wanted: list[str], now: Instant) -> str:
    """Return the first of some languages in which there is anything to read, else the main one."""
    there = history.languages(now)
    return next((language for tag in wanted for language in lookup(tag) if language in there), there[0])
