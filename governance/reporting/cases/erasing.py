"""The end of a case: first everything in it, then its header, which is counted until then; its reports go between.

Our part of its keys goes with what was in it, so that no copy opens any more, whoever kept one.
"""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from governance.crypto.data_keys import DataKeys, owner_of
from governance.db.base import Base
from governance.ledger.personal import KeyGone
from governance.ledger.rows import forget, keep
from governance.ledger.service import append, journal, pseudonym
from governance.reporting.cases.errors import NoSuchCaseError
from governance.reporting.cases.models import (
    Case,
    CaseEvent,
    CaseHearing,
    CaseMember,
    CaseReport,
    HearingLetter,
    Proposal,
)
from governance.reporting.clocks.models import CaseClock
from governance.reporting.retention.models import CaseHold
from governance.reporting.work import Work


def erase_case(work: Work, case_id: UUID) -> list[UUID]:
    """Delete a case whole; return its reports, which are deleted next. Raises `NoSuchCaseError`."""
    reports = empty_case(work, case_id)
    erase_header(work, case_id)
    return reports


def empty_case(work: Work, case_id: UUID) -> list[UUID]:
    """Delete everything in a case but its header and clocks; return its reports, which are deleted next.

    Raises `NoSuchCaseError`. That its time is over, or that two people agreed to it, the caller has seen to.
    """
    case = _locked(work, case_id)
    links = CaseReport.of_case(work.session, case_id)
    reports = [one.report_id for one in links]
    _note(work, case_id, "erased")
    for rows in (letters_of(work, case_id), _rows(work, case_id), links):
        _forget(work, rows)
    owner = owner_of("case", case_id)
    DataKeys(work.session, work.keyring).destroy(owner)
    journal(work.session, work.keyring, msgspec.json.encode(KeyGone(owner)))
    case.emptied, case.assigned, case.public, case.holds_log = work.today, None, b"", False
    # From here on under no key: nothing in these rows is anybody's, and a restored database must count them too.
    for row in (case, *CaseClock.of_case(work.session, case_id)):
        keep(work.session, work.keyring, row)
    return reports


def erase_header(work: Work, case_id: UUID) -> None:
    """Delete what is left of a case that was emptied. Raises `NoSuchCaseError`."""
    case = _locked(work, case_id)
    if case.emptied is None:
        raise NoSuchCaseError
    _note(work, case_id, "header_erased")
    _forget(work, [*CaseClock.of_case(work.session, case_id)])
    _forget(work, [case])


def letters_of(work: Work, case_id: UUID) -> list[Base]:
    """Return every letter to the professionals who were heard."""
    hearings = CaseHearing.of_case(work.session, case_id)
    return [letter for one in hearings for letter in HearingLetter.of(work.session, one.id)]


def _rows(work: Work, case_id: UUID) -> list[Base]:
    return [
        *CaseHearing.of_case(work.session, case_id),
        *Proposal.of_case(work.session, case_id),
        *CaseEvent.of(work.session, case_id),
        *CaseHold.of_case(work.session, case_id),
        *CaseMember.of_case(work.session, case_id),
    ]


def _forget(work: Work, rows: Sequence[Base]) -> None:
    for row in rows:
        forget(work.session, work.keyring, row)
    work.session.flush()


def _locked(work: Work, case_id: UUID) -> Case:
    case = Case.locked(work.session, case_id)
    if case is None:
        raise NoSuchCaseError
    return case


def _note(work: Work, case_id: UUID, did: str) -> None:
    append(
        work.session,
        work.keyring,
        work.now,
        "case",
        {"did": did, "case": pseudonym(work.keyring, "case", str(case_id))},
    )
