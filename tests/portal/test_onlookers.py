"""What is known of who could have seen one's posts: badges alone, and nothing that a person may not know."""

from uuid import UUID

import pytest

from governance.db.base import new_id
from governance.decision.vocabulary import Action, Capacity, Instant, Posture, Status
from governance.effective.models import GovernedAccount
from governance.effective.service import Register
from governance.ledger.decisions.models import LoggedDecision
from governance.ledger.decisions.service import Noted, Shown, hold, write, write_shown
from governance.patients.forums.events import Event, take
from governance.patients.forums.events import Kind as Happened
from governance.patients.forums.records import Work
from governance.patients.models import PatientAccount
from governance.pdp.messages import question_of
from governance.portal import onlookers as module
from governance.portal.onlookers import onlookers
from tests.forum import DAY, IN_TOUCH, Forum, asked
from tests.patients.two_forums import HANDS
from tests.portal.lasting import as_it_was, lasting
from tests.portal.test_see_as import says


def build(made):
    """Ana lets all professionals in; some are here as patients, one lost her registration, one was only declared."""
    for name in ("nia", "dan", "peer"):
        made.registers(name)
    made.declares("claire")
    for name in ("c", "own"):
        made.opens(name)
    made.opens("trial", mode="observe")
    says(made, "peer", Capacity.PEER)
    says(made, "dan", Capacity.PEER, "own")
    made.acknowledges("ana")
    made.chooses("ana", IN_TOUCH, IN_TOUCH)
    made.later(days=20)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    with lasting(tmp_path_factory.mktemp("onlookers"), build) as made:
        yield made


@pytest.fixture
def world(made):
    with as_it_was(made) as world:
        yield world


def ask(world, *questions):
    """A forum asks, and the log remembers."""
    world.session.flush()
    world.session.expire_all()
    answers = world.asks([question_of(question) for question in questions])
    made = [Noted(new_id(), world.id, 1, one.request, one.facts, one.decision, one.observed) for one in answers]
    write(world.session, world.keyring, made)
    return [(one.decision.permit, one.observed) for one in answers]


def show(world, viewer, community="c", at=None):
    place = "" if community is None else world.desk()._digests.community(community)
    at = world.now if at is None else at
    shown = Shown(world.key("ana"), world.key(viewer), Action.VIEW, Instant(at), community=place)
    write_shown(world.session, world.keyring, world.id, [shown])


def view(viewer, author="ana", **said):
    return asked(viewer, author, created="2026-05-20T00:00:00Z", **said)


def test_the_next_holder_of_an_account_is_told_of_nobody_from_before(world):
    ask(world, view("nia"))
    show(world, "nia")
    assert found(world).professionals
    world.later(hours=1)
    take(Work(world.session, world.keyring, HANDS, world.now), world.platform, Event(Happened.RECYCLED, "ana"))
    assert found(world).professionals == ()


def found(world, name="ana"):
    return onlookers(world.session, world.keyring, world.account(name).id, world.now)


def lines(world):
    """Each professional with what there is of them."""
    return {one.name: (one.asked is not None, one.shown is not None) for one in found(world).professionals}


def test_asked_and_shown_stand_apart(world):
    assert ask(world, view("nia"), view("dan")) == [(True, False)] * 2
    show(world, "nia")
    assert lines(world) == {"Nia": (True, True), "Dan": (True, False)}
    assert found(world).members == ()


def test_days_are_counted_and_the_newest_comes_first(world):
    for _ in range(2):
        ask(world, view("nia"), view("nia"))
        world.later(days=1)
    ask(world, view("dan"))
    dan, nia = found(world).professionals
    assert (dan.name, dan.asked) == ("Dan", (world.now, 1))
    assert (nia.name, nia.asked) == ("Nia", (world.now - DAY, 2))


def test_what_is_thirty_days_old_is_not_shown_any_more(world):
    ask(world, view("nia"))
    world.later(days=30)
    assert lines(world) == {"Nia": (True, False)}
    world.later(seconds=1)
    assert lines(world) == {}
    # What a case holds, and the thirteen months, are for officers.
    hold(world.session, [world.key("ana")], 0)
    assert lines(world) == {}


def test_who_is_here_as_a_patient_is_a_member_without_a_name_a_number_or_a_day(world):
    ask(world, view("peer"), view("dan", community="own"))
    assert found(world).professionals == ()
    assert found(world).members == (("forum", True, False),)
    show(world, "peer")
    assert found(world).members == (("forum", True, True),)


@pytest.mark.parametrize("community", ["own", None])
def test_who_may_have_been_here_as_a_patient_is_a_member_too(world, community):
    """A forum never says how somebody was there: our records do, and where they doubt, so do we."""
    show(world, "dan", community)
    assert found(world).professionals == ()
    show(world, "dan", "c")
    assert lines(world) == {"Dan": (False, True)}


def test_a_page_that_named_them_would_be_found(world, monkeypatch):
    """The control."""
    ask(world, view("peer"))
    monkeypatch.setattr(module, "_as_a_member", lambda *_: False)
    assert "Peer" in lines(world)


def refusals(world):
    """Everybody whom a forum was told no about, for every kind of reason."""
    world.registers("gone", status=Status.SUSPENDED)
    world.opens("peers", Posture.PEER_ONLY)
    world.acknowledges("eve")
    world.chooses("eve", IN_TOUCH, IN_TOUCH, ["nia"])
    world.hides("eve")
    return [view("gone"), view("claire"), view("nia", community="peers"), view("nia", "eve"), view("gone", "eve")]


def test_who_was_told_no_is_on_no_page_whatever_the_reason(world):
    """A list of them would tell, beside the patient's own yes, who lost a registration."""
    assert {permit for permit, _ in ask(world, *refusals(world))} == {False}
    assert [found(world, name).professionals for name in ("ana", "eve")] == [(), ()]


def test_a_page_with_refusals_would_tell_of_a_registration(world, monkeypatch):
    """The control: with every answer on the page, who lost hers is on it though Ana said yes."""
    ask(world, *refusals(world))
    monkeypatch.setattr(module, "_could_see", lambda _: True)
    assert "Gone" in lines(world)


def test_what_lets_nobody_see_a_post_is_not_here(world):
    (answer,) = ask(world, view("nia", action="message", wrote_first=True))
    assert answer == (True, False)
    assert lines(world) == {}


def test_where_a_forum_only_tries_it_out_they_could_see_it_whatever_was_decided(world):
    world.registers("gone", status=Status.SUSPENDED)
    told = ask(world, view("gone", community="trial"), view("nia", community="trial"))
    assert {observed for _, observed in told} == {True}
    assert {(one.name, one.on_trial) for one in found(world).professionals} == {("Gone", True), ("Nia", True)}


def test_who_has_no_badge_any_more_is_said_so_and_not_lost(world):
    show(world, "claire")
    show(world, "nia")
    assert lines(world) == {"": (False, True), "Nia": (False, True)}


def test_two_accounts_of_one_person_are_one_line(world):
    hcp = world.session.get(GovernedAccount, world.key("nia")).hcp
    register = Register(world.session, world.keyring, world.now)
    register.bind(world.id, world.key("nia renamed"), hcp=UUID(hcp))
    show(world, "nia")
    show(world, "nia renamed")
    assert lines(world) == {"Nia": (False, True)}


def test_a_row_that_another_hand_changed_does_not_close_the_page(world):
    show(world, "nia")
    show(world, "dan")
    broken = world.session.query(LoggedDecision).first()
    broken.sealed = broken.sealed[:-1] + bytes([broken.sealed[-1] ^ 1])
    world.session.flush()
    world.session.expire_all()
    assert len(lines(world)) == 1


def test_it_is_about_all_forums_of_the_person_and_of_nobody_else(world):
    session, keyring = world.session, world.keyring
    other = Forum(session, keyring, "other", at=world.now)
    other.registers("vic")
    link(world, other)
    show(world, "nia")
    for author in ("ana", "bea"):
        shown = Shown(other.key(author), other.key("vic"), Action.VIEW, other.now)
        write_shown(session, keyring, other.id, [shown])
    assert {(one.forum, one.name) for one in found(world).professionals} == {("forum", "Nia"), ("other", "Vic")}


def test_what_was_before_the_account_came_to_us_is_nobodys(world):
    """Whoever had the name before is not the one who signs in with it now."""
    show(world, "nia", at=world.account("ana").created - 1)
    world.now = Instant(world.account("ana").created)
    assert lines(world) == {}
    show(world, "nia", at=world.now)
    assert lines(world) == {"Nia": (False, True)}


def link(world, other):
    """Ana's account on another forum becomes hers here too."""
    patient, account = world.patient("ana"), other.account("ana")
    world.session.add(PatientAccount(account_id=account.id, patient_id=patient.id, linked=other.now))
    Register(world.session, world.keyring, other.now).bind(other.id, account.key, patient=patient.id)
    world.session.flush()
