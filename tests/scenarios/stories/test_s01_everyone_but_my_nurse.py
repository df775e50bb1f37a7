"""S1, everyone but my own nurse: Ana closes her posts to every professional, and lets one of them in."""

from datetime import timedelta

import pytest
import time_machine

from tests.optout.test_web_more import confirms, says
from tests.scenarios.stories.even_keel import even_keel
from tests.ui.visits import acknowledge

POST = {"community": "kitchen-table", "thread": "bad-week"}
HER_WORDS = ("Tired of being asked", "scared of the nights", "Ana wrote", ">Ana<", "Ana, ")
DAN_S_PLACES = ("/search?q=ana", "/search?q=tired", "/search?q=night", "/c/kitchen-table", "/t/bad-week", "/m/ana")
WRITE = "write to you in private, once you wrote first"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def keel(tmp_path):
    with even_keel(tmp_path) as keel:
        keel.people.registers("hugo")
        keel.people.patient("ana")
        keel.people.session.commit()
        yield keel


def closes_to_everybody_but_nia(keel):
    ana = keel.comes("ana")
    acknowledge(ana)
    ana.get("/choices/ready-made").press("Go on", preset="nobody")
    ana.press("Go on")
    says(ana, keel.key("nia"), "in_touch")
    confirms(ana)
    assert ana.h1 == "Your choices are saved"


def may(keel, who, *actions, wrote_first=None):
    said = POST if wrote_first is None else {**POST, "wrote_first": wrote_first}
    return {action for action in actions if keel.permits(who, "ana", action, **said)}


def the_forum_lets_nia_in_and_nobody_else(keel):
    assert may(keel, "nia", "view", "reply", "record", "connect", "use_in_care") == {"view", "reply"}
    assert not may(keel, "nia", "message", wrote_first=False)
    assert may(keel, "nia", "message", wrote_first=True)
    for other in ("dan", "hugo"):
        assert not may(keel, other, "view", "find", "reply", "message", wrote_first=True)


def sees(ana, whom):
    """What her see-as page says that somebody can do, and why; and the same of what they cannot."""
    ana.get("/my/see-as").press("Who looks?", whom=whom, group="informed")
    found = {heading.get_text(): heading.find_next_sibling() for heading in ana.page.main.find_all("h2")}
    return [
        {item.strong.get_text(): " ".join(item.get_text().split()) for item in found[heading].find_all("li")}
        for heading in ("They can", "They cannot")
    ]


def her_see_as_page_says_the_same_in_words(keel):
    ana = keel.comes("ana")
    can, cannot = sees(ana, keel.key("nia"))
    for action in ("read your posts", "answer your posts"):
        assert can[action] == f"{action}. By name, you said yes to this."
    # Before she wrote, no; after it, yes: the page says when it begins.
    assert can[WRITE].endswith("yes to this. It begins when you write to them.")
    for action in ("copy your words into your health record", "follow you or ask to be your friend"):
        assert cannot[action] == f"{action}. By name, you said no to this."
    for other in ("dan", "hugo"):
        can, cannot = sees(ana, keel.key(other))
        assert can == {}
        assert cannot["read your posts"] == "read your posts. You said no to professionals outside your care team."


def nothing_of_hers_turns_up_for_dan(keel):
    shown = {place: keel.reads("dan", place) for place in DAN_S_PLACES} | {"feed": keel.feed_of("dan")}
    keel.asks_for_letter("dan")
    keel.asks_for_letter("cal")
    with time_machine.travel(3 * MINUTE):
        assert keel.sends_letters() == 2
    (shown["letter"],) = keel.letters_to("dan")
    assert [(place, word) for place, text in shown.items() for word in HER_WORDS if word in text] == []
    # The control: a member finds her, and reads her in a letter.
    assert "Tired of being asked" in keel.reads("cal", "/search?q=tired")
    assert "Ana wrote" in keel.letters_to("cal")[0]


def here_as_a_patient_nia_goes_on_reading_and_ana_is_told_nothing_of_it(keel):
    before = sees(keel.comes("ana"), keel.key("nia"))
    among_members = {**POST, "community": "among-ourselves"}
    assert not keel.permits("nia", "ana", **among_members)
    keel.comes("nia", proved=True).get("/professional/capacity").press("Choose this", capacity="peer", community="")
    with time_machine.travel(DAY + MINUTE):
        assert keel.permits("nia", "ana", **among_members)
        assert may(keel, "nia", "view", "reply", "record", "connect", "use_in_care") == {"view", "reply"}
        assert not may(keel, "nia", "message", wrote_first=False)
        assert may(keel, "nia", "message", wrote_first=True)
        assert sees(keel.comes("ana"), keel.key("nia")) == before


def test_s1_everyone_but_my_own_nurse(keel):
    closes_to_everybody_but_nia(keel)
    the_forum_lets_nia_in_and_nobody_else(keel)
    her_see_as_page_says_the_same_in_words(keel)
    nothing_of_hers_turns_up_for_dan(keel)
    here_as_a_patient_nia_goes_on_reading_and_ana_is_told_nothing_of_it(keel)
