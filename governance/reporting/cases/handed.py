"""What cases hand over to the rest of the reporting channel: who is out of a report, and what its reporter is told."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.policy.current import policies
from governance.reporting.cases import events, outside
from governance.reporting.cases.errors import NoSuchCaseError
from governance.reporting.cases.events import Event, What
from governance.reporting.cases.models import Case, CaseMember, CaseReport
from governance.reporting.cases.opening import keep_case, let_in, put_out
from governance.reporting.cases.sealing import key_of
from governance.reporting.cases.states import Side, State
from governance.reporting.keeping.keys import ReportKey
from governance.reporting.keeping.messages import write_message
from governance.reporting.vaults.duty import Reader, living
from governance.reporting.vaults.keys import OpenVault
from governance.reporting.work import Work
from governance.sentences import Sentence

_SO_FAR: Final = {
    State.RECEIVED: Sentence("We have it. Nobody has read it yet."),
    State.ACKNOWLEDGED: Sentence("A person has read it."),
    State.TRIAGED: Sentence("We know how serious it is, and look into it next."),
    State.INVESTIGATING: Sentence("We are finding out what happened."),
    State.REOPENED: Sentence("We look into it once more."),
    State.DECIDED: Sentence("We have decided. Our answer stands below."),
    State.REMEDIED: Sentence("We have decided, and put right what we could. Our answer stands below."),
    State.APPEALED: Sentence("Somebody who had no part in it looks at it once more."),
    State.CLOSED: Sentence("It is done. Our answer stands below."),
    State.WITHDRAWN: Sentence("You took it back, and we stopped."),
    State.MERGED: Sentence("We look into it together with other reports."),
}
_NOT_YET: Final = Sentence("We have decided, and write our answer to you next.")


def recused(session: Session, report_id: UUID) -> frozenset[UUID]:
    """Return who must not read a report."""
    link = session.get(CaseReport, report_id)
    if link is None:
        return frozenset()
    rows = CaseMember.of_case(session, link.case_id)
    return frozenset(row.officer_id for row in rows if row.ended == "recused")


def let_in_too(work: Work, report_id: UUID, vault: OpenVault, to: Reader) -> None:
    """Let somebody to whom a report is handed over into its case, unless they must have no part in it.

    Who could read a report and not its case would not even find it: nobody would go on with it.
    """
    link = work.session.get(CaseReport, report_id)
    case = None if link is None else Case.locked(work.session, link.case_id)
    if case is None or to.staff_id in recused(work.session, report_id):
        return
    was_in = CaseMember.is_in(work.session, case.id, to.staff_id)
    try:
        key = key_of(work.session, work.keyring, case.id, vault)
    except NoSuchCaseError:
        return
    if let_in(work, case, to.staff_id, key.key) and not was_in:
        said = Event(what=What.ASSIGNED, at=work.now, by=str(vault.staff_id), facts={"officer": str(to.staff_id)})
        events.add(work, case, said)


def left(work: Work, officer_id: UUID) -> None:
    """End every part in a case of somebody who left, unless nobody else who works here could open it then."""
    here = living(work.session) - {officer_id}
    for row in CaseMember.of_officer(work.session, officer_id):
        serving = {one.officer_id for one in CaseMember.serving(work.session, row.case_id)}
        case = Case.locked(work.session, row.case_id)
        if case is None or serving.isdisjoint(here):
            continue
        put_out(work, row, "left")
        if case.assigned == officer_id:
            case.assigned = None
            keep_case(work, case)


def news(work: Work, key: ReportKey) -> Sequence[Sentence]:
    """Return how far a report is, for its reporter."""
    link = work.session.get(CaseReport, key.report_id)
    case = None if link is None else work.session.get(Case, link.case_id)
    if case is None:
        return (_SO_FAR[State.RECEIVED],)
    state = State(case.state)
    if state in {State.DECIDED, State.REMEDIED} and not case.outcome_told:
        return (_NOT_YET,)
    return (_SO_FAR[state],)


def may_ask_again(work: Work, key: ReportKey) -> bool:
    """Say whether a reporter can ask for another look at what we decided."""
    link = work.session.get(CaseReport, key.report_id)
    case = None if link is None else work.session.get(Case, link.case_id)
    return case is not None and outside.may_appeal(case, Side.REPORTER, work.now, policies().desk.appeal_days)


def ask_again(work: Work, key: ReportKey, words: str) -> None:
    """Let somebody fresh look at it, for a reporter; what they say stands in their dialogue, too.

    Raises `NoSuchCaseMoveError`, `NotSaidError`.
    """
    outside.appeal(work, policies().desk, key.report_id, words)
    write_message(work, key, "reporter", words)


def taken_back(work: Work, key: ReportKey) -> None:
    """Let a case know that its reporter took the report back; one without a case yet is opened first."""
    if work.session.get(CaseReport, key.report_id) is not None:
        outside.withdraw(work, policies().desk, key.report_id)
