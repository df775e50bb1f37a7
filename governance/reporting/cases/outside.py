"""What people outside of the desk do to a case: a reporter withdraws or appeals, a professional appeals.

None of them can read the case. What they say is sealed to it.
"""

from typing import Final
from uuid import UUID

from governance.policy.views.desk import DeskPolicy
from governance.reporting.cases import events
from governance.reporting.cases.errors import NoSuchCaseError, NoSuchCaseMoveError, NotSaidError
from governance.reporting.cases.events import Event, What
from governance.reporting.cases.models import Case, CaseReport
from governance.reporting.cases.opening import keep_case, timed
from governance.reporting.cases.states import Act, Side, State, move
from governance.reporting.clocks.service import Clocks
from governance.reporting.work import DAY, Work
from governance.sentences import Sentence

SERIOUS: Final = "S3"
_LONGEST: Final = 4000
_BOTH: Final = "both"
_ONE_SIDE: Final = {side.value: frozenset({side}) for side in Side}


def case_of(work: Work, report_id: UUID) -> Case:
    """Return the case of a report, locked. Raises `NoSuchCaseError`."""
    link = work.session.get(CaseReport, report_id)
    case = None if link is None else Case.locked(work.session, link.case_id)
    if case is None:
        raise NoSuchCaseError
    return case


def withdraw(work: Work, desk: DeskPolicy, report_id: UUID) -> bool:
    """Take a report back; say whether the case ends by it. A serious one goes on, and so does one of several reports.

    Somebody may have been made to take it back.
    """
    case = case_of(work, report_id)
    alone = len(CaseReport.of_case(work.session, case.id)) == 1
    ends = alone and case.severity < SERIOUS and _may(case, Act.WITHDRAW)
    said = {"act": Act.WITHDRAW.value, "ends": "yes" if ends else "no"}
    if ends:
        case.state, case.closed, case.holds_log = State.WITHDRAWN.value, work.today, False
        case.outcome = case.outcome or "withdrawn"
        keep_case(work, case)
        Clocks(work, desk, timed(case)).stop_all()
    events.add(work, case, Event(what=What.MOVED, at=work.now, facts={**said, "from": "reporter"}))
    return ends


def appeal(work: Work, desk: DeskPolicy, report_id: UUID, words: str) -> None:
    """Ask, as a reporter and once, that somebody fresh looks. Raises what `ask_for_another_look` does."""
    ask_for_another_look(work, desk, case_of(work, report_id), words, Side.REPORTER)


def may_appeal(case: Case, side: Side, now: int, days: int) -> bool:
    """Say whether a side may still appeal against an outcome: after it was told, for a time, and once."""
    in_time = case.decided is not None and now < case.decided + days * DAY
    return in_time and case.outcome_told and side not in _asked(case) and _may(case, Act.APPEAL)


def ask_for_another_look(work: Work, desk: DeskPolicy, case: Case, words: str, side: Side) -> None:
    """Begin the one appeal that a side of a case has. Raises `NoSuchCaseMoveError`, `NotSaidError`."""
    said = words.strip()
    if not 0 < len(said) <= _LONGEST:
        raise NotSaidError(Sentence("write 1 to %(most)s letters", {"most": _LONGEST}))
    if not may_appeal(case, side, work.now, desk.appeal_days):
        raise NoSuchCaseMoveError("there is no outcome that you can still ask about; you can ask for another look once")
    case.appealed_by = _BOTH if _asked(case) else side.value
    case.state, case.appealed, case.closed = move(State(case.state), Act.APPEAL).to.value, True, None
    keep_case(work, case)
    facts = {"act": Act.APPEAL.value, "from": side.value}
    events.add(work, case, Event(what=What.MOVED, at=work.now, words=said, facts=facts))
    Clocks(work, desk, timed(case)).mark("appealed")


def _asked(case: Case) -> frozenset[Side]:
    if not case.appealed:
        return frozenset()
    return _ONE_SIDE.get(case.appealed_by or _BOTH, frozenset(Side))


def _may(case: Case, act: Act) -> bool:
    try:
        move(State(case.state), act)
    except NoSuchCaseMoveError:
        return False
    return True
