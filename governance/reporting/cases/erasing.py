"""The end of a case: its rows go, and our part of its keys, so that no copy opens any more; its reports go next."""

from uuid import UUID

import msgspec

from governance.crypto.data_keys import DataKeys, owner_of
from governance.db.base import Base
from governance.ledger.personal import KeyGone
from governance.ledger.rows import forget
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
from governance.reporting.work import Work


def erase_case(work: Work, case_id: UUID) -> list[UUID]:
    """Delete a case with everything that was done to it; return its reports, which are deleted next.

    Raises `NoSuchCaseError`. That two people agreed to it, the caller has seen to.
    """
    case = Case.locked(work.session, case_id)
    if case is None:
        raise NoSuchCaseError
    links = CaseReport.of_case(work.session, case_id)
    reports = [one.report_id for one in links]
    append(
        work.session,
        work.keyring,
        work.now,
        "case",
        {"did": "erased", "case": pseudonym(work.keyring, "case", str(case_id))},
    )
    for rows in (_letters(work, case_id), _rows(work, case_id), [*links], [case]):
        for row in rows:
            forget(work.session, work.keyring, row)
        work.session.flush()
    owner = owner_of("case", case_id)
    DataKeys(work.session, work.keyring).destroy(owner)
    journal(work.session, work.keyring, msgspec.json.encode(KeyGone(owner)))
    return reports


def _letters(work: Work, case_id: UUID) -> list[Base]:
    hearings = CaseHearing.of_case(work.session, case_id)
    return [letter for one in hearings for letter in HearingLetter.of(work.session, one.id)]


def _rows(work: Work, case_id: UUID) -> list[Base]:
    return [
        *CaseHearing.of_case(work.session, case_id),
        *Proposal.of_case(work.session, case_id),
        *CaseEvent.of(work.session, case_id),
        *CaseClock.of_case(work.session, case_id),
        *CaseMember.of_case(work.session, case_id),
    ]
