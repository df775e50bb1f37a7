"""What is due to go now: whose time is over, part by part, but for what a hold keeps. Reads alone."""

import calendar
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.decision.vocabulary import Instant
from governance.policy.views.retention import RetentionPolicy
from governance.reporting.cases.models import Case, CaseReport
from governance.reporting.clocks.models import CaseClock
from governance.reporting.custody.models import ReporterIdentity
from governance.reporting.evidence.models import Evidence
from governance.reporting.keeping.models import ReportMessage
from governance.reporting.numbers.models import YearFigures
from governance.reporting.retention.models import CaseHold
from governance.reporting.work import DAY

_YEAR: Final = 12


class Part(StrEnum):
    """A part of a case with its reports, in the order in which they go."""

    IDENTITY = "identity"
    PICTURES = "pictures"
    MESSAGES = "messages"
    WORDS = "words"
    HEADER = "header"


class Group(NamedTuple):
    """A case that is over, with those that went on in it: kept and forgotten together."""

    root: Case
    others: tuple[Case, ...]

    @property
    def cases(self) -> tuple[Case, ...]:
        """Return all of them."""
        return (self.root, *self.others)

    @property
    def ids(self) -> tuple[UUID, ...]:
        """Return all of them, in one order for everybody who locks them."""
        return tuple(sorted(one.id for one in self.cases))


class Due(NamedTuple):
    """Parts that are there and whose time is over."""

    group: Group
    parts: tuple[Part, ...]


class Sight:
    """What the database holds of cases that are over, read once: seven queries, however many cases there are."""

    def __init__(self, session: Session, policy: RetentionPolicy) -> None:
        """Read it now."""
        self._policy = policy
        self._held, self._years = CaseHold.held(session), frozenset(YearFigures.years(session))
        self._over = {case.id: case for case in Case.over(session)}
        self._reports: dict[UUID, list[UUID]] = defaultdict(list)
        for report_id, case_id in CaseReport.pairs(session):
            self._reports[case_id].append(report_id)
        self._written = ReportMessage.last_days(session)
        self._stopped = CaseClock.last_stops(session)
        self._there: dict[Part, Collection[UUID | None]] = {
            Part.IDENTITY: ReporterIdentity.reports(session),
            Part.PICTURES: Evidence.reports(session),
            Part.MESSAGES: self._written.keys(),
        }

    def groups(self) -> list[Group]:
        """Return every case that is over and went on in no other one, with those that went on in it."""
        found: dict[UUID, list[Case]] = defaultdict(list)
        for case in self._over.values():
            root = self._root(case)
            if root is not None:
                found[root].append(case)
        return [Group(self._over[root], tuple(one for one in all_ if one.id != root)) for root, all_ in found.items()]

    def group_of(self, case_id: UUID) -> Group | None:
        """Return the group of a case; none while it, or the one that it went on in, is not over."""
        return next((group for group in self.groups() if case_id in group.ids), None)

    def days(self, group: Group) -> Mapping[Part, Instant]:
        """Return the day on which each part of a case goes."""
        case, ended = group.root, self._ended(group)
        span = self._policy.span(case.severity, case.outcome, young=case.minor)
        times = {
            Part.PICTURES: span.pictures,
            Part.MESSAGES: span.messages,
            Part.WORDS: span.words,
            Part.HEADER: span.header,
        }
        named = {Part.IDENTITY: Instant(ended + self._policy.identity_days * DAY)}
        return named | {part: after_months(ended, months) for part, months in times.items()}

    def due(self, now: Instant) -> Iterator[Due]:
        """Yield what is due to go, of each case that no hold keeps."""
        for group in self.groups():
            if self.is_held(group):
                continue
            times = self.days(group)
            parts = tuple(part for part in Part if times[part] <= now and self.is_there(group, part))
            if parts and (parts != (Part.HEADER,) or self._is_counted(group)):
                yield Due(group, parts)

    def is_held(self, group: Group) -> bool:
        """Say whether a hold keeps a case, or one that went on in it."""
        return not self._held.isdisjoint(group.ids)

    def is_there(self, group: Group, part: Part) -> bool:
        """Say whether a part of a case is still there; a header goes after everything else went."""
        if part in self._there:
            return any(one in self._there[part] for one in self._reports_of(group))
        return all(case.emptied is not None for case in group.cases) is (part is Part.HEADER)

    def _reports_of(self, group: Group) -> list[UUID]:
        return [report for case_id in group.ids for report in self._reports.get(case_id, ())]

    def _root(self, case: Case) -> UUID | None:
        """Return the case in which one went on at last; none while that is not over."""
        seen: set[UUID] = set()
        while case.merged_into is not None and case.id not in seen:
            seen.add(case.id)
            into = self._over.get(case.merged_into)
            if into is None:
                return None
            case = into
        return case.id

    def _ended(self, group: Group) -> Instant:
        """Return the day on which a case ended, or the last one on which somebody wrote to us about it.

        Those that were merged before we wrote down into which ended with their clocks.
        """
        case = group.root
        ended = case.closed or self._stopped.get(case.id) or case.filed
        return Instant(max(ended, *(self._written.get(one, 0) for one in self._reports_of(group)), 0))

    def _is_counted(self, group: Group) -> bool:
        """A header is counted until the figures of its year are published, however late that is."""
        return all(_year(one.filed) in self._years for one in group.cases)


def after_months(day: Instant, many: int) -> Instant:
    """Return the same day so many months later, or the last one of its month."""
    at = datetime.fromtimestamp(day / 1_000_000, UTC)
    year, month = divmod(at.year * _YEAR + at.month - 1 + many, _YEAR)
    last = calendar.monthrange(year, month + 1)[1]
    return Instant(int(datetime(year, month + 1, min(at.day, last), tzinfo=UTC).timestamp()) * 1_000_000)


def _year(instant: int) -> int:
    return datetime.fromtimestamp(instant / 1_000_000, UTC).year
