"""Forgetting cases and reports, part by part: what is due, and what two people ended before its time.

Everything of one run is one transaction: who is killed in it has deleted nothing.
"""

from collections import Counter
from typing import Final
from uuid import UUID

import structlog

from governance.ledger.rows import forget
from governance.ledger.service import append, pseudonym
from governance.policy.views.retention import RetentionPolicy
from governance.reporting.cases.erasing import empty_case, erase_header, letters_of
from governance.reporting.cases.errors import NoSuchCaseMoveError
from governance.reporting.cases.models import Case, CaseReport
from governance.reporting.cases.proposals import Proposed
from governance.reporting.cases.service import CaseWork
from governance.reporting.cases.states import OVER, State
from governance.reporting.evidence.service import forget_of
from governance.reporting.keeping.erasing import erase_identity, erase_report
from governance.reporting.keeping.models import ReportMessage
from governance.reporting.retention.due import Due, Group, Part, Sight
from governance.reporting.retention.models import CaseHold
from governance.reporting.work import Work

MOST_AT_ONCE: Final = 50
"""Cases of one run: a transaction of everything that ended in a year would keep other writers waiting."""
_log = structlog.get_logger()


def sweep(work: Work, policy: RetentionPolicy, most: int = MOST_AT_ONCE) -> Counter[Part]:
    """Delete what is due; return of how many cases which parts went. What is left over, the next run takes."""
    gone: Counter[Part] = Counter()
    due = list(Sight(work.session, policy).due(work.now))
    for found in due[:most]:
        gone.update(_forget(work, found))
    if gone:
        _log.info("reports_forgotten", **{part.value: many for part, many in gone.items()})
    return gone


def delete_early(case: CaseWork, wanted: Proposed, proposed_by: UUID, policy: RetentionPolicy) -> None:
    """Delete a case before its time, on which two people agreed; its header is counted and goes in time.

    Raises `NoSuchCaseMoveError` where it is not over, or a hold is on it.
    """
    work, sight = case.work, Sight(case.work.session, policy)
    group = sight.group_of(case.case.id)
    if group is None:
        raise NoSuchCaseMoveError("a case that is not over is not deleted; close it first")
    if sight.is_held(group):
        raise NoSuchCaseMoveError("a hold is on this case, so nothing of it is deleted; lift the hold first")
    facts = {"did": "erased_early", "case": pseudonym(work.keyring, "case", str(case.case.id))}
    for name, staff_id in (("by", proposed_by), ("second", case.officer)):
        facts[name] = pseudonym(work.keyring, "staff", str(staff_id))
    append(work.session, work.keyring, work.now, "case", {**facts, "ground": wanted.facts.get("ground", "")})
    for case_id in group.ids:
        _empty(work, case_id)


def _forget(work: Work, due: Due) -> list[Part]:
    """Delete the parts of one case, unless somebody took it up or set a hold on it since it was looked at."""
    cases = [Case.locked(work.session, case_id) for case_id in due.group.ids]
    if any(case is None or State(case.state) not in OVER for case in cases):
        return []
    if not CaseHold.held(work.session).isdisjoint(due.group.ids):
        return []
    for part in due.parts:
        _FORGETS[part](work, due.group)
    return list(due.parts)


def _identity(work: Work, group: Group) -> None:
    for report_id in _reports(work, group):
        erase_identity(work, report_id)


def _pictures(work: Work, group: Group) -> None:
    for report_id in _reports(work, group):
        forget_of(work, report_id)


def _messages(work: Work, group: Group) -> None:
    rows = [row for report_id in _reports(work, group) for row in ReportMessage.of(work.session, report_id)]
    letters = [row for case_id in group.ids for row in letters_of(work, case_id)]
    for row in (*rows, *letters):
        forget(work.session, work.keyring, row)
    work.session.flush()


def _words(work: Work, group: Group) -> None:
    for case_id in group.ids:
        _empty(work, case_id)


def _empty(work: Work, case_id: UUID) -> None:
    row = work.session.get_one(Case, case_id)
    if row.emptied is not None:
        return
    for report_id in empty_case(work, case_id):
        forget_of(work, report_id)
        erase_report(work, report_id)


def _header(work: Work, group: Group) -> None:
    for case_id in group.ids:
        erase_header(work, case_id)


def _reports(work: Work, group: Group) -> list[UUID]:
    return [one.report_id for case_id in group.ids for one in CaseReport.of_case(work.session, case_id)]


_FORGETS: Final = {
    Part.IDENTITY: _identity,
    Part.PICTURES: _pictures,
    Part.MESSAGES: _messages,
    Part.WORDS: _words,
    Part.HEADER: _header,
}
