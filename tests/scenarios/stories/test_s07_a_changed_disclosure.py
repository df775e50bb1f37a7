"""S7, a changed disclosure: research is told of anew, which weakens protection, and the Welsh words come later."""

import json

from governance.disclosure import commands
from tests.disclosure.editions import NEW, editions
from tests.disclosure.test_told_web import ACTIONS, PAUSED, house, may, publishes, reads, says_yes
from tests.ui.visits import Visitor, choose

__all__ = ["house"]
ALL_BUT_RESEARCH = {"view", "reply"}


def what_was_said_yes_to_before_is_asked_about(house, ana, gwen):
    assert may(house, "ana") == may(house, "gwen") == ALL_BUT_RESEARCH
    assert may(house, "bo") == set()
    assert PAUSED in ana.get("/my/choices").text
    assert "Use my posts in studies" in ana.page.find("details").get_text()
    assert PAUSED in gwen.get("/my/choices").text


def ana_reads_what_is_new_and_all_comes_back(house, ana):
    ana.get("/my/choices").follow("Read what is new")
    assert NEW in ana.page.find("details").get_text()
    ana.follow("I have read what is new")
    assert "All other professionals Use my posts in studies" in ana.text
    assert may(house, "ana") == ALL_BUT_RESEARCH
    ana.press("I have been told")
    assert ana.path == "/disclosure/told"
    assert "What you said yes to before counts." in ana.text
    assert may(house, "ana") == set(ACTIONS)
    assert PAUSED not in ana.get("/my/choices").text


def gwen_reads_the_words_before_in_welsh_and_research_stays_closed(house, gwen, capsys):
    gwen.get("/disclosure/must-knows")
    assert gwen.page.h1.find_parent("div", lang=True)["lang"] == "cy"
    assert "not in this language yet" in gwen.text
    reads(gwen, "cy")
    assert may(house, "gwen") == ALL_BUT_RESEARCH
    with house.app.app_context():
        commands.tell_status(as_json=True)
    people = json.loads(capsys.readouterr().out.splitlines()[-1])["people"]
    assert {"version": "1.0.0", "language": "cy", "people": 1, "behind": True, "waits": True} in people


def the_old_words_are_found_by_their_hash(house):
    old = Visitor(house.app.test_client()).get(f"/disclosure/texts/{editions()['first'].text('en').sha256}")
    assert (old.status, NEW in old.text) == (200, False)


def a_typo_changes_nothing_for_anybody(house, ana):
    publishes(house.app, "typo")
    assert may(house, "ana") == set(ACTIONS)
    assert PAUSED not in ana.get("/my/choices").text
    assert "We changed the words" not in ana.text


def test_s7_a_changed_disclosure_in_two_languages(house, capsys):
    publishes(house.app, "first")
    ana, gwen = says_yes(house, "ana"), says_yes(house, "gwen", "cy")
    choose(Visitor(house.browser("bo")), "closed", "closed")
    assert may(house, "ana") == may(house, "gwen") == set(ACTIONS)
    publishes(house.app, "second")
    what_was_said_yes_to_before_is_asked_about(house, ana, gwen)
    ana_reads_what_is_new_and_all_comes_back(house, ana)
    gwen_reads_the_words_before_in_welsh_and_research_stays_closed(house, gwen, capsys)
    the_old_words_are_found_by_their_hash(house)
    publishes(house.app, "second, in Welsh")
    a_typo_changes_nothing_for_anybody(house, ana)
    reads(gwen, "cy")
    assert may(house, "gwen") == set(ACTIONS)
