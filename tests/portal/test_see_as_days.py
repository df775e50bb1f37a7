"""See as, on a day that is over, in one group, on another forum: from the record, and no word more than it holds."""

from datetime import date, datetime, time, timedelta
from itertools import product

import pytest
import sqlalchemy as sa
import textstat

from governance.crypto.blind_index import place_key
from governance.db.extension import transaction
from governance.decision.facts import Room
from governance.decision.vocabulary import Action, Ages, Capacity, Instant, Posture, Status
from governance.effective.erasure import erase
from governance.effective.errors import BrokenRowError
from governance.effective.models import GovernedAccount
from governance.effective.past import revision_at
from governance.effective.service import Register
from governance.identity.service import platform_named
from governance.pdp.communities import Communities, Wanted
from governance.pdp.messages import question_of
from governance.policy.current import conduct_in_force
from governance.portal import looks
from governance.portal.eyes import begins
from governance.portal.looks import Kind, Patient, Terms
from governance.portal.own_forums import own_forums
from governance.portal.reasons import Why
from governance.portal.seeing import SHOWN, Seen, seen_by
from governance.ui.clock import from_the_wall, now, on_the_wall
from governance.ui.house import house
from tests.forum import ANSWERED, IN_TOUCH, Forum, asked
from tests.portal.test_onlookers import link
from tests.portal.test_see_as import entries, look, says
from tests.ui.test_pages import sentences
from tests.ui.visits import FORUM, acknowledge, choose, forum, nurse, visitor

__all__ = ["forum", "nurse", "visitor"]
HOUR = 3_600_000_000


@pytest.fixture
def world(session, keyring):
    """Ana chose, changed her mind, hid; meanwhile one nurse became a patient and one lost her registration."""
    made = Forum(session, keyring)
    made.registers("nia")
    made.registers("pat")
    made.registers("sue")
    made.opens("c")
    made.later(hours=1)
    made.acknowledges("ana")
    made.days = [made.now]
    for step in (open_up, others_change, hide):
        made.later(days=1)
        step(made)
        session.flush()
        made.days.append(made.now)
    made.later(days=1)
    return made


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


def test_of_what_was_deleted_since_no_day_is_guessed(world):
    erase(world.session, world.keyring, world.patient("ana").id, now=world.now, final_at=world.now)
    world.session.flush()
    world.session.expire_all()
    with pytest.raises(BrokenRowError):
        then(world, "nia", world.days[1])


def test_every_forum_of_a_person_is_theirs_to_look_at(world, session, keyring):
    other = Forum(session, keyring, "other", at=world.now)
    link(world, other)
    mine = own_forums(session, world.account("ana").id)
    assert [one.name for one in mine] == ["forum", "other"]
    assert [one.name for one in own_forums(session, other.account("ana").id)] == ["other", "forum"]
    assert [one.name for one in own_forums(session, world.account("bea").id)] == ["forum"]


def group(app, name, posture=Posture.INFORMED, **said):
    with app.app_context(), transaction() as session:
        platform = platform_named(session, FORUM)
        wanted = Wanted(Room(posture, Ages.ADULTS), **said)
        Communities(session, house().keyring, platform.id).put(name, wanted, now=now(), told=Instant(now() - HOUR))


def at(visitor, whom, day, hour="12:00", **given):
    return visitor.get("/my/see-as").press("Who looks?", whom=whom, group="informed", day=day, time=hour, **given)


@pytest.fixture
def chosen(visitor, nurse):
    acknowledge(visitor)
    choose(visitor, members=[nurse])
    return visitor


def test_a_day_before_the_record_began_is_said_to_be_unknown(chosen, nurse):
    at(chosen, nurse, "2020-05-03")
    assert chosen.status == 200
    assert "We cannot tell you that. You asked for 3 May 2020 at 12:00 (UK time)." in chosen.text
    assert "Your record with us began on" in chosen.text
    assert "They could" not in chosen.text


def test_what_is_no_past_day_is_asked_for_again(chosen, nurse):
    for day, hour in (("soon", "12:00"), ("9999-12-31", "12:00"), ("2026-01-01", "noon")):
        at(chosen, nurse, day, hour)
        assert chosen.status == 400
        assert "Give a day that has come" in chosen.text


def test_a_day_to_come_is_no_past_one_and_today_is(chosen, nurse):
    today = on_the_wall(now()).date()
    assert at(chosen, nurse, (today + timedelta(days=1)).isoformat()).status == 400
    assert at(chosen, nurse, today.isoformat(), "23:59").status == 200
    assert "They could" in chosen.text


def test_looking_at_the_past_leaves_nothing_behind(forum, chosen, nurse):
    before = entries(forum)
    at(chosen, nurse, on_the_wall(now()).date().isoformat(), "23:59")
    assert entries(forum) == before


def test_an_hour_that_comes_twice_is_the_first_and_one_that_never_comes_lies_behind_the_gap():
    twice = from_the_wall(date(2026, 10, 25), time(1, 30))
    assert from_the_wall(date(2026, 10, 25), time(2, 30)) - twice == 2 * HOUR
    assert on_the_wall(from_the_wall(date(2026, 3, 29), time(1, 30))).hour == 2


def test_one_group_is_shown_with_who_can_read_it(forum, chosen, nurse):
    group(forum, "open-talk", audience="public")
    group(forum, "closed-talk", Posture.PEER_ONLY, audience="members")
    for name, said in (("open-talk", "Anybody can read it"), ("closed-talk", "Only members can read it")):
        chosen.get("/my/see-as").press("Who looks?", whom=nurse, group="one", community=name)
        assert chosen.h1 == f"What Nora Quill can do in the group “{name}”"
        assert said in chosen.page.select_one(".about-group").get_text()
    groups = [item.get_text() for item in chosen.page.select(".groups li")]
    assert groups == [
        "1 where your choices decide: anybody can read, signed in or not",
        "1 for members alone: only members can read",
    ]


def test_who_is_signed_out_reads_a_public_group_and_no_other(forum, chosen):
    group(forum, "open-talk", audience="public")
    group(forum, "closed-talk", audience="members")
    for name, said in (("open-talk", "Anybody can read in this group."), ("closed-talk", "Only members can read in")):
        chosen.get("/my/see-as").press("Who looks?", whom="signed_out", group="one", community=name)
        assert said in chosen.text


def test_a_group_that_is_none_is_asked_for_again(chosen, nurse):
    for name in ("", "no such group", "x" * 5_000):
        chosen.get("/my/see-as").press("Who looks?", whom=nurse, group="one", community=name)
        assert chosen.status == 400
        assert "Your forum has no group of this name" in chosen.text


def test_a_group_that_only_tries_it_out_says_that_all_is_seen(forum, chosen, nurse):
    group(forum, "trial", mode="observe")
    with forum.app_context(), transaction() as session:
        platform = platform_named(session, FORUM)
        subject = f"{platform.id}/{place_key(house().keyring, platform.id, 'community', 'trial')}"
        register = Register(session, house().keyring, now())
        register.put("community", subject, "pdp", {**register.said("community", subject, "pdp"), "mode_since": 0})
    chosen.get("/my/see-as").press("Who looks?", whom=nurse, group="one", community="trial")
    assert "Your forum is still trying this out here." in chosen.text


def test_a_row_that_another_hand_changed_closes_no_page(forum, chosen):
    group(forum, "open-talk")
    with forum.app_context(), transaction() as session:
        session.execute(sa.text("UPDATE effective_row SET mac = zeroblob(32) WHERE kind = 'community'"))
    assert look(chosen, "other").status == 200
    chosen.get("/my/see-as").press("Who looks?", whom="other", group="one", community="open-talk")
    assert "We cannot tell you that." in chosen.text


def test_the_answers_are_easy_to_read_now_and_then(forum, chosen, nurse):
    group(forum, "open-talk")
    today = on_the_wall(now()).date().isoformat()
    for whom, day in product((nurse, "team", "other", "profession:nurse", "signed_out"), ("", today)):
        chosen.get("/my/see-as").press("Who looks?", whom=whom, group="informed", day=day, time="23:59")
        assert chosen.status == 200
        assert textstat.flesch_kincaid_grade(sentences(chosen.page)) <= 6


def test_every_reason_has_its_sentence(forum):
    with forum.test_request_context():
        template = forum.jinja_env.get_template("portal/see_as_words.html").module
        for why, past in product(Why, (False, True)):
            said = template.why(Seen(Action.VIEW, permit=True, why=why), past)
            assert said.strip().endswith(".")
