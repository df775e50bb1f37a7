"""How reports are worked on: how serious, by when, by which calendar, what closes, and in which words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Final

from governance.policy.checks.desk import HARMS, OWN_CALENDAR, SEVERITIES
from governance.policy.records import PolicyRecord, Table, Words

__all__ = ["HARMS", "SEVERITIES", "Calendar", "Clock", "DeskPolicy", "Measures", "Regime", "Span", "Unit"]
_ALWAYS: Final = "always"
_TYPES: Final = "types"


class Unit(StrEnum):
    """In what a clock counts."""

    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Span:
    """So many of something."""

    amount: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Clock:
    """What must be done by when; `again`: it starts anew whenever it stops."""

    regime: str
    code: str
    starts: str
    stops: str
    again: bool
    usual: Span
    sooner: Mapping[str, Span]

    @property
    def name(self) -> str:
        """Return what finds it."""
        return f"{self.regime}.{self.code}"

    def span(self, severity: str) -> Span:
        """Return how long it runs: the span of the severity, or of the nearest lower one that has its own."""
        reached = [level for level in self.sooner if SEVERITIES.index(level) <= SEVERITIES.index(severity)]
        return self.sooner[max(reached)] if reached else self.usual


@dataclass(frozen=True, slots=True)
class Regime:
    """Several clocks that one law, or our own promise, sets."""

    code: str
    calendar: str
    owner: str
    picked: bool
    clocks: tuple[Clock, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """On which days somebody works, and where."""

    zone: str
    weekend: frozenset[int]
    holidays: frozenset[date]
    through: date


@dataclass(frozen=True, slots=True)
class Measures:
    """In days, how long what closes without a finding lasts."""

    pair_days: int
    wide_days: int
    wide_again_days: int
    emergency_review_working_days: int


@dataclass(frozen=True)
class DeskPolicy:
    """The desk's record in force."""

    record: PolicyRecord

    @cached_property
    def calendars(self) -> Mapping[str, Calendar]:
        """Return every calendar by its name."""
        return {
            name: Calendar(one["zone"], frozenset(one["weekend"]), frozenset(one["holidays"]), one["through"])
            for name, one in self.record.tables["calendars"].items()
        }

    @cached_property
    def regimes(self) -> Mapping[str, Regime]:
        """Return every regime by its code."""
        return {one["code"]: _regime(one) for one in self.record.tables["regimes"]}

    @cached_property
    def clocks(self) -> Mapping[str, Clock]:
        """Return every clock by its name."""
        return {clock.name: clock for regime in self.regimes.values() for clock in regime.clocks}

    @cached_property
    def measures(self) -> Measures:
        """Return how long measures last."""
        return Measures(**self.record.tables["measures"])

    @property
    def calendar(self) -> str:
        """Return the calendar by which a case runs until an officer picks another."""
        return str(self._desk["calendar"])

    @property
    def staff_days(self) -> Calendar:
        """Return on which days our staff work: for cases, and for a young person who is to be heard."""
        return self.calendars[self.calendar]

    @property
    def hours(self) -> tuple[str, str]:
        """Return when somebody is at the desk, as published."""
        return self._desk["opens"], self._desk["closes"]

    @property
    def longest_pause_days(self) -> int:
        """Return how long a clock may stand still."""
        return int(self._desk["longest_pause_days"])

    @property
    def appeal_days(self) -> int:
        """Return for how long one can appeal."""
        return int(self._desk["appeal_days"])

    @property
    def causes(self) -> tuple[str, ...]:
        """Return for what a clock may stand still."""
        return tuple(self.record.tables["pauses"]["causes"])

    @property
    def referred_to(self) -> tuple[str, ...]:
        """Return to whom a case may be told outside."""
        return tuple(self.record.tables["referrals"]["to"])

    @property
    def grounds(self) -> tuple[str, ...]:
        """Return on what ground."""
        return tuple(self.record.tables["referrals"]["grounds"])

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Return what a case can come to."""
        return tuple(self.record.tables["outcomes"]["classes"])

    @property
    def letters(self) -> tuple[str, ...]:
        """Return the letters that officers send."""
        return tuple(self.record.tables["letters"]["codes"])

    def severity(self, kind: str, *, danger_now: bool, minor: bool) -> str:
        """Return how serious a report is at least: what rules raise, a person alone lowers."""
        said = self.record.tables["severity"]
        reached: list[str] = [said["lowest"], *([said["danger_now"]] if danger_now else [])]
        reached += [rule["to"] for rule in said["raises"] if kind in rule["types"] and (minor or not rule["minor"])]
        return max(reached)

    def regimes_for(self, kind: str) -> tuple[Regime, ...]:
        """Return the regimes that hold without anybody picking them."""
        return tuple(self.regimes[one["code"]] for one in self.record.tables["regimes"] if _applies(one, kind))

    def calendar_of(self, regime: Regime, own: str) -> Calendar:
        """Return the calendar by which a regime's clocks run in a case with its own one."""
        return self.calendars[own if regime.calendar == OWN_CALENDAR else regime.calendar]

    def letter(self, code: str, language: str = "") -> Words:
        """Return a letter in plain words."""
        return self.record.words(f"letter.{code}", language)

    def outcome(self, code: str, language: str = "") -> Words:
        """Return what a case came to, in plain words."""
        return self.record.words(f"outcome.{code}", language)

    @property
    def _desk(self) -> Table:
        desk: Table = self.record.tables["desk"]
        return desk


def _applies(regime: Table, kind: str) -> bool:
    return regime["applies"] == _ALWAYS or (regime["applies"] == _TYPES and kind in regime.get("types", []))


def _regime(said: Table) -> Regime:
    clocks = tuple(_clock(said["code"], one) for one in said["clocks"])
    return Regime(said["code"], said["calendar"], said["owner"], said["applies"] == "picked", clocks)


def _clock(regime: str, said: Table) -> Clock:
    sooner = {one["severity"]: _span(one) for one in said.get("sooner", [])}
    again = said.get("again", False)
    return Clock(regime, said["code"], said["starts"], said["stops"], again, _span(said), sooner)


def _span(said: Table) -> Span:
    return Span(said["amount"], Unit(said["unit"]))
