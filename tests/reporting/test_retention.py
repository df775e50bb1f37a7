"""Parts of a case go one after another, a hold stops all of it, two people end it sooner, and nothing is left half."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from governance.crypto.data_keys import KeyGoneError
from governance.decision.vocabulary import Instant
from governance.ledger.models import LedgerEntry
from governance.policy.current import policies
from governance.reporting.cases import hearings, members, proposals
from governance.reporting.cases.errors import NeedsSecondError, NoSuchCaseMoveError, NotSaidError
from governance.reporting.cases.models import Case, CaseEvent, CaseMember, HearingLetter
from governance.reporting.cases.proposals import Kind, Proposed
from governance.reporting.clocks.models import CaseClock
from governance.reporting.custody.models import ReporterIdentity
from governance.reporting.evidence import service as evidence
from governance.reporting.evidence.images import Painted
from governance.reporting.evidence.models import Evidence, EvidencePart
from governance.reporting.keeping import messages, reporters, service
from governance.reporting.keeping.keys import ReportKey
from governance.reporting.keeping.models import Report, ReportMessage
from governance.reporting.numbers.models import YearFigures
from governance.reporting.numbers.service import publish_years
from governance.reporting.retention import holds
from governance.reporting.retention.due import Part, after_months
from governance.reporting.retention.models import CaseHold
from governance.reporting.retention.service import delete_early, sweep
from tests.reporting.desks import DAY, Desk, triage

pytestmark = pytest.mark.usefixtures("both")
_KEPT = (ReporterIdentity, Evidence, EvidencePart, ReportMessage, HearingLetter, Report, CaseEvent, CaseMember)


@pytest.fixture
def desk(forum):
    return Desk(forum).opens()


def ends(desk, severity="S2", outcome="upheld", **said):
    """A case with everything in it, from its report to its end; return its id and what was filed."""
    case_id, filed = desk.receives(identity="Ana", **said)
    picture = evidence.keep(desk.session, Painted(b"\x89PNG of a thread", "image/png", 1, 1), [], desk.forum.now)
    evidence.attach(desk.work, filed.key, [picture])
    at_work = desk.at_work(case_id)
    hearings.begin(at_work, "somebody told us about you")
    at_work.acknowledge("read")
    at_work.triage(triage(severity=severity))
    at_work.decide(outcome, "as the posts show")
    at_work.tell_outcome("we looked")
    at_work.close_now()
    return case_id, filed


def there(desk):
    return {table: desk.session.scalar(select(func.count()).select_from(table)) for table in _KEPT}


def left(desk):
    return {table.__name__ for table, many in there(desk).items() if many}


def later(desk, months=0, days=0):
    desk.forum.now = Instant(after_months(desk.forum.now, months) + days * DAY)


def sweeps(desk):
    return set(sweep(desk.work, policies().retention))


def publishes(desk):
    publish_years(desk.work, policies())


def test_parts_go_in_their_order_each_on_its_day(desk):
    case_id, filed = ends(desk, severity="S2")
    everything = {table.__name__ for table in _KEPT}
    later(desk, days=89)
    assert (sweeps(desk), left(desk)) == (set(), everything)
    later(desk, days=1)
    assert (sweeps(desk), left(desk)) == ({Part.IDENTITY}, everything - {"ReporterIdentity"})
    assert service.open_report(desk.work, filed.report_id, desk.vaults["olu"]).body.what
    later(desk, months=22)
    assert sweeps(desk) == {Part.PICTURES}
    assert not {"Evidence", "EvidencePart"} & left(desk)
    later(desk, months=12)
    assert (sweeps(desk), left(desk)) == ({Part.MESSAGES, Part.WORDS}, set())
    assert reporters.by_code(desk.session, desk.keyring, filed.code) is None
    with pytest.raises(KeyGoneError):
        ReportKey.opened(desk.session, desk.keyring, filed.report_id, filed.key.inner)
    case = desk.case(case_id)
    assert (case.state, case.severity, case.outcome, case.public) == ("closed", "S2", "upheld", b"")
    later(desk, months=12)
    assert sweeps(desk) == set(), "its year is not published yet"
    publishes(desk)
    assert sweeps(desk) == {Part.HEADER}
    assert desk.session.scalar(select(func.count()).select_from(Case)) == 0
    assert desk.session.scalar(select(func.count()).select_from(CaseClock)) == 0
    assert desk.session.scalar(select(func.count()).select_from(YearFigures)) > 0
    assert sweeps(desk) == set()


def test_how_grave_it_was_says_how_long_and_what_came_to_nothing_is_short(desk):
    grave, _ = ends(desk, severity="S4")
    nothing, _ = ends(desk, severity="S4", outcome="not_upheld")
    slight, _ = ends(desk, severity="S1")
    young, _ = ends(desk, severity="S4", outcome="not_upheld")
    desk.case(young).minor = True
    later(desk, months=13)
    sweeps(desk)
    gone = {one for one in (grave, nothing, slight, young) if desk.case(one).emptied is not None}
    assert gone == {nothing, slight}
    later(desk, months=108)
    sweeps(desk)
    assert desk.case(grave).emptied is not None
    assert desk.case(young).emptied is None
    later(desk, months=24)
    sweeps(desk)
    assert desk.case(young).emptied is not None


def test_of_a_case_that_is_not_over_nothing_goes_ever(desk):
    case_id, _ = desk.receives(identity="Ana")
    desk.at_work(case_id).acknowledge("read")
    later(desk, months=400)
    assert sweeps(desk) == set()
    assert "ReporterIdentity" in left(desk)


def test_a_case_taken_up_again_begins_anew(desk):
    case_id, _ = ends(desk, severity="S1")
    later(desk, months=11)
    desk.at_work(case_id).reopen("he did it again")
    later(desk, months=11)
    assert sweeps(desk) == set()


def test_who_writes_to_an_old_report_is_not_forgotten_unread(desk):
    case_id, filed = ends(desk, severity="S1")
    later(desk, months=11)
    messages.write_message(desk.work, filed.key, "reporter", "he did it again")
    later(desk, months=2)
    sweeps(desk)
    assert desk.case(case_id).emptied is None
    assert "ReportMessage" in left(desk)


def test_a_hold_stops_all_of_it_until_it_is_lifted(desk):
    case_id, _ = ends(desk, severity="S1")
    before = there(desk)
    holds.hold(desk.at_work(case_id), "the police asked on 3 May")
    with pytest.raises(NoSuchCaseMoveError):
        holds.hold(desk.at_work(case_id), "once more")
    later(desk, months=300)
    publishes(desk)
    assert sweeps(desk) == set()
    assert there(desk)[Report] == before[Report]
    assert there(desk)[ReporterIdentity] == 1
    with pytest.raises(NotSaidError):
        holds.lift(desk.at_work(case_id, "oda"), " ")
    holds.lift(desk.at_work(case_id, "oda"), "they closed it")
    (row,) = CaseHold.of_case(desk.session, case_id)
    assert (row.set_by, row.lifted_by) == (desk.staff_id("olu"), desk.staff_id("oda"))
    assert desk.whats(case_id)[-2:] == ["held", "hold_lifted"]
    kinds = [entry for (entry,) in desk.session.execute(select(LedgerEntry.document).where(LedgerEntry.kind == "case"))]
    assert sum(b'"held"' in one for one in kinds) == sum(b'"hold_lifted"' in one for one in kinds) == 1
    assert not any(b"police" in one for one in kinds)
    assert Part.WORDS in sweeps(desk)
    assert left(desk) == set()


def test_cases_that_went_on_in_another_one_go_with_it_and_a_hold_on_either_keeps_both(desk):
    into, _ = ends(desk, severity="S2")
    desk.at_work(into).reopen("there is more")
    small, _ = desk.receives("another report")
    desk.at_work(small).acknowledge("read")
    holds.hold(desk.at_work(small), "a court asked")
    members.merge(desk.at_work(small), desk.at_work(into), "the same man")
    assert desk.case(small).merged_into == into
    later(desk, months=300)
    assert sweeps(desk) == set(), "the case is open"
    at_work = desk.at_work(into)
    at_work.triage(triage(severity="S2"))
    at_work.investigate()
    at_work.decide("upheld", "as before")
    at_work.tell_outcome("we looked")
    at_work.close_now()
    later(desk, months=300)
    publishes(desk)
    assert sweeps(desk) == set(), "a hold keeps both"
    holds.lift(desk.at_work(small), "the court has it")
    assert Part.WORDS in sweeps(desk)
    assert left(desk) == set()
    assert desk.case(small).emptied is not None
    assert sweeps(desk) == {Part.HEADER}


def test_two_people_delete_sooner_and_the_header_is_counted_still(desk):
    case_id, filed = ends(desk)
    wanted = Proposed(kind=Kind.DELETE, words="she asked us", facts={"ground": "asked"})
    row = proposals.propose(desk.at_work(case_id), wanted)
    with pytest.raises(NeedsSecondError):
        proposals.answer(desk.at_work(case_id), row.id, yes=True, words="")
    second = desk.at_work(case_id, "oda")
    delete_early(second, proposals.answer(second, row.id, yes=True, words="yes"), row.by, policies().retention)
    assert left(desk) == set()
    assert reporters.by_code(desk.session, desk.keyring, filed.code) is None
    case = desk.case(case_id)
    assert (case.outcome, case.emptied, case.assigned) == ("upheld", desk.work.today, None)
    said = [one for (one,) in desk.session.execute(select(LedgerEntry.document).where(LedgerEntry.kind == "case"))]
    assert sum(b'"erased_early"' in one and b'"ground":"asked"' in one for one in said) == 1


@pytest.mark.parametrize("why", ["open", "held"])
def test_what_is_open_or_held_two_people_delete_neither(desk, why):
    case_id, _ = desk.receives() if why == "open" else ends(desk)
    if why == "held":
        holds.hold(desk.at_work(case_id), "a court asked")
    wanted = Proposed(kind=Kind.DELETE, words="she asked us", facts={"ground": "asked"})
    with pytest.raises(NoSuchCaseMoveError):
        delete_early(desk.at_work(case_id), wanted, desk.staff_id("oda"), policies().retention)
    assert "Report" in left(desk)


def test_a_run_takes_so_many_and_the_next_one_the_rest(desk):
    for _ in range(3):
        ends(desk, severity="S1")
    later(desk, months=13)
    assert sweep(desk.work, policies().retention, most=2)[Part.WORDS] == 2
    assert sweep(desk.work, policies().retention, most=2)[Part.WORDS] == 1


def test_nothing_goes_while_one_may_still_appeal():
    policy, desk = policies().retention, policies().desk
    start = Instant(int(datetime(2026, 1, 31, tzinfo=UTC).timestamp()) * 1_000_000)
    for severity in ("S0", "S4"):
        for outcome in (None, "misuse"):
            first = min(policy.span(severity, outcome, young=young).pictures for young in (True, False))
            assert after_months(start, first) - start > desk.appeal_days * DAY


def test_months_end_with_their_last_day():
    end_of_january = Instant(int(datetime(2027, 1, 31, tzinfo=UTC).timestamp()) * 1_000_000)
    assert datetime.fromtimestamp(after_months(end_of_january, 13) / 1e6, UTC).date().isoformat() == "2028-02-29"
