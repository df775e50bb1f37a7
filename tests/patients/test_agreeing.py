"""Below the age of her country a child's wish waits for her guardians' yes; nobody's yes but hers begins anything."""

import pytest

from governance.db.base import Base
from governance.decision.provisions import Scale, WhoKind
from governance.decision.vocabulary import Instant
from governance.effective.layers import DEATH, refuse_all
from governance.effective.service import Register
from governance.optout import guardians as others
from governance.optout.errors import NothingWaitsError
from governance.optout.hand_over import choose_anew
from governance.optout.models import WaitingChange
from governance.optout.own.rules import Scope as Place
from governance.optout.ratchet import Lack, Press, Waits
from governance.optout.service import hide
from governance.optout.steps import Step
from governance.optout.waiting import End, cancel
from governance.patients.guardians import hearings
from governance.patients.guardians.errors import TiedGuardianError
from governance.patients.guardians.models import Hearing
from governance.patients.guardians.refusing import refuse
from governance.patients.guardians.requests import Request
from governance.patients.guardians.service import Scope
from tests.forum import ANSWERED, CLOSED, DAY, SEEN
from tests.patients.home import Home


def outcomes(home):
    home.session.flush()
    return [one.outcome for one in home.session.query(WaitingChange).order_by(WaitingChange.made)]


def test_without_a_guardian_nothing_of_a_wish_is_kept(home):
    assert home.wants().lack is Lack.GUARDIAN
    assert outcomes(home) == []


def test_a_guardian_is_asked_and_after_the_yes_it_waits_its_day(home):
    home.linked("raj")
    assert isinstance(home.wants(), Waits)
    home.day_later()
    assert not home.permits()
    home.answers("raj")
    home.works()
    assert not home.permits()
    home.day_later()
    assert home.permits()


@pytest.mark.parametrize("step", ["approved", "seen"])
def test_a_link_that_is_not_in_force_is_not_asked(home, step):
    link = home.asks("raj")
    if step == "approved":
        home.links.approve(link.id, "olu", tuple(Scope))
    else:
        home.links.see(home.kim.id, link.id)
    assert home.wants().lack is Lack.GUARDIAN


def test_a_link_for_refusing_alone_agrees_to_nothing(home):
    home.linked("raj", scope=(Scope.REFUSE,))
    assert home.wants().lack is Lack.GUARDIAN


def test_a_guardian_says_no(home):
    home.linked("raj")
    home.wants()
    home.answers("raj", yes=False)
    assert outcomes(home) == [End.REFUSED]
    home.day_later()
    assert not home.permits()


def test_two_guardians_must_both_say_yes(home):
    home.linked("raj"), home.linked("mia")
    home.wants()
    home.answers("raj")
    home.day_later()
    assert not home.permits()
    home.answers("mia")
    home.day_later()
    assert home.permits()


def test_two_who_disagree_are_told_to_staff_and_the_no_counts(home):
    home.linked("raj"), home.linked("mia")
    home.wants()
    home.answers("raj")
    home.answers("mia", yes=False)
    assert (outcomes(home), home.hearings()) == ([End.REFUSED], ["disagreement"])


@pytest.mark.slow
def test_a_yes_beside_anothers_refusal_is_told_to_staff_and_stays_refused(home):
    home.linked("raj"), home.linked("mia")
    refuse(home.session, home.keyring, home.guardian("mia"), ("everybody", ()), home.now)
    home.wants()
    home.answers("raj")
    home.answers("mia")
    assert home.hearings() == ["disagreement"]
    home.day_later()
    assert not home.permits()


def test_a_guardian_who_is_a_professional_lets_none_in(home):
    home.linked("raj")
    home.linked("mia")
    home.forum.registers("raj")
    home.wants()
    with pytest.raises(TiedGuardianError):
        home.answers("raj")
    home.answers("mia")
    home.day_later()
    assert home.permits()


def test_where_every_guardian_is_a_professional_nobody_is_asked(home):
    home.linked("raj")
    home.forum.declares("raj")
    assert home.wants().lack is Lack.GUARDIAN


def test_also_by_another_account_of_theirs(home):
    home.linked("raj")
    person = home.forum.patient("raj")
    home.forum.registers("raj at work")
    tied = home.forum.account("raj at work")
    Register(home.session, home.keyring, home.now).bind(home.forum.id, tied.key, patient=person.id)
    assert home.wants().lack is Lack.GUARDIAN


def test_what_names_somebody_goes_to_an_officer_and_to_no_guardian(home):
    home.linked("raj")
    outcome = home.wants(CLOSED, SEEN, ["dan"])
    assert isinstance(outcome, Waits)
    assert (home.agreeing.shown(home.guardian("raj")), home.hearings()) == ([], ["wish"])
    with pytest.raises(NothingWaitsError):
        home.answers("raj")
    home.agreeing.decide(outcome.change.id, yes=True)
    home.day_later()
    assert home.permits()


def test_a_guardian_sees_classes_and_no_key_of_anybody(home):
    home.linked("raj")
    home.wants()
    shown = home.agreeing.shown(home.guardian("raj"))
    assert [(part.part, part.before, part.after) for part in shown[0].parts] == [("others", "closed", "seen")]
    assert home.forum.key("dan") not in repr(shown)


def test_nobody_answers_for_anothers_child(home):
    home.linked("raj")
    home.wants()
    ana = home.forum.patient("ana")
    raj = home.guardian("raj")
    stranger = raj._replace(link=type(raj.link)(id=raj.link.id, patient_id=ana.id, account_id=raj.link.account_id))
    with pytest.raises(NothingWaitsError):
        home.agreeing.answer(stranger, home.open_wish().id, yes=True)


def test_the_child_stops_it_before_and_after_the_yes(home):
    home.linked("raj")
    home.wants()
    cancel(home.session, home.keyring, home.kim.id, home.open_wish().id, home.now)
    home.wants()
    home.answers("raj")
    cancel(home.session, home.keyring, home.kim.id, home.open_wish().id, home.now)
    home.day_later()
    assert not home.permits()


@pytest.mark.slow
def test_hiding_stops_what_is_asked(home):
    home.linked("raj")
    home.wants()
    hide(home.session, home.keyring, home.kim.id, home.now)
    assert outcomes(home) == [End.HIDDEN]


def test_a_guardian_whom_a_court_sent_away_before_the_day_was_over_agreed_to_nothing(home):
    link = home.linked("raj")
    home.wants()
    home.answers("raj")
    home.links.end(link, "court order 12")
    home.day_later()
    assert (home.permits(), outcomes(home)) == (False, [End.OVERTAKEN])


def test_who_never_answers_agrees_to_nothing(home):
    home.linked("raj")
    home.wants()
    home.forum.later(days=30)
    home.works()
    assert (home.permits(), outcomes(home)) == (False, [End.UNANSWERED])


def test_at_the_age_of_her_country_an_old_question_falls_and_she_decides(home):
    home.linked("raj")
    home.wants()
    home.turns(13)
    assert home.wants().change is not None
    assert outcomes(home)[0] == End.CHANGED
    home.day_later()
    assert home.permits()


def test_a_guardians_wish_opens_nothing_without_her_and_with_her_yes_after_a_day(home):
    home.linked("raj")
    press = Press(home.now, wait=DAY, consent_age=13, zone="Europe/London", proved=True)
    outcome = home.agreeing.assent(home.guardian("raj"), home.kim.id, Request("others", SEEN), press)
    assert isinstance(outcome, Waits)
    home.day_later()
    assert home.permits()


def test_what_was_agreed_ends_at_18_and_what_she_opened_herself_stays(home):
    home.linked("raj")
    home.wants()
    home.answers("raj")
    home.day_later()
    home.turns(13)
    home.wants(SEEN, ANSWERED, ["dan"])
    home.day_later()
    home.turns(18)
    assert home.permits()
    home.registers("eve")
    assert not home.permits(viewer="eve")
    choose_anew(home.session, home.keyring, home.kim.id, home.now)
    assert (home.permits(), home.permits(viewer="eve")) == (True, False)
    assert home.document().asked_again == ()


def test_whom_an_officer_let_in_is_asked_again_too_and_gains_nothing_by_it(home):
    outcome = home.wants(CLOSED, SEEN, ["dan"])
    home.agreeing.decide(outcome.change.id, yes=True)
    home.day_later()
    home.turns(16)
    home.wants(SEEN, SEEN, ["dan"])
    home.day_later()
    home.turns(18)
    assert not home.permits()
    choose_anew(home.session, home.keyring, home.kim.id, home.now)
    assert not home.permits()


def test_a_place_that_was_agreed_to_ends_at_her_midnight_of_18(home):
    home.linked("raj")
    home.rules("nurse", "t1", ANSWERED)
    home.answers("raj")
    home.day_later()
    home.turns(18)
    home.forum.now = Instant(home.now - 1)
    assert home.permits(thread="t1")
    assert not home.permits(thread="t2")
    home.forum.now = Instant(home.now + 1)
    assert not home.permits(thread="t1")
    choose_anew(home.session, home.keyring, home.kim.id, home.now)
    assert not home.permits(thread="t1")
    assert home.document().asked_again == ()
    home.rules("nurse", "t1", ANSWERED)
    home.day_later()
    assert home.permits(thread="t1")


def test_a_place_that_she_opened_herself_stays(home):
    home.linked("raj")
    home.turns(13)
    home.rules("nurse", "t1", ANSWERED)
    home.day_later()
    home.turns(18)
    assert home.permits(thread="t1")


def test_a_rule_that_names_somebody_goes_to_an_officer():
    scope = Place(WhoKind.NAMED, "somebody", Scale.THREAD, "f", "t1")
    steps = [Step("rules", "answered", one.code) for one in (scope, scope._replace(who=WhoKind.PROFESSION))]
    assert [others.names_somebody([step]) for step in steps] == [True, False]


def test_after_a_death_nothing_opens_and_a_wish_that_waited_neither(home):
    home.linked("raj")
    home.wants()
    home.answers("raj")
    home.people.died(home.kim.id, "certificate 9")
    home.layers().add(DEATH, refuse_all(DEATH))
    home.day_later()
    assert not home.permits()
    assert home.wants(ANSWERED).lack is Lack.HELD


def test_who_cannot_decide_keeps_their_choices_and_opens_nothing(forum):
    forum.acknowledges("ana")
    forum.chooses("ana", CLOSED, SEEN)
    home = Home(forum)
    ana = forum.patient("ana")
    home.people.incapable(ana.id, "letter 5", yes=True)
    assert forum.permits("dan", "ana")
    assert forum.chooses("ana", CLOSED, ANSWERED).lack is Lack.HELD
    home.people.incapable(ana.id, "letter 6", yes=False)
    assert forum.wants("ana", forum.choices("ana")._replace(others=ANSWERED), proved=True).change is not None


@pytest.mark.parametrize(
    ("broken", "value"),
    [("all_agree", lambda *_: True), ("still_agree", lambda *_: True)],
)
def test_a_room_that_forgot_to_ask_is_caught(home, monkeypatch, broken, value):
    """The control: with either check gone, what the tests above refuse opens."""
    monkeypatch.setattr(others.Others, broken, value)
    link = home.linked("raj")
    home.linked("mia")
    home.wants()
    home.answers("raj")
    if broken == "still_agree":
        home.answers("mia")
        home.links.end(link, "court order 12")
        home.links.end(home.guardian("mia").link.id, "court order 13")
    home.day_later()
    assert home.permits()


def test_a_hearing_is_asked_once_and_is_due_at_the_end_of_the_next_working_day(home):
    about = (hearings.Subject.LAYER, "guardian:1")
    first = hearings.ask(home.session, home.keyring, home.kim.id, about, home.now)
    assert hearings.ask(home.session, home.keyring, home.kim.id, about, home.now) is first
    assert home.now < first.due <= home.now + 2 * DAY
    hearings.decide(home.session, home.keyring, first.id, hearings.Outcome.KEPT, home.now)
    assert Hearing.all_open(home.session) == []


def asks_for_britain(home):
    home.people.set_country(home.kim.id, "DE")
    assert not home.people.choose_country(home.kim.id, "GB")
    hearings.ask_for_country(home.session, home.keyring, home.kim.id, (home.people, "GB"), home.now)
    return Hearing.all_open(home.session)


def in_the_clear(home, word):
    """In which tables a word stands by itself."""
    home.session.flush()
    rows = {table.name: home.session.execute(table.select()).all() for table in Base.metadata.sorted_tables}
    return [name for name, found in rows.items() if any(word in row for row in found)]


def test_the_country_that_somebody_asks_for_stands_nowhere_in_the_clear(home):
    (hearing,) = asks_for_britain(home)
    assert in_the_clear(home, "country") == ["hearing"]
    assert in_the_clear(home, "GB") == []
    assert asks_for_britain(home) == [hearing]
    assert home.people.heard_country(home.kim.id, hearing.id) == "GB"
    assert home.people.told(home.kim.id).wished == {}


def test_a_country_in_the_row_would_be_found(home):
    """The control."""
    hearings.ask(home.session, home.keyring, home.kim.id, (hearings.Subject.COUNTRY, "GB"), home.now)
    assert in_the_clear(home, "GB") == ["hearing"]
