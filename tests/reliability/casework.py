"""What officers write about a case, in every table that it has; whom they are tied to; what protects somebody."""

from sqlalchemy import select

from governance.conduct.models import HcpRecord
from governance.effective.models import GovernedAccount
from governance.identity.models import Account
from governance.patients.models import Patient, PatientAccount
from governance.policy.current import policies
from governance.reporting.cases import hearings, members, proposals
from governance.reporting.cases.models import CaseReport
from governance.reporting.cases.opening import open_cases
from governance.reporting.cases.proposals import Kind, Proposed
from governance.reporting.cases.service import CaseWork
from governance.reporting.cases.ties import TieKind, declare
from governance.reporting.protection.offers import AHEAD, offer
from governance.reporting.protection.service import People, Protecting
from governance.reporting.retention.holds import hold


def works_on_a_case(writers, work, report_id, officers):
    """A case of a report: notes, a copy of a post, people, a proposal, a professional who is heard, and protection."""
    desk, first = policies().desk, officers[0]
    open_cases(work, desk)
    link = work.session.get(CaseReport, report_id)
    case = CaseWork(work, desk, link.case_id, first)
    case.acknowledge(writers.word("letter of a case").text)
    case.note(writers.word("note of a case").text)
    case.pause("court", writers.word("why a case is paused").text)
    declare(work, officers[1].staff_id, TieKind.PERSON, writers.word("tie of an officer").text)
    members.name_people(case, {name: writers.word(f"{name} of a case").text for name in members.PEOPLE})
    facts = {"hcp": writers.word("account in a proposal").text}
    wanted = Proposed(kind=Kind.WIDE_BLOCK, words=writers.word("why a block is proposed").text, facts=facts)
    proposals.propose(case, wanted)
    hearing, code = hearings.begin(case, writers.word("what a professional is told").text)
    hearings.answer(work, hearing, writers.word("what a professional answers").text)
    writers.secrets += [code, code.replace("-", ""), case.key.key.private.hex()]
    hold(case, writers.word("why nothing is deleted").text)
    protects(work, desk, officers)


def protects(work, desk, officers):
    """A wide block that is looked at again, and a pair block whose patient is asked."""
    protecting = Protecting(work, desk, officers[0].staff_id)
    hcp_id = work.session.scalars(select(HcpRecord.id)).first()
    protecting.block_everywhere(hcp_id, officers[1].staff_id)
    hcp = work.session.scalars(select(GovernedAccount).where(GovernedAccount.hcp.is_not(None))).first()
    theirs = select(Account).join(PatientAccount, PatientAccount.account_id == Account.id).join(Patient)
    patient = work.session.scalars(theirs.where(Account.platform_id == hcp.platform_id)).first()
    people = People(hcp.platform_id, patient.key, hcp.key, hcp_id)
    measure = protecting.block_pair(people)
    assert offer(work._replace(now=measure.until - AHEAD)) >= 1
