"""The figures of a year or of the running one, and the monthly look at every override."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from governance.effective.measures import MeasureKind, is_of_a_restore
from governance.errors import GovernanceError, NotFoundError
from governance.ledger.rows import keep
from governance.ledger.service import append, pseudonym
from governance.policy.loader import Policies
from governance.policy.views.desk import SEVERITIES
from governance.reporting.cases.models import Case
from governance.reporting.cases.states import State
from governance.reporting.clocks.models import CaseClock
from governance.reporting.numbers.figures import CaseCounts, Codes, Figures, MeasureCounts, figures
from governance.reporting.numbers.models import OverrideLook, YearFigures, measures_taken
from governance.reporting.protection.models import MeasureReview
from governance.reporting.work import Work

_MEASURES: Final = (
    MeasureKind.PAIR_BLOCK.value,
    MeasureKind.HCP_BLOCK.value,
    MeasureKind.RESTRICTION.value,
    MeasureKind.EMERGENCY_VIEW.value,
)


class OwnOverrideError(GovernanceError):
    """Who made an override does not look at its month."""

    code = "own_override"


class StillOpenError(GovernanceError):
    """A month is looked at once it is over and every override of it was looked at."""

    code = "override_open"


def published(session: Session, year: int) -> Figures:
    """Return the figures of a year that is over, as they are published. Raises `NotFoundError`."""
    row = session.get(YearFigures, year)
    if row is None:
        raise NotFoundError("there are no figures of this year; go to the list of years")
    return msgspec.json.decode(row.figures, type=Figures)


def running(session: Session, policies: Policies, today: date) -> Figures:
    """Return the figures of the running year up to the beginning of this month.

    A number that grew since yesterday would tell an officer of a case that they must not know of.
    """
    return computed(session, policies, (date(today.year, 1, 1), today.replace(day=1)))


def publish_years(work: Work, policies: Policies) -> list[int]:
    """Keep the figures of every year that is over and not yet published; return which. Years without a case too."""
    this_year = datetime.fromtimestamp(work.now / 1_000_000, UTC).year
    first = min((_year(case.filed) for case in Case.all_of(work.session)), default=this_year)
    made = [year for year in range(first, this_year) if work.session.get(YearFigures, year) is None]
    for year in made:
        found = computed(work.session, policies, (date(year, 1, 1), date(year + 1, 1, 1)))
        # The cases that it was computed from are deleted in time: a restored database could not make it anew.
        keep(work.session, work.keyring, YearFigures(year=year, figures=msgspec.json.encode(found), made=work.now))
    return made


def computed(session: Session, policies: Policies, during: tuple[date, date]) -> Figures:
    """Return the figures of cases that were filed, and measures that were taken, from a day on and before another."""
    since, until = (_instant(day) for day in during)
    late = CaseClock.late_cases(session)
    cases = [_counts(case, late) for case in Case.all_of(session) if since <= case.filed < until and _counts_once(case)]
    return figures(during, cases, _measures(session, since, until), _codes(policies))


def month_of(session: Session, month: date) -> Sequence[MeasureReview]:
    """Return every override that was due to be looked at in a month."""
    return MeasureReview.between(session, _instant(month), _instant(_next(month)))


def look_at_month(work: Work, month: date, by: UUID) -> OverrideLook:
    """Write down that somebody looked at a month's overrides.

    Raises `OwnOverrideError` to who took or approved one of them, `StillOpenError` while one is open or the month runs.
    """
    rows = month_of(work.session, month)
    if _instant(_next(month)) > work.now or any(row.reviewed is None for row in rows):
        raise StillOpenError("first somebody looks at every line of this month; the month must be over too")
    if any(by in {row.taken_by, row.approved_by} for row in rows):
        raise OwnOverrideError("one of these is your own; ask a colleague who took none of them")
    look = OverrideLook(month=month.isoformat()[:7], looked_by=by, looked=work.now)
    keep(work.session, work.keyring, work.session.merge(look))
    facts = {"month": look.month, "by": pseudonym(work.keyring, "staff", str(by))}
    append(work.session, work.keyring, work.now, "overrides_looked_at", facts)
    return look


def unseen_months(session: Session, today: date) -> list[date]:
    """Return the last twelve months that had overrides and that nobody looked at, the oldest first."""
    months = [_back(today.replace(day=1), many) for many in range(12, 0, -1)]
    seen = OverrideLook.months(session)
    return [month for month in months if month.isoformat()[:7] not in seen and month_of(session, month)]


def _counts_once(case: Case) -> bool:
    """A report that was merged into another case counts there."""
    return case.state != State.MERGED.value


def _counts(case: Case, late: frozenset[UUID]) -> CaseCounts:
    return CaseCounts(
        frozenset({case.kind, *case.also}),
        case.severity,
        case.outcome,
        str(case.platform_id) if case.platform_id else None,
        case.filed,
        case.acknowledged,
        case.decided,
        case.appealed,
        case.appeal_changed,
        case.id in late,
    )


def _measures(session: Session, since: int, until: int) -> list[MeasureCounts]:
    found = {row.measure_id: row.result or "" for row in MeasureReview.all_of(session)}
    # What a restore closed, because it could not tell what was in force, nobody took.
    taken = [one for one in measures_taken(session, since, until) if not is_of_a_restore(one)]
    return [MeasureCounts(one.kind, found.get(one.id)) for one in taken if one.kind in _MEASURES]


def _codes(policies: Policies) -> Codes:
    kinds = [one.code for one in policies.reporting.types]
    return Codes(kinds, SEVERITIES, policies.desk.outcomes, _MEASURES)


def _instant(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1_000_000


def _year(instant: int) -> int:
    return datetime.fromtimestamp(instant / 1_000_000, UTC).year


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _back(month: date, many: int) -> date:
    at = month.year * 12 + month.month - 1 - many
    return date(at // 12, at % 12 + 1, 1)
