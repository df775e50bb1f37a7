"""Who could have seen one's posts: asked and shown apart, badges alone, and nothing that a person may not know."""

from dataclasses import fields
from uuid import UUID

import pytest
import textstat

from governance.app import _MAY_RETURN_TO
from governance.db.base import new_id
from governance.db.extension import transaction
from governance.decision.vocabulary import Action, Capacity, Instant, Posture, Status
from governance.effective.models import GovernedAccount
from governance.effective.service import Register
from governance.identity.access import SIGNED_IN, who_may_call
from governance.identity.permissions import OWN_EYES
from governance.identity.service import account_for, platform_named
from governance.identity.sessions.service import SignedIn
from governance.ledger.decisions.models import LoggedDecision
from governance.ledger.decisions.service import Noted, Shown, write, write_shown
from governance.patients.models import PatientAccount
from governance.pdp.messages import question_of
from governance.portal import onlookers as module
from governance.portal.onlookers import onlookers
from governance.portal.own_forums import own_forums
from governance.ui.clock import now
from governance.ui.house import house
from tests.forum import DAY, IN_TOUCH, Forum, asked
from tests.optout.wishes import prove
from tests.portal.test_layers import GUARDIAN, put_over
from tests.portal.test_see_as import says
from tests.ui.test_pages import sentences
from tests.ui.visits import FORUM, Visitor, doctor, forum, nurse, sign_in, visitor

__all__ = ["doctor", "forum", "nurse", "visitor"]
PATH = "/my/could-have-seen"


@pytest.fixture
def world(session, keyring):
    """Ana lets all professionals in; some are here as patients, one lost her registration, one was only declared."""
    made = Forum(session, keyring)
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
    session.flush()
    return made


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


def test_it_is_about_all_forums_of_the_person_and_of_nobody_else(world, session, keyring):
    other = Forum(session, keyring, "other", at=world.now)
    other.registers("vic")
    link(world, other)
    show(world, "nia")
    for author in ("ana", "bea"):
        shown = Shown(other.key(author), other.key("vic"), Action.VIEW, other.now)
        write_shown(session, keyring, other.id, [shown])
    assert {(one.forum, one.name) for one in found(world).professionals} == {("forum", "Nia"), ("other", "Vic")}


def link(world, other):
    """Ana's account on another forum becomes hers here too."""
    patient, account = world.patient("ana"), other.account("ana")
    world.session.add(PatientAccount(account_id=account.id, patient_id=patient.id, linked=other.now))
    Register(world.session, world.keyring, other.now).bind(other.id, account.key, patient=patient.id)
    world.session.flush()


def tell(app, viewer, author="ana"):
    """The forum says that it showed something."""
    with app.app_context(), transaction() as session:
        forum = platform_named(session, FORUM)
        key = account_for(session, house().keyring, forum, author, now()).key
        write_shown(session, house().keyring, forum.id, [Shown(key, viewer, Action.VIEW, now())])


@pytest.fixture
def proved(forum, visitor):
    prove(forum, visitor)
    return visitor


def test_without_a_fresh_proof_nothing_is_shown_and_after_it_one_comes_back(forum, visitor, nurse):
    tell(forum, nurse)
    assert visitor.get(PATH).path == "/prove"
    assert "Nora Quill" not in visitor.page.get_text()
    assert "could_have_seen.shown" in _MAY_RETURN_TO
    prove(forum, visitor)
    assert visitor.get(PATH).path == PATH
    assert "Nora Quill" in visitor.text


def test_the_words_for_asked_and_shown_differ(forum, proved, nurse):
    tell(forum, nurse)
    proved.get("/my/choices").follow("Professionals who could have seen my posts")
    (box,) = proved.page.select(".box")
    assert "they were shown something of yours" in box.get_text()
    assert "whether they could see" not in box.get_text()


def test_nobody_is_what_we_know_and_not_what_happened(proved):
    assert "We know of nobody in the last 30 days." in proved.get(PATH).text
    assert "People who are signed out are not recorded." in proved.text


def test_the_page_is_easy_to_read(forum, proved, nurse):
    for filled in (False, True):
        if filled:
            tell(forum, nurse)
        proved.get(PATH)
        assert textstat.flesch_kincaid_grade(sentences(proved.page)) <= 6


def test_looking_leaves_nothing_behind(forum, proved, nurse):
    tell(forum, nurse)
    with forum.app_context(), transaction() as session:
        before = session.query(LoggedDecision).count()
    proved.get(PATH)
    with forum.app_context(), transaction() as session:
        assert session.query(LoggedDecision).count() == before


def test_a_guardian_sees_nothing_of_it_whatever_they_ask_for(forum, nurse):
    """Raj closed everything for Ana; what he can open shows what is about himself."""
    tell(forum, nurse)
    put_over(forum, "ana", GUARDIAN, adult=False)
    with forum.app_context(), transaction() as session:
        platform = platform_named(session, FORUM)
        ana = account_for(session, house().keyring, platform, "ana", now())
        names = ("ana", ana.key, ana.id, session.get(GovernedAccount, ana.key).patient)
    raj = Visitor(forum.test_client())
    raj.client.set_cookie("governance", sign_in(forum, "raj"))
    prove(forum, raj)
    for name in names:
        wanted = ("account", "account_id", "patient", "for", "as", "child", "member")
        raj.get(f"{PATH}?{'&'.join(f'{by}={name}' for by in wanted)}")
        assert (raj.status, "Nora Quill" in raj.text) == (200, False)
    assert "We know of nobody" in raj.text


def test_a_page_that_took_the_account_from_elsewhere_would_be_found(forum, nurse, monkeypatch):
    """The control: with Ana's account in the place of his own, Raj sees who met her words."""
    tell(forum, nurse)
    with forum.app_context(), transaction() as session:
        ana = account_for(session, house().keyring, platform_named(session, FORUM), "ana", now()).id
    monkeypatch.setattr(module, "own_forums", lambda session, _: own_forums(session, ana))
    raj = Visitor(forum.test_client())
    raj.client.set_cookie("governance", sign_in(forum, "raj"))
    prove(forum, raj)
    assert "Nora Quill" in raj.get(PATH).text


def test_no_session_is_on_behalf_of_somebody_else(forum):
    """Whoever lets a guardian act in a child's session must first turn them away from what is for own eyes."""
    known = {"account_id", "account_key", "platform_id", "platform_name", "forum", "auth_time", "session_digest"}
    assert {field.name for field in fields(SignedIn)} == known | {"proved"}
    for endpoint in OWN_EYES:
        (rule,) = [rule for rule in forum.url_map.iter_rules() if rule.endpoint == endpoint]
        assert rule.arguments == set()
        assert rule.methods == {"GET", "HEAD", "OPTIONS"}
        assert who_may_call(forum.view_functions[endpoint]) == SIGNED_IN
