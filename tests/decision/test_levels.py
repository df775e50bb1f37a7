"""A level opens its own actions to its own class, closes all others, and leaves nothing to a community."""

import pytest

from governance.decision.decide import decide
from governance.decision.facts import Author, Community, Facts, Hcp, Request, Room, Setting, TeamEntry, Viewer, Words
from governance.decision.levels import for_new_posts_only, provisions_of_level
from governance.decision.provisions import ALWAYS, CARE_TEAM, OTHERS, Interval, Place, Provisions, Scale, named
from governance.decision.vocabulary import BEGINNING, FOREVER, Action, Ages, Assurance, Level, Mark, Posture, Status
from tests.decision.universe import USUAL

OPENED = {
    Level.CLOSED: "",
    Level.SEEN: "view find",
    Level.ANSWERED: "view find react reply",
    Level.IN_TOUCH: "view find react reply message",
    Level.PART_OF_CARE: "view find react reply message use_in_care",
}
CHOICES = [action for action in Action if action is not Action.MODERATE]
OPEN = Room(Posture.HCP_PRESENT, Ages.ADULTS)
CREATED = 100


def opened(lines, action, *, wrote_first=True, in_team=False, created=CREATED):
    """Say whether an eligible professional may, in a community that is open to professionals."""
    hcp = Hcp(frozenset({"d"}), Status.GOOD, FOREVER, ALWAYS, Assurance.A4)
    author = Author(
        "a",
        record=True,
        adult_from=BEGINNING,
        covered=dict.fromkeys(Action, ALWAYS),
        care_team=(TeamEntry(named("d")),) if in_team else (),
        provisions=Provisions(tuple(lines)),
    )
    words = (Words("a", "c", "t", "w", created, None),)
    request = Request("p", "d", action, words, at=1000, initiated_by_patient=wrote_first)
    viewer, communities = Viewer("d", frozenset({Mark.REGISTERED}), hcp), {"c": Community((Setting(BEGINNING, *OPEN),))}
    return decide(request, Facts(viewer, {"a": author}, USUAL, communities, OPEN)).permit


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("in_team", [True, False])
def test_a_level_opens_what_it_names_and_nothing_else(level, in_team):
    lines = provisions_of_level(level, CARE_TEAM if in_team else OTHERS, name="mine")
    found = {action.value for action in CHOICES if opened(lines, action, in_team=in_team)}
    assert found == set(OPENED[level].split())


@pytest.mark.parametrize("level", [Level.IN_TOUCH, Level.PART_OF_CARE])
def test_nobody_writes_before_the_patient_did(level):
    assert not opened(provisions_of_level(level, OTHERS, name="mine"), Action.MESSAGE, wrote_first=False)


def test_a_level_says_nothing_of_the_other_class():
    lines = provisions_of_level(Level.CLOSED, CARE_TEAM, name="mine")
    assert opened(lines, Action.REPLY)
    assert not opened(lines, Action.REPLY, in_team=True)


@pytest.mark.parametrize("extra", ["look_up", "connect", "mention", "quote", "research", "record"])
def test_an_extra_opens_one_action_more(extra):
    lines = provisions_of_level(Level.SEEN, OTHERS, name="mine", extras=frozenset({Action(extra)}))
    assert {action.value for action in CHOICES if opened(lines, action)} == {"view", "find", extra}


def test_what_a_level_may_hold_is_no_extra():
    lines = provisions_of_level(Level.CLOSED, OTHERS, name="mine", extras=frozenset(Action))
    permitted = {action.value for line in lines if not line.refuses for action in line.actions}
    assert permitted == {"look_up", "connect", "mention", "quote", "research", "record"}


def test_a_level_holds_in_its_place_alone():
    here = provisions_of_level(Level.CLOSED, OTHERS, name="mine", where=Place(Scale.COMMUNITY, "p", "c"))
    elsewhere = provisions_of_level(Level.CLOSED, OTHERS, name="mine", where=Place(Scale.COMMUNITY, "p", "c2"))
    assert (opened(here, Action.VIEW), opened(elsewhere, Action.VIEW)) == (False, True)


def test_lines_are_told_apart_by_name_and_number():
    ids = [line.id for line in provisions_of_level(Level.IN_TOUCH, OTHERS, name="mine")]
    assert ids == ["mine.0", "mine.1", "mine.2", "mine.3"]


def test_no_line_is_about_nothing():
    assert all(line.actions for level in Level for line in provisions_of_level(level, OTHERS, name="mine"))


@pytest.mark.parametrize(("created", "expected"), [(CREATED, True), (CREATED - 1, False)])
def test_new_posts_only_closes_what_is_older(created, expected):
    lines = for_new_posts_only(provisions_of_level(Level.ANSWERED, OTHERS, name="mine"), Interval(CREATED, FOREVER))
    assert opened(lines, Action.VIEW, created=created) is expected
    assert opened(lines, Action.REPLY, created=created) is expected


def test_new_posts_only_leaves_the_person_as_before():
    lines = for_new_posts_only(provisions_of_level(Level.ANSWERED, OTHERS, name="mine"), Interval(CREATED, FOREVER))
    assert opened(lines, Action.FIND, created=CREATED - 1)
    assert not opened(lines, Action.LOOK_UP)
    assert not any(line.actions & {Action.FIND} for line in lines if line.refuses)


def test_new_posts_only_keeps_every_refusal_and_every_id_apart():
    lines = provisions_of_level(Level.IN_TOUCH, OTHERS, name="mine")
    limited = for_new_posts_only(lines, Interval(CREATED, FOREVER))
    assert [line for line in lines if line.refuses] == [line for line in limited if line in lines]
    assert [line.id for line in limited] == ["mine.0", "mine.0.older", "mine.1", "mine.2", "mine.3"]
