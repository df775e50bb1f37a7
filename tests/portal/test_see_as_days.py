"""See as, on a day that is over and on another forum: from the record, and no word more than it holds."""

from datetime import datetime
from itertools import product

import pytest

from governance.decision.vocabulary import Action, Capacity, Posture, Status
from governance.effective.erasure import erase
from governance.effective.errors import BrokenRowError
from governance.effective.models import GovernedAccount
from governance.effective.past import revision_at
from governance.effective.service import Register
from governance.pdp.messages import question_of
from governance.policy.current import conduct_in_force
from governance.portal import looks
from governance.portal.eyes import begins
from governance.portal.looks import Kind, Patient, Terms
from governance.portal.own_forums import own_forums
from governance.portal.reasons import Why
from governance.portal.seeing import SHOWN, seen_by
from tests.forum import ANSWERED, IN_TOUCH, Forum, asked
from tests.portal.lasting import as_it_was, lasting
from tests.portal.test_onlookers import link
from tests.portal.test_see_as import says


def build(made):
    """Ana chose, changed her mind, hid; meanwhile one nurse became a patient and one lost her registration."""
    for name in ("nia", "pat", "sue"):
        made.registers(name)
    made.opens("c")
    made.later(hours=1)
    made.acknowledges("ana")
    made.days = [made.now]
    for step in (open_up, others_change, hide):
        made.later(days=1)
        step(made)
        made.session.flush()
        made.days.append(made.now)
    made.later(days=1)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    with lasting(tmp_path_factory.mktemp("days"), build) as made:
        yield made


@pytest.fixture
def world(made):
    with as_it_was(made) as world:
        yield world


def open_up(made):
    made.chooses("ana", ANSWERED, IN_TOUCH, ["nia"])


def others_change(made):
    says(made, "pat", Capacity.PEER)
    register = Register(made.session, made.keyring, made.now)
    hcp = made.session.get(GovernedAccount, made.key("sue")).hcp
    register.put("hcp", hcp, "conduct", {**register.said("hcp", hcp, "conduct"), "status": Status.SUSPENDED})


def hide(made):
    made.hides("ana")


def then(world, whom, at, **said):
    whom = whom if isinstance(whom, Kind) else world.key(whom)
    revision = revision_at(world.session, world.id, at)
    terms = Terms(Posture.INFORMED, conduct_in_force(), at, revision=revision, **said)
    return seen_by(world.session, world.keyring, Patient(world.key("ana"), world.id), whom, terms)


def test_on_each_day_it_is_what_counted_then(world):
    views = [next(one for one in then(world, "nia", day) if one.action is Action.VIEW) for day in world.days]
    assert [one.permit for one in views] == [False, True, True, False]
    assert [one.why for one in views] == [Why.NOTHING_CHOSEN, Why.TEAM_YES, Why.TEAM_YES, Why.HIDDEN]


def test_it_is_what_the_forum_was_told_then(world):
    """Each answer against the forum's own desk at that revision."""
    for day, whom in product(world.days, ("nia", "pat", "sue")):
        seen = {one.action: one.permit for one in then(world, whom, day)}
        said = {"created": iso(day), "wrote_first": True}
        questions = [question_of(asked(whom, "ana", action.value, **said)) for action in SHOWN]
        desk = world.desk_then(revision_at(world.session, world.id, day))
        told = [answer.decision.permit for answer in desk.answer(questions, day)]
        assert (day, whom, seen) == (day, whom, dict(zip(SHOWN, told, strict=True)))


def iso(instant):
    return datetime.fromtimestamp(instant / 1_000_000).astimezone().isoformat()


def test_no_word_of_a_past_day_tells_how_somebody_was_here_nor_what_their_register_said(world):
    neutral = {True: Why.OPEN_SOMEWHERE, False: Why.NOT_NOW}
    differ = 0
    for day in world.days:
        proven = {one.action: one for one in then(world, Kind.OTHER, day)}
        for whom in ("pat", "sue"):
            for one in then(world, whom, day):
                good = proven[one.action]
                differ += one.permit is not good.permit
                assert one.why is (good.why if one.permit is good.permit else neutral[one.permit])
    assert differ > 0


def test_who_registered_later_is_told_by_no_word_either(world):
    """Of somebody who was a member then, a sentence that says so would say since when they are known to us."""
    before = world.days[1]
    world.registers("new")
    found = then(world, "new", before)
    assert {one.permit for one in found} == {True}
    assert Why.MEMBER not in {one.why for one in found}


def test_a_look_that_told_it_would_be_found(world, monkeypatch):
    """The control: with the viewer as they are in the place of a proven one, the words differ."""
    monkeypatch.setattr(looks, "_proven", lambda viewer: viewer)
    day = world.days[2]
    assert Why.RULES in {one.why for one in then(world, "sue", day)}


def test_the_record_begins_with_the_first_thing_that_is_known_of_the_account(world):
    (mine,) = own_forums(world.session, world.account("ana").id)
    assert begins(world.session, mine) == world.days[0]


def test_whose_name_was_somebody_elses_before_sees_nothing_of_their_days(world):
    bea = world.patient("bea")
    Register(world.session, world.keyring, world.now).bind(world.id, world.key("ana"), patient=bea.id)
    world.session.flush()
    (mine,) = own_forums(world.session, world.account("ana").id)
    assert begins(world.session, mine) == world.now


def test_of_what_was_deleted_since_no_day_is_guessed(world):
    erase(world.session, world.keyring, world.patient("ana").id, now=world.now, final_at=world.now)
    world.session.flush()
    world.session.expire_all()
    with pytest.raises(BrokenRowError):
        then(world, "nia", world.days[1])


def test_every_forum_of_a_person_is_theirs_to_look_at(world):
    other = Forum(world.session, world.keyring, "other", at=world.now)
    link(world, other)
    mine = own_forums(world.session, world.account("ana").id)
    assert [one.name for one in mine] == ["forum", "other"]
    assert [one.name for one in own_forums(world.session, other.account("ana").id)] == ["other", "forum"]
    assert [one.name for one in own_forums(world.session, world.account("bea").id)] == ["forum"]
