"""What can be reported, and whom to call in danger."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from governance.policy.records import PolicyRecord, Table, Variant, Words


class AgeGroup(StrEnum):
    """For whom emergency lines are shown; `unknown` gets those of both."""

    ADULT = "adult"
    CHILD = "child"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ReportType:
    """One kind of concern; with `danger` the emergency lines stand beside it again."""

    code: str
    danger: bool


@dataclass(frozen=True, slots=True)
class EmergencyLine:
    """One number to call or text; `kind` is danger, medical or talk, `for_whom` adult, child or any.

    `name` and `note` are in the language that was asked for.
    """

    country: str
    kind: str
    for_whom: str
    name: str
    channel: str
    number: str
    note: str
    owner: str
    checked: date
    review: date
    basis: str


@dataclass(frozen=True)
class ReportingPolicy:
    """The reporting channel in force, with the emergency lines."""

    record: PolicyRecord
    emergency: PolicyRecord

    @cached_property
    def types(self) -> tuple[ReportType, ...]:
        """Return the kinds of concern, in the order of the form."""
        return tuple(ReportType(entry["code"], entry["danger"]) for entry in self.record.tables["types"])

    def type_words(self, code: str, language: str = "", variant: Variant = Variant.STANDARD) -> Words:
        """Return one kind of concern in plain words."""
        return self.record.words(f"type.{code}", language, variant)

    def country_name(self, country: str, language: str = "") -> str:
        """Return how people call a country that has lines (ISO 3166-1)."""
        return self.emergency.section(f"country.{country.lower()}", language)

    def emergency_lines(
        self, country: str, age: AgeGroup = AgeGroup.UNKNOWN, language: str = ""
    ) -> tuple[EmergencyLine, ...]:
        """Return the lines of a country (ISO 3166-1), danger first, a child's own before those for anybody.

        A member of the EU without lines gets those of the EU. Empty elsewhere: then the page says the section
        `unknown_country`.
        """
        country = country.upper()
        lines = self._of_country(country, language)
        if not lines and country in self.emergency.tables["eu"]["members"]:
            lines = self._of_country("EU", language)
        order: list[str] = self.emergency.tables["kinds"]["order"]
        unsuited = {AgeGroup.ADULT: "child", AgeGroup.CHILD: "adult"}.get(age)
        shown = [line for line in lines if line.for_whom != unsuited]
        return tuple(sorted(shown, key=lambda line: (order.index(line.kind), line.for_whom == "any")))

    def _of_country(self, country: str, language: str) -> list[EmergencyLine]:
        entries = [entry for entry in self.emergency.tables["lines"] if entry["country"] == country]
        return [EmergencyLine(**{**entry, **self._named(entry, language)}) for entry in entries]

    def _named(self, entry: Table, language: str) -> dict[str, str]:
        return {
            "name": entry.get("name") or self.emergency.section("service.public", language),
            "note": self.emergency.section(f"note.{entry['note']}", language) if "note" in entry else "",
        }
