"""Who must have no part in a case gets none by any way round; who leaves takes no case along."""

from uuid import uuid4

import pytest

from governance.identity.permissions import Role
from governance.identity.service import NewPlatform, add_platform
from governance.reporting.cases import handed, members, proposals, ties
from governance.reporting.cases.errors import (
    NeedsSecondError,
    NoSuchCaseError,
    NotFreshOfficerError,
    NotSaidError,
    TiedError,
)
from governance.reporting.cases.models import CaseMember, CaseReport
from governance.reporting.cases.opening import open_cases
from governance.reporting.cases.outside import appeal
from governance.reporting.cases.proposals import Kind, Proposed
from governance.reporting.cases.ties import TieKind
from governance.reporting.custody import service as custody
from governance.reporting.errors import NoSuchReportError, NoSuchRequestError
from governance.reporting.filing.service import Handed, hand_in
from governance.reporting.keeping import service as keeping
from governance.reporting.keeping.drafts import Body, Draft, Header, Identity
from governance.reporting.keeping.models import Report
from governance.reporting.keeping.reporters import by_code
from governance.reporting.vaults import sharing
from governance.reporting.vaults.leaving import leave
from tests.reporting.desks import Desk, triage

pytestmark = pytest.mark.usefixtures("both")


@pytest.fixture
def desk(forum):
    desk = Desk(forum).opens()
    desk.joins("third")
    return desk


def reads(desk, filed, name):
    return keeping.open_report(desk.work, filed.report_id, desk.vaults[name]).body.what


def told(desk, **said):
    """A report through the form, where ties are looked at before anything is sealed."""
    header = Header(kind="boundary", platform_id=desk.forum.id)
    body = Body(what="he wrote to me again", **said)
    draft = Draft(header=header, body=body, identity=Identity(name="Ana"))
    code = hand_in(desk.work, Handed(draft, str(uuid4())), "https://us.example").code
    report_id = by_code(desk.session, desk.keyring, code).report_id
    return desk.session.get(CaseReport, report_id).case_id, desk.session.get(Report, report_id)


def test_who_reported_is_closed_again_to_an_officer_who_must_have_no_part(desk):
    case_id, filed = desk.receives(identity="Ana")
    request = custody.ask(desk.work, filed.report_id, desk.vaults["olu"], "the court asks")
    custody.release(desk.work, request, desk.vaults["cy"], "yes")
    assert custody.identity(desk.work, filed.report_id, desk.vaults["olu"]).name == "Ana"
    members.recuse(desk.at_work(case_id), "my cousin")
    with pytest.raises(NoSuchReportError):
        custody.identity(desk.work, filed.report_id, desk.vaults["olu"])
    assert custody.requests_of(desk.session, desk.keyring, filed.report_id, desk.vaults["olu"]) == ()


def test_a_name_is_not_released_to_an_officer_who_is_out_since_they_asked(desk):
    case_id, filed = desk.receives(identity="Ana")
    request = custody.ask(desk.work, filed.report_id, desk.vaults["olu"], "the court asks")
    members.recuse(desk.at_work(case_id), "my cousin")
    with pytest.raises(NoSuchRequestError):
        custody.release(desk.work, request, desk.vaults["cy"], "yes")


def test_a_custodian_who_is_out_of_a_case_is_asked_nothing_about_it(desk):
    desk.joins("both", Role.OFFICER, Role.CUSTODIAN)
    case_id, filed = desk.receives(identity="Ana")
    members.recuse(desk.at_work(case_id, "both"), "my cousin")
    request = custody.ask(desk.work, filed.report_id, desk.vaults["olu"], "the court asks")
    assert custody.waiting(desk.session, desk.keyring, desk.vaults["both"]) == ()
    with pytest.raises(NoSuchRequestError):
        custody.release(desk.work, request, desk.vaults["both"], "yes")
    assert len(custody.waiting(desk.session, desk.keyring, desk.vaults["cy"])) == 1


def test_who_was_tied_when_it_was_told_is_handed_nothing_later(desk):
    ties.declare(desk.work, desk.staff_id("third"), TieKind.PERSON, "N Ward")
    case_id, filed = told(desk, who="N. Ward")
    report_id = filed.id
    assert desk.staff_id("third") in handed.recused(desk.session, report_id)
    sharing.hand_over(desk.work, desk.vaults["olu"], desk.reader("third"), handed.recused, handed.let_in_too)
    leave(desk.work, desk.staff_id("oda"))
    sharing.top_up(desk.work, desk.vaults["olu"], handed.recused, handed.let_in_too)
    with pytest.raises(NoSuchReportError):
        keeping.open_report(desk.work, report_id, desk.vaults["third"])
    with pytest.raises(TiedError):
        members.assign(desk.at_work(case_id), desk.staff_id("third"))
    assert desk.staff_id("third") not in members.candidates(desk.at_work(case_id))


def test_who_is_out_of_one_of_two_cases_is_out_of_the_one_they_become(desk):
    small, filed = desk.receives("a first report")
    members.recuse(desk.at_work(small, "third"), "my cousin")
    into, _ = desk.receives("a second report")
    ties.keep_out(desk.work, desk.case(into), {desk.staff_id("third")}, "left")
    members.merge(desk.at_work(small), desk.at_work(into), "the same man")
    with pytest.raises(TiedError):
        members.assign(desk.at_work(into), desk.staff_id("third"))
    assert desk.staff_id("third") in handed.recused(desk.session, filed.report_id)


def test_of_an_officer_who_came_later_the_same(desk):
    small, filed = desk.receives("a first report")
    desk.joins("fourth")
    members.assign(desk.at_work(small), desk.staff_id("fourth"))
    members.recuse(desk.at_work(small, "fourth"), "my cousin")
    into, _ = desk.receives("a second report")
    row = desk.session.get(CaseMember, (into, desk.staff_id("fourth")))
    desk.session.delete(row)
    desk.session.flush()
    members.merge(desk.at_work(small), desk.at_work(into), "the same man")
    assert desk.staff_id("fourth") in handed.recused(desk.session, filed.report_id)
    assert desk.staff_id("fourth") not in members.candidates(desk.at_work(into))


def test_cases_of_two_forums_stay_two(desk):
    other, _ = add_platform(desk.session, desk.keyring, NewPlatform(name="other"), now=desk.forum.now)
    small, _ = desk.receives("here")
    header = Header(kind="boundary", platform_id=other.id)
    filed = keeping.file_report(desk.work, Draft(header=header, body=Body(what="there")), desk.group(other.id))
    open_cases(desk.work, desk.policy)
    there = desk.session.get(CaseReport, filed.report_id).case_id
    with pytest.raises(NotSaidError):
        members.merge(desk.at_work(small), desk.at_work(there), "the same man")


def test_who_decided_one_of_two_cases_does_not_answer_the_appeal_of_the_one_they_become(desk):
    small, _ = desk.receives("a first report")
    desk.at_work(small, "third").note("I looked into it")
    into, filed = desk.receives("a second report")
    members.merge(desk.at_work(small), desk.at_work(into), "the same man")
    at_work = desk.at_work(into)
    at_work.acknowledge("read")
    at_work.triage(triage())
    at_work.decide("upheld", "as the posts show")
    at_work.tell_outcome("we looked")
    appeal(desk.work, desk.policy, filed.report_id, "look again")
    with pytest.raises(NotFreshOfficerError):
        desk.at_work(into, "third").answer_appeal(overturn=True, reasons="no")


def test_a_proposal_of_who_is_out_counts_for_nothing(desk):
    case_id, _ = desk.receives()
    row = proposals.propose(desk.at_work(case_id), Proposed(kind=Kind.WIDE_BLOCK, words="block him", facts={}))
    members.recuse(desk.at_work(case_id), "my cousin")
    with pytest.raises(NeedsSecondError):
        proposals.answer(desk.at_work(case_id, "oda"), row.id, yes=True, words="yes")
    assert proposals.answer(desk.at_work(case_id, "oda"), row.id, yes=False, words="no").kind is Kind.WIDE_BLOCK


@pytest.mark.parametrize(("kind", "words"), [(TieKind.PERSON, "N Ward"), (TieKind.ORGANISATION, "St Mary's")])
def test_a_tie_declared_later_puts_one_out_at_the_next_page(desk, kind, words):
    case_id, filed = desk.receives(who="N. Ward")
    members.name_people(desk.at_work(case_id), {"organisation": "St Mary's"})
    members.leave_if_tied(desk.at_work(case_id))
    assert reads(desk, filed, "olu")
    ties.declare(desk.work, desk.staff_id("olu"), kind, words)
    members.leave_if_tied(desk.at_work(case_id))
    with pytest.raises(NoSuchCaseError):
        desk.at_work(case_id)
    with pytest.raises(NoSuchReportError):
        reads(desk, filed, "olu")


def test_what_is_handed_over_comes_with_its_case(desk):
    case_id, filed = desk.receives()
    desk.at_work(case_id).note("she is afraid")
    desk.joins("fourth")
    sharing.hand_over(desk.work, desk.vaults["olu"], desk.reader("fourth"), handed.recused, handed.let_in_too)
    assert reads(desk, filed, "fourth")
    assert [event.words for event in desk.at_work(case_id, "fourth").history() if event.words] == ["she is afraid"]


def test_without_the_case_nobody_could_go_on_with_a_report(desk):
    """The control: as it was."""
    case_id, filed = desk.receives()
    desk.joins("fourth")
    sharing.hand_over(desk.work, desk.vaults["olu"], desk.reader("fourth"), handed.recused)
    assert reads(desk, filed, "fourth")
    with pytest.raises(NoSuchCaseError):
        desk.at_work(case_id, "fourth")


def test_who_leaves_has_no_part_any_more_and_the_last_one_leaves_the_case_to_their_printed_key(desk):
    case_id, _ = desk.receives()
    desk.at_work(case_id).claim()
    for name in ("olu", "oda"):
        handed.left(desk.work, desk.staff_id(name))
        leave(desk.work, desk.staff_id(name))
        with pytest.raises(NoSuchCaseError):
            desk.at_work(case_id, name)
    assert desk.case(case_id).assigned is None
    # Who is the last one could be asked for their printed key: it opens case and report for whoever comes next.
    handed.left(desk.work, desk.staff_id("third"))
    leave(desk.work, desk.staff_id("third"))
    desk.joins("fourth")
    sharing.hand_over(desk.work, desk.vaults["third"], desk.reader("fourth"), handed.recused, handed.let_in_too)
    assert desk.at_work(case_id, "fourth").history()
