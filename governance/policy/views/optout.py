"""The opt-out as forms and services need it: levels, extras, caps, defaults, postures, waiting times, ages."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from governance.decision.vocabulary import Action, Level, Posture
from governance.policy.records import PolicyRecord, Table, Variant, Words


@dataclass(frozen=True, slots=True)
class Preset:
    """A ready-made pair of levels."""

    slug: str
    care_team: Level
    others: Level


@dataclass(frozen=True, slots=True)
class Defaults:
    """What is in force before somebody chose.

    `community_posture`: a community that says "professionals take part here" opens what it opens.
    """

    care_team: Level
    others: Level
    extras: frozenset[Action]
    find: bool
    community_posture: bool
    emergency_view: bool
    peers_as_members: bool


@dataclass(frozen=True, slots=True)
class PostureTerms:
    """What a posture means: whether professionals may be there as such, and what is open to them unasked."""

    professionals: bool
    opens: frozenset[Action]


@dataclass(frozen=True, slots=True)
class Ages:
    """From which age (whole years) a person decides alone; `listed` is false where the country is not in the table."""

    country: str
    listed: bool
    digital_consent: int
    own_choice: int
    adult: int
    zone: str = "UTC"
    """At whose midnight a birthday begins, where nobody said in which zone a person lives."""


@dataclass(frozen=True)
class OptoutPolicy:
    """The opt-out in force, with the table of ages."""

    record: PolicyRecord
    ages_record: PolicyRecord

    @cached_property
    def levels(self) -> Mapping[Level, frozenset[Action]]:
        """Return the actions of each level, from nothing to most."""
        return {Level(level): _actions(actions) for level, actions in self.record.tables["levels"].items()}

    @cached_property
    def extras(self) -> tuple[Action, ...]:
        """Return the actions that are each a choice of its own, in the order of the form."""
        return tuple(Action(action) for action in self.record.tables["extras"]["actions"])

    @cached_property
    def presets(self) -> tuple[Preset, ...]:
        """Return the ready-made pairs, in the order of the form, which ranks nothing."""
        return tuple(
            Preset(entry["slug"], Level(entry["care_team"]), Level(entry["others"]))
            for entry in self.record.tables["presets"]
        )

    @cached_property
    def postures(self) -> Mapping[Posture, PostureTerms]:
        """Return what each posture means."""
        return {
            Posture(name): PostureTerms(entry["professionals"], _actions(entry["opens"]))
            for name, entry in self.record.tables["postures"].items()
        }

    @cached_property
    def cooling_off_hours(self) -> int:
        """Return how long opening up waits, in hours."""
        return int(self.record.tables["loosening"]["cooling_off_hours"])

    @cached_property
    def undo_minutes(self) -> int:
        """Return how long one's own tightening can be undone at once, in minutes."""
        return int(self.record.tables["loosening"]["undo_minutes"])

    @cached_property
    def erasing_days(self) -> int:
        """Return how long the deletion of a record can still be stopped, in days."""
        return int(self.record.tables["erasing"]["wait_days"])

    @cached_property
    def emergency_view_hours(self) -> int:
        """Return how long an emergency view lasts at most, in hours."""
        return int(self.record.tables["emergency_view"]["hours"])

    def defaults(self, *, minor: bool) -> Defaults:
        """Return what is in force before somebody chose."""
        entry: Table = self.record.tables["defaults"]["minor" if minor else "adult"]
        return Defaults(
            care_team=Level(entry["care_team"]),
            others=Level(entry["others"]),
            extras=_actions(entry["extras"]),
            find=entry["find"],
            community_posture=entry["community_posture"],
            emergency_view=entry["emergency_view"],
            peers_as_members=entry["peers_as_members"],
        )

    def offered(self, circle: str, *, minor: bool) -> tuple[Level, ...]:
        """Return the levels that a form offers for `care_team`, `others` or one person `named`."""
        caps = self.record.tables["caps"]
        cap = Level(caps["others_minor" if minor and circle == "others" else circle])
        levels = list(Level)
        return tuple(levels[: levels.index(cap) + 1])

    def level_words(self, level: Level, circle: str, language: str = "", variant: Variant = Variant.STANDARD) -> Words:
        """Return what a level means for `care_team`, for `others` or for one person `named`."""
        return Words(
            title=self.record.section(f"level.{level}.title", language, variant),
            body=self.record.section(f"level.{level}.body.{circle}", language, variant),
        )

    @cached_property
    def countries(self) -> tuple[str, ...]:
        """Return the countries of the table of ages, in the order of their codes."""
        return tuple(sorted(self.ages_record.tables["countries"]))

    def ages(self, country: str) -> Ages:
        """Return the ages of a country (ISO 3166-1); a country not in the table gets the strictest."""
        tables = self.ages_record.tables
        entry: Table | None = tables["countries"].get(country.upper())
        found = tables["elsewhere"] if entry is None else entry
        return Ages(
            country=country.upper(),
            listed=entry is not None,
            digital_consent=found["digital_consent"],
            own_choice=found["own_choice"],
            adult=tables["adult"]["age"],
            zone=found["zone"],
        )


def _actions(names: list[str]) -> frozenset[Action]:
    return frozenset(Action(name) for name in names)
