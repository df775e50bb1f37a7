"""Opening cases for reports, and who is let into one."""

from typing import Final
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from governance.crypto.data_keys import owner_of
from governance.crypto.keys import Keyring
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

_NO_HARM: Final = "none"
DAY: Final = 24 * 3600 * 1_000_000


def open_cases(session: Session, keyring: Keyring, desk: DeskPolicy, now: Instant) -> list[Case]:
    """Open a case for every report that has none. Asked for once more it opens nothing twice."""
    return [open_case(session, keyring, desk, report, now) for report in CaseReport.without_case(session)]


def open_case(session: Session, keyring: Keyring, desk: DeskPolicy, report: Report, now: Instant) -> Case:
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
    keep_case(session, keyring, case)
    keep(session, keyring, CaseReport(report_id=report.id, case_id=case.id), of=owner_of("case", case.id))
    for officer_id in sorted(readers(session, report.id)):
        let_in(session, keyring, case, officer_id, key)
    events.add(session, keyring, case, Event(what=What.OPENED, at=now, facts={"severity": case.severity}))
    Clocks(session, keyring, desk, timed(case), now).mark("filed", _since(report, now))
    return case


def let_in(session: Session, keyring: Keyring, case: Case, officer_id: UUID, key: SealingKey) -> bool:
    """Seal a case's key to an officer; false if they have no vault."""
    vault = session.get(Vault, officer_id)
    if vault is None:
        return False
    row = session.get(CaseMember, (case.id, officer_id)) or CaseMember(
        case_id=case.id, officer_id=officer_id, acted=False
    )
    row.sealed_key = key_to(session, keyring, case.id, officer_id, vault.public, key)
    row.ended = None
    keep(session, keyring, row, of=owner_of("case", case.id))
    return True


def put_out(session: Session, keyring: Keyring, member: CaseMember, why: str) -> None:
    """End an officer's part in a case: they cannot open, find or count it any more."""
    member.sealed_key, member.ended = b"", why
    keep(session, keyring, member, of=owner_of("case", member.case_id))


def timed(case: Case) -> Timed:
    """Return what clocks must know of a case."""
    return Timed(case.id, frozenset({case.kind, *case.also}), case.severity, frozenset(case.regimes), case.calendar)


def keep_case(session: Session, keyring: Keyring, case: Case) -> None:
    """Write a case."""
    keep(session, keyring, case, of=owner_of("case", case.id))


def _since(report: Report, now: Instant) -> Instant:
    """Return when a report came: now, unless it was found later than on its day."""
    same_day = report.filed == now - now % DAY
    return now if same_day else Instant(report.filed)
