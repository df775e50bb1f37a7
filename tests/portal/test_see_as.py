"""See as somebody else: what the page says is what a forum would be told, and looking leaves nothing behind."""

from itertools import product
from uuid import UUID

import pytest

from governance.conduct.capacities import Scope, choose_capacity, community_on
from governance.db.extension import reading
from governance.decision.vocabulary import Action, Ages, Capacity, Instant, Level, Posture, Status
from governance.effective.models import GovernedAccount
from governance.ledger.models import LedgerEntry
from governance.optout.choices import Choices, Named
from governance.patients.service import set_adult_from
from governance.policy.current import conduct_in_force
from governance.portal.looks import Kind, Patient, Terms
from governance.portal.reasons import Why
from governance.portal.seeing import seen_by
from tests import forum as people
from tests.conftest import lone_session, settings_in
from tests.forum import ANSWERED, CLOSED, IN_TOUCH, asked
from tests.ui.visits import acknowledge, choose, doctor, forum, nurse, visitor

__all__ = ["doctor", "forum", "nurse", "visitor"]
BY_NAME = ("refuser", "truster", "limiter", "giver")
DAY = 86_400_000_000
PERSON = {"find", "look_up", "mention", "message", "connect"}


def entries(app):
    with app.app_context(), reading() as session:
        return session.query(LedgerEntry).count()


def look(visitor, whom, group="informed"):
    return visitor.get("/my/see-as").press("Who looks?", whom=whom, group=group)


def lists(visitor):
    """What stands under "They can" and "They cannot"."""
    return [[item.strong.get_text() for item in found("li")] for found in visitor.page.main.select("ul.nhsuk-list")[:2]]


def test_a_nurse_of_the_care_team_is_shown_with_what_she_may_do(visitor, nurse):
    acknowledge(visitor)
    choose(visitor, members=[nurse])
    look(visitor, nurse)
    can, cannot = lists(visitor)
    assert "read your posts" in [words.lower() for words in can]
    assert len(can) + len(cannot) == len(Action) - 1
    assert "You let your care team do it." in visitor.text


@pytest.mark.parametrize(
    ("group", "said"),
    [
        ("informed", "where your choices decide"),
        ("hcp_present", "that is open to professionals"),
        ("peer_only", "for members alone"),
    ],
)
def test_the_heading_says_whose_eyes_and_what_kind_of_group(visitor, nurse, group, said):
    assert look(visitor, nurse, group).h1 == f"What Nora Quill can do in a group {said}"
    assert visitor.page.title.get_text().startswith(visitor.h1)
    assert look(visitor, "other", group).h1 == f"What any other health professional can do in a group {said}"


@pytest.mark.usefixtures("nurse")
def test_whoever_is_hidden_reads_so_in_every_line(visitor, nurse):
    acknowledge(visitor)
    choose(visitor, members=[nurse])
    visitor.get("/my/choices").press("Hide me")
    look(visitor, nurse)
    assert visitor.text.count("You are hidden.") == len(Action) - 1
    assert "They can Nothing." in visitor.text


def test_who_picks_nobody_is_asked_again(visitor):
    visitor.get("/my/see-as").press("Who looks?", group="informed")
    assert visitor.status == 400
    assert "Pick somebody" in visitor.text


@pytest.mark.parametrize("whom", ["nobody we know", "", "MEMBER", "a" * 10_000])
def test_nobody_else_can_be_looked_as(visitor, whom):
    assert look(visitor, whom).status == 400


@pytest.mark.parametrize("group", ["", "elsewhere"])
def test_a_kind_of_group_that_is_none_counts_as_the_usual_one(visitor, group):
    assert look(visitor, "other", group).status == 200


def test_looking_leaves_nothing_behind(visitor, forum, nurse):
    before = entries(forum)
    for whom in (nurse, *Kind):
        look(visitor, whom)
    assert entries(forum) == before


def test_nobodys_name_is_in_an_address(visitor, nurse):
    look(visitor, nurse)
    assert visitor.path == "/my/see-as"
    assert visitor.page.main.form["method"] == "post"


def test_somebody_who_is_signed_out_reads_what_is_public_and_it_says_so(visitor):
    look(visitor, "signed_out")
    assert "We cannot stop that" in visitor.text


def names_some(forum):
    """Three who chose by name, and one who gave each group extras."""
    nurse, weak = forum.key("nurse"), forum.key("weak")
    by_name = {
        "refuser": Choices(ANSWERED, ANSWERED, named=frozenset({Named(nurse, CLOSED), Named(weak, CLOSED)})),
        "truster": Choices(named=frozenset({Named(nurse, Level.PART_OF_CARE), Named(weak, Level.SEEN)})),
        "limiter": Choices(ANSWERED, IN_TOUCH, frozenset({nurse}), named=frozenset({Named(nurse, Level.SEEN)})),
        "giver": Choices(
            Level.SEEN,
            Level.SEEN,
            frozenset({nurse}),
            care_team_extras=frozenset({Action.QUOTE, Action.LOOK_UP}),
            others_extras=frozenset({Action.MENTION, Action.CONNECT, Action.RESEARCH}),
        ),
    }
    for name, wanted in by_name.items():
        forum.acknowledges(name)
        forum.wants(name, wanted)


def registers_some_by_place(forum):
    """Professionals nobody chose for: how some are here depends on the group."""
    for posture in Posture:
        forum.opens(f"own {posture}", posture, Ages.ADULTS)
    for name in ("good", "patient"):
        forum.registers(name)
    forum.registers("suspended", status=Status.SUSPENDED)
    says(forum, "patient", Capacity.PEER)
    for posture in Posture:
        forum.registers(f"patient in {posture}")
        says(forum, f"patient in {posture}", Capacity.PEER, f"own {posture}")
        forum.registers(f"at work in {posture}")
        says(forum, f"at work in {posture}", Capacity.PEER)
        says(forum, f"at work in {posture}", Capacity.PROFESSIONAL, f"own {posture}")


def says(forum, name, capacity, community=None):
    """Somebody says how they are here, or in one community."""
    forum.session.flush()
    hcp = UUID(forum.session.get(GovernedAccount, forum.key(name)).hcp)
    whole = Scope(str(forum.id))
    scope = whole if community is None else community_on(forum.session, forum.keyring, forum.id, community)
    choose_capacity(forum.session, forum.keyring, hcp, scope, capacity, now=forum.now, begins=forum.now)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Patients of many kinds, and professionals of many kinds, on one forum with every kind of group."""
    with lone_session(settings_in(tmp_path_factory.mktemp("world"))) as (session, keyring):
        yield _peopled(people.Forum(session, keyring))


def _peopled(made):
    made.registers("nurse")
    made.registers("weak", assurance=2)
    made.registers("silent", attested=False)
    made.declares("declared")
    for posture in Posture:
        made.opens(str(posture), posture, Ages.ADULTS)
        made.opens(f"mixed {posture}", posture, Ages.MIXED)
    for name, adult in (("ana", True), ("young", False), ("hidden", True), ("part", True), ("none", True)):
        made.patient(name, adult=adult)
        made.acknowledges(name)
        if name != "none":
            others = ANSWERED if name == "young" else IN_TOUCH
            team = Level.PART_OF_CARE if name == "part" else ANSWERED
            made.chooses(name, team, CLOSED if name == "part" else others, ["nurse"], adult=adult)
    names_some(made)
    registers_some_by_place(made)
    made.hides("hidden")
    made.later(days=20)
    made.session.flush()
    return made


@pytest.mark.parametrize("viewer", ["nurse", "weak", "silent", "declared", "a member"])
def test_it_says_what_the_forum_would_be_told(world, viewer):
    found = []
    for author, posture in product(("ana", "young", "hidden", "part", "none", *BY_NAME), Posture):
        terms = Terms(posture, conduct_in_force(), world.now)
        whom = Kind.MEMBER if viewer == "a member" else world.key(viewer)
        community = f"mixed {posture}" if author == "young" else str(posture)
        for seen in seen_by(world.session, world.keyring, Patient(world.key(author), world.id), whom, terms):
            said = {"community": community, "wrote_first": True}
            told = world.decides(viewer, author, seen.action, created="2026-05-20T00:00:00Z", **said)
            assert (author, posture, seen.action, seen.permit) == (author, posture, seen.action, told.permit)
            found.append(seen.permit)
    if viewer == "a member":
        assert all(found)


AUTHORS = ("ana", "young", "hidden", "part", "none", *BY_NAME)
BY_PLACE = [f"{how} in {posture}" for how in ("patient", "at work") for posture in Posture]


def seen_in(world, author, viewer, posture):
    terms = Terms(posture, conduct_in_force(), world.now)
    return seen_by(world.session, world.keyring, Patient(world.key(author), world.id), world.key(viewer), terms)


def told_in(world, author, viewer, posture):
    """What the forum is told in each group of a kind, action by action: one they said nothing of, and their own."""
    groups = (f"mixed {posture}" if author == "young" else str(posture), f"own {posture}")
    said = {"created": "2026-05-20T00:00:00Z", "wrote_first": True}
    actions = [action for action in Action if action is not Action.MODERATE]
    asks = [asked(viewer, author, action, community=group, **said) for action in actions for group in groups]
    told = [answer.permit for answer in world.answers(asks)]
    return {action: told[2 * at : 2 * at + 2] for at, action in enumerate(actions)}


def test_it_says_yes_where_the_forum_is_told_yes_in_any_group_of_this_kind(world):
    for viewer, author, posture in product(["good", "suspended", "patient", *BY_PLACE], AUTHORS, Posture):
        told = {action: any(answers) for action, answers in told_in(world, author, viewer, posture).items()}
        seen = {one.action: one.permit for one in seen_in(world, author, viewer, posture)}
        assert (viewer, author, posture, seen) == (viewer, author, posture, told)


def test_a_group_of_another_kind_opens_nothing_in_this_one(world):
    """The control: who is a patient in one group is told apart there, and nowhere else."""
    for posture in Posture:
        viewer = f"patient in {posture}"
        assert told_in(world, "none", viewer, posture)[Action.MESSAGE] == [False, True]
        seen = {
            other: {one.action: one.permit for one in seen_in(world, "none", viewer, other)}[Action.MESSAGE]
            for other in Posture
        }
        assert seen == {other: other is posture for other in Posture}


def test_no_word_tells_how_somebody_is_here_nor_what_their_register_says(world):
    neutral = {True: Why.OPEN_SOMEWHERE, False: Why.NOT_NOW}
    for author, posture in product(AUTHORS, Posture):
        proven = {one.action: one for one in seen_in(world, author, "good", posture)}
        for viewer in ("suspended", "patient", *BY_PLACE):
            for one in seen_in(world, author, viewer, posture):
                good = proven[one.action]
                expected = good.why if one.permit is good.permit else neutral[one.permit]
                assert (viewer, one.why) == (viewer, expected)


def test_the_answers_differ_where_the_words_do_not_tell_why(world):
    """The control: without it the sentences above could be equal because nothing differs."""
    for viewer, author, posture in (("suspended", "ana", "informed"), ("patient", "none", "peer_only")):
        seen, good = (seen_in(world, author, who, Posture(posture)) for who in (viewer, "good"))
        assert [one.permit for one in seen] != [one.permit for one in good]


def may(world, author, viewer):
    terms = Terms(Posture.INFORMED, conduct_in_force(), world.now)
    seen = seen_by(world.session, world.keyring, Patient(world.key(author), world.id), viewer, terms)
    return {one.action.value for one in seen if one.permit}, {one.why for one in seen}


def test_who_was_chosen_for_by_name_is_seen_so_and_not_as_kept_away_by_staff(world):
    assert may(world, "refuser", world.key("nurse")) == (set(), {Why.NAMED_NO})
    can, why = may(world, "truster", world.key("nurse"))
    assert can == {"view", "find", "react", "reply", "message", "use_in_care"}
    assert Why.NAMED_YES in why
    assert may(world, "limiter", world.key("nurse"))[0] == {"view", "find"}
    assert may(world, "truster", Kind.OTHER)[0] == set()


def test_extras_are_seen_for_the_group_they_were_given_to(world):
    assert may(world, "giver", world.key("nurse"))[0] == {"view", "find", "quote", "look_up"}
    assert may(world, "giver", Kind.OTHER)[0] == {"view", "find", "mention", "connect", "research"}


def test_the_comparison_sees_both_answers(world):
    """The control: there is something to tell apart."""
    terms = Terms(Posture.INFORMED, conduct_in_force(), world.now)
    seen = seen_by(world.session, world.keyring, Patient(world.key("ana"), world.id), world.key("nurse"), terms)
    assert {one.permit for one in seen} == {True, False}
    assert len({one.why for one in seen}) > 1


@pytest.mark.parametrize(
    ("known", "why"),
    [(True, Why.YOUNG), (False, Why.AGE_UNKNOWN)],
)
def test_what_is_closed_to_the_young_says_whether_their_age_is_known(world, known, why):
    name = f"told {known}"
    new = world.patient(name, adult=False)
    if known:
        set_adult_from(world.session, world.keyring, new, Instant(world.now + DAY), world.now)
    found = {one.action: one for one in seen_in(world, name, "good", Posture.HCP_PRESENT)}[Action.FIND]
    assert not found.permit
    assert found.why is why
