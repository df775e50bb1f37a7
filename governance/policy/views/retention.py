"""For how long reports are kept, part by part."""

from dataclasses import dataclass

from governance.policy.checks.retention import PARTS
from governance.policy.records import PolicyRecord, Table, Words

__all__ = ["PARTS", "RetentionPolicy", "Span"]
LEAST_SERIOUS = "S1"


@dataclass(frozen=True, slots=True)
class Span:
    """In months after the end of a case, when each part of it goes."""

    pictures: int
    messages: int
    words: int
    header: int


@dataclass(frozen=True)
class RetentionPolicy:
    """The record in force."""

    record: PolicyRecord

    @property
    def identity_days(self) -> int:
        """Return for how long after its case ended it is known who made a report."""
        return int(self.record.tables["identity"]["days"])

    @property
    def probe_days(self) -> int:
        """Return for how long the report of a forum's probe is kept on which nothing rests any more."""
        return int(self.record.tables["probes"]["days"])

    @property
    def grounds(self) -> tuple[str, ...]:
        """Return on what ground two people delete a case before its time."""
        return tuple(self.record.tables["early"]["grounds"])

    def span(self, severity: str, outcome: str | None, *, young: bool) -> Span:
        """Return when the parts of a case go; `young`: a young person is in it."""
        rejected = outcome in self.record.tables["rejected"]["outcomes"]
        level = min(severity, LEAST_SERIOUS) if rejected and not young else severity
        found: list[Table] = self.record.tables["spans"]
        span = next(one for one in found if level in one["severities"] and one["young"] is young)
        return Span(**{part: span[part] for part in PARTS})

    def words(self, part: str, language: str = "") -> Words:
        """Return what people are told of one part."""
        return self.record.words(f"part.{part}", language)
