"""Sanctions count with the very next decision, say why, are looked at again, and can be appealed once."""

import pytest

from governance.conduct.capacities import Scope, choose_capacity
from governance.conduct.errors import NoSuchMoveError, NoSuchSanctionError, NotFreshError, OwnRecordError, TooLateError
from governance.conduct.sanctions.models import Sanction
from governance.conduct.sanctions.overview import told
from governance.conduct.sanctions.states import GONE, MOVES, Act, By, State
from governance.decision.vocabulary import Action, Capacity, Instant, Reason
from governance.errors import BadInputError
from governance.identity.permissions import Role
from governance.identity.staff.service import end_staff
from tests.conduct.officers import officer, sanctions, wanted
from tests.conduct.people import in_good_standing, says
from tests.forum import ANSWERED, CLOSED, DAY

pytestmark = pytest.mark.usefixtures("both")


@pytest.fixture
def forum(forum):
    """Ana lets all professionals answer; Olu and Ola are officers, Vera is none."""
    forum.acknowledges("ana")
    forum.chooses("ana", CLOSED, ANSWERED)
    forum.nora = in_good_standing(forum)
    forum.olu, forum.ola = officer(forum, "olu"), officer(forum, "ola")
    return forum


def takes(forum, kind="restrict", **said):
    return sanctions(forum).take(forum.nora, wanted(kind, **said), forum.olu)


def may(forum, *actions):
    return [forum.permits("nora", "ana", action) for action in actions]


def test_a_warning_closes_nothing_and_stays_on_record(forum):
    taken = takes(forum, "warn")
    assert may(forum, "view", "reply") == [True, True]
    assert Sanction.against(forum.session, forum.nora) == [taken]


def test_a_restriction_closes_its_actions_and_ends_by_itself(forum):
    takes(forum)
    assert may(forum, "view", "reply") == [True, False]
    assert forum.decides("nora", "ana", "reply").reason is Reason.HCP_NOT_ELIGIBLE
    forum.later(days=14)
    assert may(forum, "view", "reply") == [True, True]


@pytest.mark.parametrize("kind", ["suspend", "remove"])
def test_a_suspension_and_a_removal_close_everything_at_once(forum, kind):
    takes(forum, kind)
    assert may(forum, "view", "reply") == [False, False]
    forum.later(days=14)
    assert may(forum, "view") == [kind == "suspend"]


@pytest.mark.parametrize("kind", ["restrict", "remove"])
def test_lifting_opens_what_it_closed_and_nothing_else(forum, kind):
    other = takes(forum, "restrict", actions=frozenset({Action.REACT}))
    forum.later(minutes=1)
    taken = takes(forum, kind)
    sanctions(forum).lift(taken.id, forum.olu, "it was another account")
    assert may(forum, "view", "reply", "react") == [True, True, False]
    assert (taken.state, other.state) == (State.LIFTED, State.STANDING)


@pytest.mark.slow
def test_what_lapsed_meanwhile_does_not_come_back_with_it(forum):
    taken = takes(forum, "suspend", days=200)
    forum.later(days=100)
    sanctions(forum).lift(taken.id, forum.olu, "enough")
    assert may(forum, "view") == [False]


NOT_COMPLETE = (
    ("warn", {"rule": "C31"}),
    ("warn", {"facts": " "}),
    ("warn", {"reason": ""}),
    ("warn", {"days": 3}),
    ("remove", {"days": 3}),
    ("warn", {"actions": frozenset({Action.VIEW})}),
    ("restrict", {"actions": frozenset()}),
    ("restrict", {"days": None}),
    ("suspend", {"days": 0}),
    ("suspend", {"days": 366}),
)


def test_a_sanction_that_is_not_complete_is_none(forum):
    for kind, said in NOT_COMPLETE:
        with pytest.raises(BadInputError):
            takes(forum, kind, **said)
    assert Sanction.against(forum.session, forum.nora) == []


@pytest.mark.slow
def test_officers_alone_take_them_and_nobody_against_themselves(forum):
    with pytest.raises(BadInputError, match="officer"):
        sanctions(forum).take(forum.nora, wanted(), officer(forum, "vera", Role.VERIFIER))
    with pytest.raises(OwnRecordError):
        sanctions(forum).take(forum.nora, wanted(), officer(forum, "nora quill"))


def test_one_appeal_to_somebody_who_had_no_part_in_it(forum):
    taken = takes(forum, "suspend")
    sanctions(forum).appeal(forum.nora, taken.id, "that was not me")
    with pytest.raises(NotFreshError):
        sanctions(forum).overturn(taken.id, forum.olu, "still right")
    assert may(forum, "view") == [False]
    sanctions(forum).overturn(taken.id, forum.ola, "it was not")
    assert may(forum, "view") == [True]
    with pytest.raises(NoSuchMoveError):
        sanctions(forum).appeal(forum.nora, taken.id, "and again")


def test_who_left_and_works_here_again_is_not_fresh(forum):
    taken = takes(forum)
    sanctions(forum).appeal(forum.nora, taken.id, "this was general information")
    end_staff(forum.session, forum.keyring, forum.olu, now=forum.now)
    with pytest.raises(NotFreshError):
        sanctions(forum).overturn(taken.id, officer(forum, "olu"), "on second thought")


def test_who_reviewed_a_sanction_is_not_fresh_either(forum):
    taken = takes(forum, "suspend")
    forum.later(days=7)
    sanctions(forum).review(taken.id, forum.ola, "it goes on")
    assert taken.review == forum.now + 28 * DAY
    sanctions(forum).appeal(forum.nora, taken.id, "that was not me")
    with pytest.raises(NotFreshError):
        sanctions(forum).uphold(taken.id, forum.ola, "still right")


@pytest.mark.slow
def test_a_sanction_that_was_upheld_stays_and_can_still_be_lifted(forum):
    taken = takes(forum, "suspend")
    sanctions(forum).appeal(forum.nora, taken.id, "that was not me")
    sanctions(forum).uphold(taken.id, forum.ola, "it was")
    assert may(forum, "view") == [False]
    with pytest.raises(NoSuchMoveError):
        sanctions(forum).appeal(forum.nora, taken.id, "and again")
    sanctions(forum).lift(taken.id, forum.olu, "enough")
    assert may(forum, "view") == [True]


def test_one_can_appeal_for_six_months_even_when_it_is_over(forum):
    taken, other = takes(forum), takes(forum, "warn")
    forum.later(days=184, seconds=-1)
    sanctions(forum).appeal(forum.nora, taken.id, "that was not me")
    forum.later(seconds=1)
    with pytest.raises(TooLateError):
        sanctions(forum).appeal(forum.nora, other.id, "that was not me either")


def test_somebody_elses_sanction_is_nobodys_business(forum):
    taken, dan = takes(forum), says(forum, "dan", number="12A3457B", name="Dan Quill")
    for act in (
        lambda: sanctions(forum).appeal(dan, taken.id, "let me see"),
        lambda: told(sanctions(forum), taken, dan),
    ):
        with pytest.raises(NoSuchSanctionError):
            act()


def test_no_capacity_begins_while_a_sanction_stands(forum):
    forum.chooses("ana", CLOSED, CLOSED)
    takes(forum, "restrict", days=3)
    scope, begins = Scope(str(forum.id)), Instant(forum.now + DAY)
    args = (forum.session, forum.keyring, forum.nora, scope, Capacity.PEER)
    choose_capacity(*args, now=forum.now, begins=begins)
    forum.later(days=5)
    assert forum.decides("nora", "sam").reason is Reason.REFUSED
    choose_capacity(*args, now=forum.now, begins=Instant(forum.now + DAY))
    forum.later(days=1)
    assert forum.decides("nora", "sam").reason is Reason.PERMITTED


def test_the_table_of_states_has_one_appeal_and_no_way_back():
    assert [line.by for line in MOVES if line.act is Act.APPEAL] == [By.PROFESSIONAL]
    assert not any(line.to is State.STANDING and line.start is not State.STANDING for line in MOVES)
    assert not any(line.start in GONE for line in MOVES)
    assert {line.by for line in MOVES if line.start is State.APPEALED and line.to is not State.LIFTED} == {
        By.OFFICER,
        By.FRESH_OFFICER,
    }
