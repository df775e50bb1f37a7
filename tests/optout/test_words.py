"""What opens, in words; and from which day a person decides alone."""

from datetime import UTC, datetime

import pytest

from governance.decision.provisions import WhoKind
from governance.decision.vocabulary import Action, Capacity, Level
from governance.optout.ages import may_decide_alone
from governance.optout.choices import Choices
from governance.optout.waiting import Opens
from governance.optout.words import changes, may_do, sentence, who_opens
from governance.policy.current import policies
from governance.ui.clock import to_instant


def at(*moment):
    return to_instant(datetime(*moment, tzinfo=UTC))


def opens(who=WhoKind.OTHERS, name="", capacity=Capacity.PROFESSIONAL, action=Action.VIEW):
    return Opens(who, name, capacity, action)


def test_the_sentence_says_from_when_who_could_do_what():
    told = sentence(policies().optout, opens(), {}, at(2026, 11, 24, 10))
    assert told == (
        "From Tuesday 24 November 2026 at 10:00 (UK time), "
        "a nurse or doctor who is not in your care team could read your posts."
    )


@pytest.mark.parametrize("action", [action for action in Action if action is not Action.MODERATE])
def test_every_action_is_said_to_the_person_it_is_done_to(action):
    words = may_do(policies().optout, action).split()
    assert words[0].islower()
    assert not {"my", "me", "mine"} & {word.strip(",.") for word in words}


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (opens(WhoKind.NAMED, "k"), "Nora Quill"),
        (opens(WhoKind.NAMED, "elsewhere"), "one professional whose name we cannot show here"),
        (opens(WhoKind.CARE_TEAM), "a professional in your care team"),
        (opens(WhoKind.PROFESSION, "nurse"), "a nurse"),
        (opens(capacity=Capacity.PEER), "a nurse or doctor who is not in your care team (here as a patient)"),
        (opens(capacity=None), "a member of your forum"),
    ],
)
def test_who_opens_is_named_as_narrowly_as_the_page_may(found, words):
    assert who_opens(found, {"k": "Nora Quill"}) == words


def test_the_same_twice_is_no_change():
    pick = Choices(Level.SEEN, Level.CLOSED, frozenset({"k"}))
    assert changes(policies().optout, pick, pick, {}) == []


@pytest.mark.parametrize(
    ("now", "alone"),
    [((2026, 5, 3, 23, 59), False), ((2026, 5, 4), True), ((2030, 1, 1), True)],
)
def test_one_decides_alone_from_the_birthday_on(now, alone):
    eighteen = at(2028, 5, 4)
    assert may_decide_alone(eighteen, 16, at(*now)) is alone


@pytest.mark.parametrize(("now", "alone"), [((2026, 2, 28), False), ((2026, 3, 1), True)])
def test_who_was_born_on_29_february_is_older_on_1_march(now, alone):
    assert may_decide_alone(at(2028, 2, 29), 16, at(*now)) is alone


def test_of_whom_nobody_told_the_age_nothing_is_said():
    assert may_decide_alone(None, 16, at(2026, 1, 1)) is None
