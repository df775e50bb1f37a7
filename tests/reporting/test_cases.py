"""A case from an alarming message to its end: the table of states, clocks, two people, and who may see what."""

import pytest

from governance.errors import BadInputError
from governance.reporting.cases import hearings, members, outside, proposals, ties
from governance.reporting.cases.errors import (
    NeedsSecondError,
    NoSuchCaseError,
    NoSuchCaseMoveError,
    NotFreshOfficerError,
    NotSaidError,
    TiedError,
)
from governance.reporting.cases.models import Case, CaseEvent, CaseMember, CaseReport
from governance.reporting.cases.opening import open_cases
from governance.reporting.cases.proposals import Kind, Proposed
from governance.reporting.cases.states import MOVES, Act, By, State, move, possible
from governance.reporting.cases.ties import TieKind
from governance.reporting.clocks.jobs import Pager, run_out
from governance.reporting.errors import DutyClosedError
from governance.reporting.filing.service import Handed, hand_in
from governance.reporting.keeping import messages
from governance.reporting.keeping.drafts import Body, Draft, Header
from governance.reporting.keeping.service import key_for, readers
from tests.reporting.desks import DAY, HOUR, Desk, triage

pytestmark = pytest.mark.usefixtures("both")


@pytest.fixture
def desk(forum):
    return Desk(forum).opens()


def decided(desk, severity="S2", outcome="upheld"):
    case_id, filed = desk.receives()
    at_work = desk.at_work(case_id)
    at_work.acknowledge("We have read it.")
    at_work.triage(triage(severity=severity))
    at_work.decide(outcome, "two messages after a no")
    return case_id, filed


def test_a_report_has_one_case_however_often_somebody_looks(desk):
    case_id, _ = desk.receives()
    assert open_cases(desk.work, desk.policy) == []
    case = desk.case(case_id)
    assert (case.state, case.severity, case.kind) == ("received", "S1", "boundary")
    assert {row.officer_id for row in CaseMember.serving(desk.session, case_id)} == {
        desk.staff_id("olu"),
        desk.staff_id("oda"),
    }


@pytest.mark.parametrize(
    ("said", "severity"),
    [
        ({"kind": "boundary"}, "S1"),
        ({"kind": "boundary", "minor": True}, "S3"),
        ({"kind": "uncomfortable", "danger_now": True}, "S4"),
        ({"kind": "safeguarding_child"}, "S3"),
        ({"kind": "optout_breach"}, "S2"),
    ],
)
def test_rules_raise_how_serious_a_report_is(desk, said, severity):
    flags = {"danger_now": said.get("danger_now", False), "minor": said.get("minor", False)}
    assert desk.policy.severity(said["kind"], **flags) == severity


def test_every_state_can_be_left_and_the_table_names_each_move_once():
    keys = [(one.start, one.act) for one in MOVES]
    assert len(keys) == len(set(keys))
    assert {one.start for one in MOVES} | {State.MERGED} == set(State)
    assert Act.CLOSE not in possible(State.INVESTIGATING)
    assert move(State.APPEALED, Act.UPHOLD).by is By.FRESH_OFFICER


def test_a_whole_case(desk):
    case_id, filed = decided(desk)
    at_work = desk.at_work(case_id)
    with pytest.raises(NoSuchCaseMoveError, match="tell the reporter"):
        at_work.close()
    at_work.tell_outcome("You were right.")
    at_work.remedy("the professional was warned")
    at_work.close()
    assert desk.case(case_id).state == "closed"
    assert desk.clocks(case_id) == {}
    key = key_for(desk.session, desk.keyring, filed.report_id, desk.vaults["oda"])
    told = [one.text for one in messages.messages(desk.session, filed.report_id, key)]
    assert told == ["We have read it.", "You were right."]


def test_clocks_stop_by_what_they_wait_for_and_hold_days_alone_then(desk):
    case_id, _ = desk.receives()
    assert {"house.acknowledge", "house.triage", "house.decide", "house.hard_stop"} == desk.clocks(case_id).keys()
    desk.waits(5 * HOUR)
    desk.at_work(case_id).acknowledge("read")
    left = desk.clocks(case_id)
    assert "house.acknowledge" not in left
    assert "house.update" in left
    stopped = desk.session.query(type(left["house.update"])).filter_by(name="house.acknowledge").one()
    assert all(when % DAY == 0 for when in (stopped.started, stopped.due, stopped.stopped))


def test_a_clock_that_ran_out_is_said_once(desk):
    case_id, _ = desk.receives()
    desk.waits(9 * DAY)
    assert run_out(desk.work, desk.policy, Pager(None)) == 2
    assert run_out(desk.work, desk.policy, Pager(None)) == 0
    assert desk.whats(case_id).count("late") == 2


def test_more_serious_ends_sooner_and_a_picked_regime_runs_beside(desk):
    case_id, _ = desk.receives()
    before = desk.clocks(case_id)["house.triage"].due
    at_work = desk.at_work(case_id)
    at_work.triage(triage(severity="S4", regimes=frozenset({"nhs_wales"})))
    clocks = desk.clocks(case_id)
    assert clocks["house.acknowledge"].due - clocks["house.acknowledge"].started == 4 * HOUR
    assert "nhs_wales.reply" in clocks
    assert before > clocks["house.acknowledge"].due


def test_a_clock_stands_still_for_a_named_cause_alone(desk):
    case_id, _ = desk.receives()
    with pytest.raises(BadInputError, match="named causes"):
        desk.at_work(case_id).pause("holiday", "I am away")
    due = desk.clocks(case_id)["house.decide"].due
    desk.at_work(case_id).pause("police_asked", "they asked until Friday")
    desk.waits(20 * DAY)
    assert run_out(desk.work, desk.policy, Pager(None)) == 0
    desk.at_work(case_id).resume()
    assert desk.clocks(case_id)["house.decide"].due >= due + 20 * DAY


def test_lowering_needs_a_reason(desk):
    case_id, _ = desk.receives()
    with pytest.raises(NotSaidError):
        desk.at_work(case_id).triage(triage(severity="S0", reason=" "))


def test_from_s3_on_a_second_officer_closes(desk):
    case_id, _ = decided(desk, "S3")
    at_work = desk.at_work(case_id)
    at_work.tell_outcome("You were right.")
    with pytest.raises(NoSuchCaseMoveError, match="second"):
        at_work.close()
    row = proposals.propose(at_work, Proposed(kind=Kind.CLOSE, words="all is done"))
    with pytest.raises(NeedsSecondError):
        proposals.answer(at_work, row.id, yes=True, words="")
    second = desk.at_work(case_id, "oda")
    assert proposals.answer(second, row.id, yes=True, words="I agree").kind is Kind.CLOSE
    second.close_now()
    assert desk.case(case_id).state == "closed"


def test_nobody_says_alone_that_a_report_was_made_to_hurt(desk):
    case_id, _ = desk.receives()
    desk.at_work(case_id).acknowledge("read")
    desk.at_work(case_id).triage(triage(severity="S1"))
    with pytest.raises(NoSuchCaseMoveError, match="alone"):
        desk.at_work(case_id).decide("misuse", "it was made up")
    desk.at_work(case_id, "oda").decide("misuse", "it was made up", second=True)
    assert desk.case(case_id).outcome == "misuse"


def test_who_is_in_no_case_cannot_open_find_or_count_it(desk):
    case_id, _ = desk.receives()
    desk.joins("late")
    with pytest.raises(NoSuchCaseError):
        desk.at_work(case_id, "late")
    assert list(Case.of_member(desk.session, desk.staff_id("late"))) == []
    assert [case.id for case in Case.of_member(desk.session, desk.staff_id("oda"))] == [case_id]


def test_a_tie_puts_an_officer_out_as_soon_as_somebody_names_the_place(desk):
    case_id, filed = desk.receives()
    ties.declare(desk.work, desk.staff_id("oda"), TieKind.ORGANISATION, "  St  Mary's TRUST ")
    out = members.name_people(desk.at_work(case_id), {"hcp": "dan", "organisation": "st mary's trust"})
    assert out == [desk.staff_id("oda")]
    with pytest.raises(NoSuchCaseError):
        desk.at_work(case_id, "oda")
    assert readers(desk.session, filed.report_id) == {desk.staff_id("olu")}
    with pytest.raises(TiedError):
        members.assign(desk.at_work(case_id), desk.staff_id("oda"))
    assert desk.staff_id("oda") not in members.candidates(desk.at_work(case_id))


def test_without_the_tie_the_same_officer_stays(desk):
    """The control: it is the tie that puts her out."""
    case_id, _ = desk.receives()
    assert members.name_people(desk.at_work(case_id), {"hcp": "dan", "organisation": "st mary's trust"}) == []
    assert desk.at_work(case_id, "oda")


def test_an_assigned_officer_reads_everything(desk):
    case_id, filed = desk.receives("as it was")
    desk.joins("late")
    members.assign(desk.at_work(case_id), desk.staff_id("late"))
    assert desk.case(case_id).assigned == desk.staff_id("late")
    assert desk.whats(case_id, "late") == ["opened", "assigned"]
    assert key_for(desk.session, desk.keyring, filed.report_id, desk.vaults["late"])


def test_merging_leaves_out_whoever_is_out_of_either(desk):
    one, _ = desk.receives("one")
    other, filed = desk.receives("two")
    desk.joins("late")
    members.assign(desk.at_work(one), desk.staff_id("late"))
    members.recuse(desk.at_work(one, "oda"), "she is my cousin")
    members.merge(desk.at_work(other), desk.at_work(one), "the same person")
    assert desk.case(other).state == "merged"
    for case_id in (one, other):
        with pytest.raises(NoSuchCaseError):
            desk.at_work(case_id, "oda")
    assert key_for(desk.session, desk.keyring, filed.report_id, desk.vaults["late"])
    assert {row.report_id for row in CaseReport.of_case(desk.session, one)} >= {filed.report_id}


def test_retaliation_takes_a_closed_case_up_again(desk):
    case_id, _ = decided(desk)
    at_work = desk.at_work(case_id)
    at_work.tell_outcome("right")
    at_work.close()
    later, _ = desk.receives("they drop me now", kind="retaliation")
    members.merge(desk.at_work(later), desk.at_work(case_id), "the same person, after the outcome")
    assert desk.case(case_id).state == "reopened"
    assert "retaliation" in desk.case(case_id).also
    assert "house.decide" in desk.clocks(case_id)


def test_an_appeal_comes_once_and_somebody_fresh_answers(desk):
    case_id, filed = decided(desk)
    desk.at_work(case_id).tell_outcome("right")
    outside.appeal(desk.work, desk.policy, filed.report_id, "you forgot the second thread")
    assert "house.appeal" in desk.clocks(case_id)
    with pytest.raises(NotFreshOfficerError):
        desk.at_work(case_id).answer_appeal(overturn=True, reasons="no")
    desk.at_work(case_id, "oda").answer_appeal(overturn=True, reasons="there was a second thread")
    case = desk.case(case_id)
    assert (case.state, case.appeal_changed, case.outcome_told) == ("reopened", True, False)
    with pytest.raises(NoSuchCaseMoveError):
        outside.appeal(desk.work, desk.policy, filed.report_id, "once more")


def test_half_a_year_later_nobody_appeals(desk):
    _, filed = decided(desk)
    desk.waits(184 * DAY)
    with pytest.raises(NoSuchCaseMoveError):
        outside.appeal(desk.work, desk.policy, filed.report_id, "late")


@pytest.mark.parametrize(("kind", "ends"), [("uncomfortable", True), ("safeguarding_child", False)])
def test_a_report_taken_back_ends_a_case_unless_it_is_serious(desk, kind, ends):
    case_id, filed = desk.receives(kind=kind)
    assert outside.withdraw(desk.work, desk.policy, filed.report_id) is ends
    assert (desk.case(case_id).state == "withdrawn") is ends
    assert bool(desk.clocks(case_id)) is not ends


def test_a_professional_is_heard_by_a_code_and_never_learns_who(desk):
    case_id, _ = desk.receives()
    members.name_people(desk.at_work(case_id), {"patient": "ana-9", "hcp": "dan"})
    with pytest.raises(NotSaidError, match="names who reported"):
        hearings.begin(desk.at_work(case_id), "ANA-9 says that you wrote twice")
    _, code = hearings.begin(desk.at_work(case_id), "Somebody says that you wrote twice.")
    heard = hearings.by_code(desk.session, desk.keyring, code)
    assert [letter.text for letter in hearings.letters(desk.session, desk.keyring, heard)] == [
        "Somebody says that you wrote twice."
    ]
    hearings.answer(desk.work, heard.hearing, "I did not see the no.")
    said = desk.at_work(case_id, "oda").history()[-1]
    assert (said.what.value, said.words) == ("statement", "I did not see the no.")
    assert hearings.by_code(desk.session, desk.keyring, "0" * 24) is None


def test_an_event_says_its_time_and_words_inside_alone(desk):
    case_id, _ = desk.receives()
    desk.at_work(case_id).note("she sounded afraid")
    for row in CaseEvent.of(desk.session, case_id):
        assert row.day % DAY == 0
        assert b"afraid" not in row.sealed
    assert desk.at_work(case_id).history()[-1].at == desk.forum.now


def test_a_case_about_one_of_us_is_closed_to_them(desk):
    case_id, _ = desk.receives()
    oda = desk.staff_id("oda")
    assert members.hand_outside(desk.at_work(case_id), frozenset({oda}), "it is about her", "Pat Outside") == [oda]
    with pytest.raises(NoSuchCaseError):
        desk.at_work(case_id, "oda")
    with pytest.raises(TiedError):
        members.hand_outside(desk.at_work(case_id), frozenset({desk.staff_id("olu")}), "me", "Pat Outside")


@pytest.mark.parametrize(
    ("kind", "words", "who"),
    [
        (TieKind.PERSON, "Norah Ward", "Ward, Norah"),
        (TieKind.PERSON, "N. Ward", "n ward; the blue badge"),
        (TieKind.ORGANISATION, "St Mary's", "somebody / St Mary's"),
    ],
)
def test_whoever_is_tied_gets_no_key_at_filing(desk, kind, words, who):
    desk.joins("third")
    draft = Draft(header=Header(kind="boundary", platform_id=desk.forum.id), body=Body(what="again", who=who))
    assert ties.tied_to_draft(desk.work, draft) == frozenset()
    ties.declare(desk.work, desk.staff_id("oda"), kind, words)
    told = hand_in(desk.work, Handed(draft, "01234567-89ab-4def-8123-456789abcdef"), "https://us.example")
    assert told.code
    case = desk.session.query(Case).one()
    assert {row.officer_id for row in CaseMember.serving(desk.session, case.id)} == {
        desk.staff_id("olu"),
        desk.staff_id("third"),
    }
    with pytest.raises(NoSuchCaseError):
        desk.at_work(case.id, "oda")


def test_where_only_one_is_left_the_form_leads_outside(desk):
    ties.declare(desk.work, desk.staff_id("oda"), TieKind.PERSON, "N Ward")
    draft = Draft(header=Header(kind="boundary", platform_id=desk.forum.id), body=Body(what="again", who="N. Ward"))
    with pytest.raises(DutyClosedError):
        hand_in(desk.work, Handed(draft, "01234567-89ab-4def-8123-456789abcdef"), "https://us.example")
