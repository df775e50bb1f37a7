"""Opening cases for reports, and who is let into one."""

from typing import Final
from uuid import UUID, uuid4

from governance.crypto.data_keys import owner_of
from governance.crypto.sealing import SealingKey
from governance.decision.vocabulary import Instant
from governance.ledger.rows import keep
from governance.policy.views.desk import DeskPolicy
from governance.reporting.cases import events
from governance.reporting.cases.events import Event, What
from governance.reporting.cases.models import Case, CaseMember, CaseReport
from governance.reporting.cases.sealing import key_to
from governance.reporting.cases.states import State
from governance.reporting.clocks.service import Clocks, Timed
from governance.reporting.keeping.models import Report
from governance.reporting.keeping.service import readers
from governance.reporting.vaults.models import Vault
from governance.reporting.work import Work

_NO_HARM: Final = "none"


def open_cases(work: Work, desk: DeskPolicy) -> list[Case]:
    """Open a case for every report that has none. Asked for once more it opens nothing twice."""
    return [open_case(work, desk, report) for report in CaseReport.without_case(work.session)]


def open_case(work: Work, desk: DeskPolicy, report: Report) -> Case:
    """Open the case of a report, for those officers to whom it is sealed, and start its clocks."""
    key = SealingKey.new()
    case = Case(
        id=uuid4(),
        platform_id=report.platform_id,
        kind=report.kind,
        also=[],
        danger_now=report.danger_now,
        minor=report.minor,
        severity=desk.severity(report.kind, danger_now=report.danger_now, minor=report.minor),
        harm_body=_NO_HARM,
        harm_mind=_NO_HARM,
        state=State.RECEIVED.value,
        calendar=desk.calendar,
        regimes=[],
        outcome_told=False,
        appealed=False,
        appeal_changed=False,
        filed=report.filed,
        holds_log=True,
        public=key.public,
    )
    keep_case(work, case)
    keep(work.session, work.keyring, CaseReport(report_id=report.id, case_id=case.id), of=owner_of("case", case.id))
    for officer_id in sorted(readers(work.session, report.id)):
        let_in(work, case, officer_id, key)
    events.add(work, case, Event(what=What.OPENED, at=work.now, facts={"severity": case.severity}))
    Clocks(work, desk, timed(case)).mark("filed", _since(report, work))
    return case


def let_in(work: Work, case: Case, officer_id: UUID, key: SealingKey) -> bool:
    """Seal a case's key to an officer; false if they have no vault."""
    vault = work.session.get(Vault, officer_id)
    if vault is None:
        return False
    row = work.session.get(CaseMember, (case.id, officer_id)) or CaseMember(
        case_id=case.id, officer_id=officer_id, acted=False
    )
    row.sealed_key = key_to(work, case.id, officer_id, vault.public, key)
    row.ended = None
    keep(work.session, work.keyring, row, of=owner_of("case", case.id))
    return True


def put_out(work: Work, member: CaseMember, why: str) -> None:
    """End an officer's part in a case: they cannot open, find or count it any more."""
    member.sealed_key, member.ended = b"", why
    keep(work.session, work.keyring, member, of=owner_of("case", member.case_id))


def timed(case: Case) -> Timed:
    """Return what clocks must know of a case."""
    return Timed(case.id, frozenset({case.kind, *case.also}), case.severity, frozenset(case.regimes), case.calendar)


def keep_case(work: Work, case: Case) -> None:
    """Write a case."""
    keep(work.session, work.keyring, case, of=owner_of("case", case.id))


def _since(report: Report, work: Work) -> Instant:
    """Return when a report came: now, unless it was found later than on its day."""
    return work.now if report.filed == work.today else Instant(report.filed)
