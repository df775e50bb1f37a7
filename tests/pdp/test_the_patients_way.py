"""The whole way below HTTP: told, chosen, asked, decided."""

import pytest

from governance.decision.vocabulary import Reason
from governance.optout.errors import NotAcknowledgedError
from governance.optout.ratchet import Lacking
from tests.forum import ANSWERED, CLOSED, SEEN, Forum, asked


@pytest.fixture
def ana(forum):
    """Ana was told, answers her nurse, is closed to others; a doctor is registered, Pia is a member like her."""
    forum.registers("nurse", "nurse")
    forum.registers("doctor", "doctor")
    forum.opens("c")
    forum.acknowledges("ana")
    forum.chooses("ana", ANSWERED, CLOSED, team=["nurse"])
    return forum


def told(decision):
    return decision.permit, decision.reason


def test_the_doctor_is_refused_the_nurse_and_a_member_are_not(ana):
    assert told(ana.decides("doctor", "ana")) == (False, Reason.REFUSED)
    assert told(ana.decides("nurse", "ana")) == (True, Reason.PERMITTED)
    assert told(ana.decides("pia", "ana")) == (True, Reason.NOT_GOVERNED)


@pytest.mark.parametrize("action", ["view", "find", "react", "reply"])
def test_the_nurse_may_do_what_the_level_says(ana, action):
    assert ana.permits("nurse", "ana", action)


@pytest.mark.parametrize("action", ["message", "use_in_care", "record", "research", "quote", "connect", "look_up"])
def test_the_nurse_may_do_nothing_else(ana, action):
    assert not ana.permits("nurse", "ana", action, wrote_first=True)


def test_ana_reads_herself(ana):
    assert told(ana.decides("ana", "ana")) == (True, Reason.NOT_GOVERNED)


def test_hiding_refuses_the_nurse_at_once_and_no_member(ana):
    ana.hides("ana")
    assert told(ana.decides("nurse", "ana")) == (False, Reason.REFUSED)
    assert ana.permits("pia", "ana")


def test_a_page_is_answered_in_its_order_with_quotes_and_unknown_actions(ana):
    ana.patient("bea")
    quoted = [{"account": "ana"}, {"account": "bea"}]
    page = [
        asked("nurse", "ana"),
        asked("nurse", "bea"),
        asked("nurse", "not sent", authors=quoted),
        asked("nurse", "ana", "stare"),
        asked("pia", "ana", "stare"),
        asked("doctor", "doctor"),
        asked("pia", "not sent"),
    ]
    assert [decision.permit for decision in ana.answers(page)] == [True, False, False, False, False, True, False]


def test_before_anybody_chose_professionals_are_refused_and_members_are_not(forum):
    forum.registers("doctor", "doctor")
    assert told(forum.decides("doctor", "never seen")) == (False, Reason.REFUSED)
    assert told(forum.decides("pia", "never seen")) == (True, Reason.NOT_GOVERNED)


def test_a_permit_without_acknowledgement_is_refused_and_leaves_the_choices_alone(forum):
    with pytest.raises(NotAcknowledgedError):
        forum.chooses("ana", SEEN, CLOSED)
    assert forum.choices("ana") is None


def test_saying_no_needs_no_acknowledgement(forum):
    forum.registers("doctor", "doctor")
    forum.chooses("ana", CLOSED, CLOSED)
    assert not forum.permits("doctor", "ana")


def test_first_choices_take_effect_at_once(ana):
    ana.acknowledges("bea")
    ana.chooses("bea", CLOSED, SEEN)
    assert ana.permits("doctor", "bea")


def test_loosening_is_refused_with_somebody_it_would_open_to(ana):
    witness = ana.chooses("ana", ANSWERED, SEEN, team=["nurse"]).witness
    assert (witness.before.permit, witness.after.permit) == (False, True)
    assert not ana.permits("doctor", "ana")
    assert ana.choices("ana").others is CLOSED


@pytest.mark.parametrize(
    "looser",
    [
        {"care_team": ANSWERED, "team": ["nurse", "doctor"]},
        {"care_team": "in_touch", "team": ["nurse"]},
        {"care_team": ANSWERED, "others": SEEN, "team": []},
    ],
)
def test_nobody_new_gets_in_by_a_later_edit(ana, looser):
    assert isinstance(ana.chooses("ana", **looser), Lacking)
    assert not ana.permits("doctor", "ana")


def test_lifting_the_hold_is_a_loosening(ana):
    ana.hides("ana")
    assert isinstance(ana.chooses("ana", ANSWERED, CLOSED, team=["nurse"]), Lacking)
    assert not ana.permits("nurse", "ana")


def test_tightening_takes_effect_at_once(ana):
    ana.chooses("ana", SEEN, CLOSED, team=["nurse"])
    assert ana.permits("nurse", "ana")
    assert not ana.permits("nurse", "ana", "reply")


def test_who_leaves_the_care_team_falls_under_both_classes(forum):
    """Ana opens more to others than to her team; her old nurse must not gain by being sent away."""
    forum.registers("nurse", "nurse")
    forum.registers("doctor", "doctor")
    forum.acknowledges("ana")
    forum.chooses("ana", SEEN, ANSWERED, team=["nurse"])
    assert forum.permits("doctor", "ana", "reply")
    assert not forum.permits("nurse", "ana", "reply")
    forum.later(minutes=1)
    forum.chooses("ana", SEEN, ANSWERED, team=[])
    assert not forum.permits("nurse", "ana", "reply")
    assert not forum.permits("nurse", "ana", "view")


def test_sending_somebody_away_opens_nothing_else_in_the_same_change(ana):
    assert isinstance(ana.chooses("ana", ANSWERED, SEEN, team=[]), Lacking)
    assert isinstance(ana.chooses("ana", ANSWERED, CLOSED, team=["doctor"]), Lacking)
    assert not ana.permits("doctor", "ana")


def test_who_was_sent_away_does_not_come_back_at_once(ana):
    ana.later(minutes=1)
    ana.chooses("ana", ANSWERED, CLOSED)
    assert not ana.permits("nurse", "ana")
    assert isinstance(ana.chooses("ana", ANSWERED, CLOSED, team=["nurse"]), Lacking)


def test_choices_hold_for_one_patient_alone(ana):
    ana.acknowledges("bea")
    ana.chooses("bea", ANSWERED, ANSWERED)
    assert ana.permits("doctor", "bea")
    assert not ana.permits("doctor", "ana")


def test_the_same_name_on_another_forum_is_somebody_else(ana, session, keyring):
    other = Forum(session, keyring, "other")
    other.registers("doctor", "doctor")
    other.acknowledges("ana")
    other.chooses("ana", CLOSED, SEEN)
    assert other.permits("doctor", "ana")
    assert not ana.permits("doctor", "ana")


def test_a_nurse_of_one_forum_is_a_member_on_another_until_marked_there(forum, session, keyring):
    forum.registers("nurse")
    other = Forum(session, keyring, "other")
    other.hides("bea")
    assert told(other.decides("nurse", "bea")) == (True, Reason.NOT_GOVERNED)
    other.declares("nurse")
    assert not other.permits("nurse", "bea")


def test_below_a4_the_team_level_does_not_open(forum):
    forum.registers("nurse", "nurse", assurance=3)
    forum.acknowledges("ana")
    forum.chooses("ana", ANSWERED, CLOSED, team=["nurse"])
    assert not forum.permits("nurse", "ana")


def test_a_check_of_the_register_runs_out(ana):
    ana.later(days=60)
    assert told(ana.decides("nurse", "ana")) == (False, Reason.HCP_NOT_ELIGIBLE)


def test_a_declared_professional_is_not_eligible_whatever_the_patient_says(ana):
    ana.declares("claire")
    ana.acknowledges("bea")
    ana.chooses("bea", CLOSED, ANSWERED)
    assert told(ana.decides("claire", "bea")) == told(ana.decides("claire", "ana")) == (False, Reason.HCP_NOT_ELIGIBLE)


def test_a_professional_who_accepted_no_rules_is_not_eligible(forum):
    forum.registers("doctor", "doctor", attested=False)
    assert told(forum.decides("doctor", "ana")) == (False, Reason.HCP_NOT_ELIGIBLE)


def test_leaving_out_what_a_post_is_never_opens_it(ana):
    for name in ("community", "thread", "created", "edited"):
        assert not ana.permits("doctor", "ana", **{name: "not sent"})
