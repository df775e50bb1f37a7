"""The disclosure as pages need it: must-knows, risks with benefits beside them, the check of understanding."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from governance.decision.vocabulary import Action
from governance.policy.records import EVERYTHING, ChangeClass, PolicyRecord, Table, Variant, Words


@dataclass(frozen=True, slots=True)
class MustKnow:
    """One thing that everybody reads; `shows` is data that the page puts beside the words, or empty."""

    slug: str
    shows: str
    words: Words


@dataclass(frozen=True, slots=True)
class Risk:
    """One risk and what to do about it; a permit counts only where the risks of its action were told."""

    code: str
    touches: frozenset[Action]
    title: str
    risk: str
    practice: str
    benefits: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the check of understanding; `shows_again` are slugs of must-knows.

    A wrong answer shows `explain` and asks again, without end.
    """

    slug: str
    question: str
    options: dict[str, str]
    right: str
    explain: str
    shows_again: tuple[str, ...]


@dataclass(frozen=True)
class DisclosurePolicy:
    """The disclosure in force."""

    record: PolicyRecord

    @cached_property
    def version(self) -> str:
        """Return the version that an acknowledgement names."""
        return self.record.version

    @cached_property
    def sha256_by_language(self) -> Mapping[str, str]:
        """Return the hash of the standard text of each language."""
        return self.record.sha256_by_language

    @cached_property
    def changed_parts(self) -> tuple[str, ...]:
        """Return what this version changed: codes of risks, slugs of must-knows, or `all`."""
        return tuple(self.record.tables.get("changed", {}).get("parts", ()))

    @cached_property
    def grace_days(self) -> int:
        """Return for how long permits go on counting after a material change: not at all where protection weakens."""
        weakens = self.record.tables.get("changed", {}).get("weakens", False)
        return 0 if weakens else int(self.record.tables["acknowledgement"]["grace_days_material"])

    @cached_property
    def remind_days(self) -> int:
        """Return after how many days a person is reminded of what they were told."""
        return int(self.record.tables["acknowledgement"]["remind_days"])

    @cached_property
    def unseen_days(self) -> int:
        """Return after how many days without a sign-in every permit asks again."""
        return int(self.record.tables["acknowledgement"]["unseen_days"])

    def touched(self, before: "DisclosurePolicy | None") -> frozenset[Action]:
        """Return the actions whose permits this version pauses until it was read; `before`: what it follows."""
        if self.record.change is not ChangeClass.MATERIAL:
            return frozenset()
        parts, everything = self.changed_parts or (EVERYTHING,), frozenset(Action)
        # What a risk touched before counts too: it may have been told as touching less.
        told = [self.touches, {} if before is None else before.touches]
        of_each = [frozenset[Action]().union(*(one.get(part, frozenset()) for one in told)) for part in parts]
        # A part that is no risk, such as a must-know, is about everything.
        return frozenset[Action]().union(*(found or everything for found in of_each))

    @cached_property
    def touches(self) -> dict[str, frozenset[Action]]:
        """Return which actions each risk touches, by its code."""
        return {risk["code"]: frozenset(map(Action, risk["touches"])) for risk in self.record.tables["risk"]}

    def changed_words(
        self, parts: Iterable[str], language: str = "", variant: Variant = Variant.STANDARD
    ) -> tuple[Words, ...]:
        """Return the words of parts as they are now, must-knows first; `all` is every must-know."""
        wanted = set(parts)
        must_knows = self.must_knows(language, variant)
        return (
            *(one.words for one in must_knows if one.slug in wanted or EVERYTHING in wanted),
            *(
                Words(one.title, f"{one.risk}\n\n{one.practice}")
                for one in self.risks(language, variant)
                if one.code in wanted
            ),
        )

    def must_knows(self, language: str = "", variant: Variant = Variant.STANDARD) -> tuple[MustKnow, ...]:
        """Return the six must-knows, in the order in which they are shown."""
        text = self.record.text(language, variant)
        return tuple(
            MustKnow(entry["slug"], entry.get("shows", ""), text.words(entry["key"]))
            for entry in self.record.tables["must_know"]
        )

    def risks(self, language: str = "", variant: Variant = Variant.STANDARD) -> tuple[Risk, ...]:
        """Return the risks that this variant tells, R1 first."""
        sections = self.record.text(language, variant).sections
        benefits = {
            entry["slug"]: Words(sections[f"{entry['key']}.title"], sections[f"{entry['key']}.body"])
            for entry in self.record.tables["benefit"]
        }
        told = [entry for entry in self.record.tables["risk"] if f"{entry['key']}.title" in sections]
        return tuple(
            Risk(
                code=entry["code"],
                touches=frozenset(Action(action) for action in entry["touches"]),
                title=sections[f"{entry['key']}.title"],
                risk=sections[f"{entry['key']}.risk"],
                practice=sections[f"{entry['key']}.practice"],
                benefits=tuple(benefits[slug] for slug in entry["benefits"]),
            )
            for entry in told
        )

    def teach_back(self, language: str = "", variant: Variant = Variant.STANDARD) -> tuple[Question, ...]:
        """Return the questions of the check of understanding."""
        sections = self.record.text(language, variant).sections
        parts = [part for part in self.record.tables["parts"]["teach_back"] if part.startswith("option.")]
        return tuple(
            Question(
                slug=entry["slug"],
                question=sections[f"{entry['key']}.question"],
                options={part.removeprefix("option."): sections[f"{entry['key']}.{part}"] for part in parts},
                right=entry["right"],
                explain=sections[f"{entry['key']}.explain"],
                shows_again=tuple(entry["shows_again"]),
            )
            for entry in self.record.tables["teach_back"]
        )

    def limits(self, language: str = "", variant: Variant = Variant.STANDARD) -> tuple[str, ...]:
        """Return what we cannot do, said plainly."""
        return self._sections("cannot", language, variant)

    def source_guide(self, language: str = "", variant: Variant = Variant.STANDARD) -> tuple[Words, ...]:
        """Return the questions that tell a good source from a poor one."""
        text = self.record.text(language, variant)
        keys: Table = self.record.tables["source_guide"]
        return tuple(text.words(key) for key in keys["keys"])

    def _sections(self, table: str, language: str, variant: Variant) -> tuple[str, ...]:
        text = self.record.text(language, variant)
        return tuple(text.sections[key] for key in self.record.tables[table]["keys"])
