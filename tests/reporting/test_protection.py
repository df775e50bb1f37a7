"""What protects at once, what our own records know, who looks again, and that nothing outside leads to a case."""

import pytest
from sqlalchemy import select

from governance.conduct.models import HcpRecord
from governance.decision.vocabulary import Action, Instant, Level
from governance.effective.measures import MeasureKind
from governance.effective.models import Measure
from governance.ledger.decisions.service import Shown, write_shown
from governance.ledger.models import LedgerEntry
from governance.optout.choices import Choices
from governance.patients.contact.models import PatientNotice
from governance.policy.current import conduct_in_force
from governance.reporting.cases import members
from governance.reporting.cases.errors import NoSuchAccountError
from governance.reporting.cases.events import What
from governance.reporting.cases.models import Case
from governance.reporting.clocks.holding import oldest_kept
from governance.reporting.protection import offers
from governance.reporting.protection.errors import NotAgreedError, OwnMeasureError
from governance.reporting.protection.models import MeasureReview, RefusalOffer
from governance.reporting.protection.records import known_of
from governance.reporting.protection.reviews import RENEWED, RIGHT, WRONG, review
from governance.reporting.protection.service import Protecting, find_people
from governance.ui.clock import in_iso, to_datetime
from tests.reporting.desks import DAY, Desk

pytestmark = pytest.mark.usefixtures("both")


@pytest.fixture
def desk(forum):
    forum.registers("dan")
    forum.acknowledges("ana")
    forum.wants("ana", Choices(others=Level.IN_TOUCH), proved=True, of_age=True)
    forum.opens("lows")
    return Desk(forum).opens()


@pytest.fixture
def people(desk):
    return find_people(desk.session, desk.keyring, desk.forum.id, "ana", "dan")


def protecting(desk, name="olu"):
    return Protecting(desk.work, desk.policy, desk.staff_id(name))


def sees(desk, action="view"):
    said = (
        {}
        if action == "message"
        else {"community": "lows", "thread": "t", "post": "p", "created": in_iso(desk.forum.now)}
    )
    return desk.forum.permits("dan", "ana", action, **said)


def test_a_pair_block_counts_for_the_next_question_and_ends_by_itself(desk, people):
    assert sees(desk)
    measure = protecting(desk).block_pair(people)
    assert not sees(desk)
    assert measure.until - desk.forum.now == desk.policy.measures.pair_days * DAY
    desk.waits(29 * DAY)
    assert sees(desk)


def test_somebody_without_a_record_can_be_protected(desk):
    new = find_people(desk.session, desk.keyring, desk.forum.id, "zoe", "dan")
    measure = protecting(desk).block_pair(new)
    assert measure.subject == str(desk.forum.patient("zoe", adult=False).id)


def test_a_block_needs_both(desk):
    nobody = find_people(desk.session, desk.keyring, desk.forum.id, "", "dan")
    with pytest.raises(NoSuchAccountError):
        protecting(desk).block_pair(nobody)


def test_an_emergency_view_only_where_the_patient_agreed_beforehand(desk, people):
    with pytest.raises(NotAgreedError):
        protecting(desk).view_in_emergency(people, "t", "GB")
    assert MeasureReview.open(desk.session) == []
    desk.forum.acknowledges("eve")
    desk.forum.wants("eve", Choices(emergency=True), proved=True, of_age=True)
    said = {"community": "lows", "thread": "t", "post": "p", "created": in_iso(desk.forum.now)}
    assert not desk.forum.permits("dan", "eve", **said)
    desk.waits(1)
    eve = find_people(desk.session, desk.keyring, desk.forum.id, "eve", "dan")
    assert noticed(desk, "eve") == []
    protecting(desk).view_in_emergency(eve, "t", "GB")
    assert noticed(desk, "eve") == ["emergency_view"]
    assert desk.forum.permits("dan", "eve", **said)
    assert not desk.forum.permits("dan", "eve", **{**said, "thread": "another"})
    row = MeasureReview.open(desk.session)[0]
    assert to_datetime(Instant(row.due)) > to_datetime(desk.forum.now)
    assert row.due - desk.forum.now <= 5 * DAY
    assert row.kind == MeasureKind.EMERGENCY_VIEW


def noticed(desk, name):
    return [one.kind for one in PatientNotice.unseen_of(desk.session, desk.forum.patient(name).id)]


def test_an_account_that_nobody_declared_is_bound_once_it_is_marked(desk):
    eve = find_people(desk.session, desk.keyring, desk.forum.id, "ana", "eve")
    desk.forum.hides("ana")
    said = {"community": "lows", "thread": "t", "post": "p", "created": in_iso(desk.forum.now)}
    assert desk.forum.permits("eve", "ana", **said)
    protecting(desk).mark(eve)
    assert not desk.forum.permits("eve", "ana", **said)


def test_a_registration_is_looked_at_again(desk, people):
    told = []
    protecting(desk).recheck(people, lambda *said: told.append(said[2]), "reported")
    assert told == [desk.session.scalars(select(HcpRecord.id)).one()] == [people.hcp_id]
    nobody = find_people(desk.session, desk.keyring, desk.forum.id, "ana", "eve")
    with pytest.raises(NoSuchAccountError, match="mark"):
        protecting(desk).recheck(nobody, lambda *_: None, "reported")


def test_a_wide_block_is_looked_at_by_somebody_else_and_goes_on_or_ends(desk, people):
    protecting(desk, "oda").block_everywhere(people.hcp_id, desk.staff_id("olu"))
    assert not sees(desk)
    row = MeasureReview.open(desk.session)[0]
    assert row.due - desk.forum.now == 7 * DAY
    for name in ("olu", "oda"):
        with pytest.raises(OwnMeasureError):
            review(desk.work, desk.policy, row.id, desk.staff_id(name), (RENEWED, "it still stands"))
    desk.joins("late")
    review(desk.work, desk.policy, row.id, desk.staff_id("late"), (RENEWED, "it still stands"))
    desk.waits(8 * DAY)
    assert not sees(desk)
    again = MeasureReview.open(desk.session)[0]
    review(desk.work, desk.policy, again.id, desk.staff_id("olu"), (WRONG, "it was another person"))
    assert sees(desk)


def test_who_took_it_may_still_say_that_it_was_wrong(desk, people):
    """And nothing else: a control of the rule above."""
    protecting(desk, "oda").block_everywhere(people.hcp_id, desk.staff_id("olu"))
    row = MeasureReview.open(desk.session)[0]
    with pytest.raises(OwnMeasureError):
        review(desk.work, desk.policy, row.id, desk.staff_id("olu"), (RIGHT, "I was right"))
    assert review(desk.work, desk.policy, row.id, desk.staff_id("olu"), (WRONG, "I was wrong")).result == WRONG


def test_before_a_block_ends_its_patient_is_asked_once(desk, people):
    protecting(desk).block_pair(people)
    assert offers.offer(desk.work) == 0
    desk.waits(26 * DAY)
    assert (offers.offer(desk.work), offers.offer(desk.work)) == (1, 0)
    patient, refused = desk.forum.patient("ana").id, []
    row = RefusalOffer.open_of(desk.session, patient)[0]
    offers.answer(desk.work, patient, row.id, refuse=lambda *said: refused.append(said))
    assert refused == [(patient, people.hcp)]
    assert RefusalOffer.open_of(desk.session, patient) == []


def test_the_records_of_a_pair_say_choices_standing_and_what_was_asked(desk, people):
    known = known_of(desk.session, desk.keyring, people, conduct_in_force(), desk.forum.now)
    assert known.choices["others"] == "in_touch"
    assert known.standing["status"] == "good"
    assert not known.shown_although_refused
    assert len(known.digest) == 64


@pytest.mark.parametrize("hidden", [True, False])
def test_shown_although_refused_is_the_forums_failure(desk, people, hidden):
    """Not hidden is the control: then the forum kept the rule."""
    if hidden:
        desk.forum.hides("ana")
    at = Instant(desk.forum.now + 1)
    shown = Shown(author=people.patient, viewer=people.hcp, action=Action.VIEW, at=at)
    write_shown(desk.session, desk.keyring, desk.forum.id, [shown])
    desk.waits(2)
    known = known_of(desk.session, desk.keyring, people, conduct_in_force(), desk.forum.now)
    assert [row.answer for row in known.rows] == ["refuse" if hidden else "permit"] or not hidden
    assert known.shown_although_refused is hidden


def test_decisions_of_before_a_report_are_kept_until_somebody_copied_them(desk):
    assert oldest_kept(desk.session) is None
    case_id, _ = desk.receives()
    assert oldest_kept(desk.session) == desk.case(case_id).filed
    at_work = desk.at_work(case_id)
    at_work.copied("a copy", {"digest": "0" * 64})
    assert oldest_kept(desk.session) is None
    assert desk.whats(case_id)[-1] == What.RECORDS


def test_nothing_in_the_clear_leads_from_a_block_to_a_case(desk, people):
    case_id, _ = desk.receives()
    members.name_people(desk.at_work(case_id), {"patient": "ana", "hcp": "dan"})
    measure = protecting(desk).block_pair(people)
    desk.at_work(case_id).say(What.PROTECTED, "", {"measure": str(measure.id)})
    desk.session.flush()
    theirs = {str(measure.id), measure.subject, people.hcp, str(people.hcp_id)}
    for row in (*desk.session.scalars(select(Case)), *desk.session.scalars(select(RefusalOffer))):
        values = {str(getattr(row, name)) for name in row.__table__.columns.keys()}  # noqa: SIM118
        assert not theirs & values
    assert not [one for one in entries(desk) if str(case_id).encode() in one.document]
    assert desk.session.get(Measure, measure.id).since == desk.forum.now


def entries(desk):
    return desk.session.scalars(select(LedgerEntry)).all()
