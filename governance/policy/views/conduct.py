"""The conduct rules as the gate and the professional's pages need them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from governance.decision.vocabulary import Action, Assurance, Status
from governance.policy.records import PolicyRecord, Words


@dataclass(frozen=True, slots=True)
class ConductRule:
    """One rule and how it is held; `enforced_how` is published beside it as it stands."""

    code: str
    words: Words
    sources: tuple[str, ...]
    enforce: frozenset[str]
    enforced_how: str
    must_accept: bool
    actions: frozenset[Action]


@dataclass(frozen=True, slots=True)
class Guarantee:
    """One line of the published table: what makes sure of a rule, and what does not."""

    rule: str
    language: str
    title: str
    held: str
    by_decision: bool
    by_forum: bool
    by_word: bool
    by_report: bool


@dataclass(frozen=True, slots=True)
class SanctionTimes:
    """How long a sanction may last, when somebody looks again, until when one can appeal and have an answer; days."""

    longest_days: int
    review_days: int
    appeal_days: int
    answer_days: int


@dataclass(frozen=True, slots=True)
class ProbingLimits:
    """From when many questions are too many: people and named choices an hour, and times what is usual there."""

    floor_authors: int
    times_usual: int
    floor_named: int


@dataclass(frozen=True)
class ConductPolicy:
    """The conduct rules in force."""

    record: PolicyRecord

    @cached_property
    def version(self) -> str:
        """Return the version that an attestation names."""
        return self.record.version

    @cached_property
    def assurance(self) -> Mapping[Action, Assurance]:
        """Return the least assurance of identity that each action asks for."""
        return {Action(action): Assurance[level] for action, level in self.record.tables["assurance"].items()}

    @cached_property
    def permits_by_status(self) -> Mapping[Status, frozenset[Action]]:
        """Return what each register status lets a professional do, at most."""
        return {
            Status(status): frozenset(Action(action) for action in entry["permits"])
            for status, entry in self.record.tables["status"].items()
        }

    @cached_property
    def attestation_days(self) -> int:
        """Return how long a professional's word holds, in days."""
        return int(self.record.tables["attestation"]["valid_days"])

    @cached_property
    def grace_days_material(self) -> int:
        """Return how long the word on the version before still counts after a material change, in days."""
        return int(self.record.tables["attestation"]["grace_days_material"])

    @cached_property
    def capacity_begins_after(self) -> timedelta:
        """Return how long a declared capacity waits before it counts."""
        return timedelta(hours=self.record.tables["capacity"]["begins_after_hours"])

    @cached_property
    def recheck_feed_days(self) -> int:
        """Return the age in days from which a check by a register's feed is stale."""
        return int(self.record.tables["recheck"]["feed_days"])

    @cached_property
    def recheck_manual_days(self) -> int:
        """Return the age in days from which a check by a person is stale."""
        return int(self.record.tables["recheck"]["manual_days"])

    @cached_property
    def recheck_warn_days(self) -> int:
        """Return how many days before a check is stale a verifier sees it coming."""
        return int(self.record.tables["recheck"]["warn_days"])

    @cached_property
    def sanctions(self) -> SanctionTimes:
        """Return the times of sanctions and appeals."""
        return SanctionTimes(**self.record.tables["sanctions"])

    @cached_property
    def probing(self) -> ProbingLimits:
        """Return from when many questions are too many."""
        return ProbingLimits(**self.record.tables["probing"])

    def rules(self, language: str = "") -> tuple[ConductRule, ...]:
        """Return the rules, C1 first."""
        return tuple(
            ConductRule(
                code=entry["code"],
                words=self.record.words(entry["key"], language),
                sources=tuple(entry["source"]),
                enforce=frozenset(entry["enforce"]),
                enforced_how=self.record.section(f"{entry['key']}.held", language),
                must_accept=entry["must_accept"],
                actions=frozenset(Action(action) for action in entry["actions"]),
            )
            for entry in self.record.tables["rule"]
        )

    def limits(self, language: str = "") -> tuple[str, ...]:
        """Return what software cannot guarantee, published with the rules."""
        return tuple(self.record.section(key, language) for key in self.record.tables["limits"]["keys"])

    def guarantees(self, language: str = "") -> tuple[Guarantee, ...]:
        """Return the table of what software can and cannot make sure of, C1 first."""
        return tuple(
            Guarantee(
                rule=rule.code,
                language=language or self.record.speaks,
                title=rule.words.title,
                held=rule.enforced_how,
                by_decision="decision" in rule.enforce,
                by_forum="platform" in rule.enforce,
                by_word="attestation" in rule.enforce,
                by_report="report" in rule.enforce,
            )
            for rule in self.rules(language)
        )


def has_guarantees(record: PolicyRecord) -> bool:
    """Say whether a version of the rules says of each how it is held; the first ones did not in every language."""
    return record.id == "conduct" and "held" in record.tables["parts"]["rule"]
