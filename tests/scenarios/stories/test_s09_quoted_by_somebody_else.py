"""S9, quoted by somebody else: Ana refused every professional; Cal, who allows all, quotes her where they take part."""

import pytest
from bs4 import BeautifulSoup

from tests.optout.test_web_more import confirms
from tests.scenarios.stories.even_keel import even_keel
from tests.ui.visits import acknowledge, choose

pytestmark = pytest.mark.slow
ANAS = "scared of the nights"
CALS = "Thank you for saying it first"
RETOLD = "Ana told us that she set an alarm"
WHERE = {"community": "ask-together", "thread": "night-lows"}


def opened(folder, *, quotes_apart):
    folder.mkdir()
    return even_keel(folder, quotes_apart=quotes_apart)


@pytest.fixture
def keel(tmp_path):
    """A forum that keeps a quote apart from the words around it."""
    with opened(tmp_path / "apart", quotes_apart=True) as keel:
        ana_says_no_and_cal_yes(keel)
        yield keel


@pytest.fixture
def keel_in_one(tmp_path):
    """A forum that cannot tell a quote from the words around it."""
    with opened(tmp_path / "in-one", quotes_apart=False) as keel:
        ana_says_no_and_cal_yes(keel)
        yield keel


def ana_says_no_and_cal_yes(keel):
    choose(keel.comes("ana"), "closed", "closed")
    cal = keel.comes("cal")
    acknowledge(cal)
    for part, value in (("care-team", "answered"), ("others", "answered")):
        cal.answers(f"/choices/{part}", level=value)
    cal.answers("/choices/team", members=[])
    cal.get("/choices/more/others").press("Go on", actions=["quote"])
    confirms(cal)
    assert cal.h1 == "Your choices are saved"


def the_thread_for(keel, name):
    return BeautifulSoup(keel.reads(name, "/t/night-lows"), "html.parser").main.get_text(" ")


def dan_reads_cal_and_the_quote_is_not_there_and_nothing_says_why(keel):
    seen = the_thread_for(keel, "dan")
    assert CALS in seen
    assert [word for word in (ANAS, "Ana", "hidden", "withheld", "refused", "removed") if word in seen] == []


def members_follow_all_of_it_and_dan_his_part(keel):
    assert ANAS in the_thread_for(keel, "ben")
    assert ANAS in keel.feed_of("ben")
    assert CALS in keel.feed_of("dan")
    assert ANAS not in keel.feed_of("dan")


def cal_retells_it_in_his_own_words_and_dan_reads_that(keel):
    opening = keel.post("I have started running")
    keel.writes("cal", "night-lows", opening, f"{RETOLD} for two.")
    assert RETOLD in the_thread_for(keel, "dan")


def ana_was_told_that_nobody_can_block_that(keel):
    ana = keel.comes("ana").get("/my/see-as").press("Who looks?", whom="other", group="informed")
    assert "tell what you wrote in their own words" in ana.text


def dan_may_carry_cals_words_into_a_talk_but_not_with_anas_in_them(keel):
    def may_quote(*authors):
        words = [{"account": one, "created": "2026-05-01T10:00:00Z", "edited": None, **WHERE} for one in authors]
        return keel.permits_words("dan", "quote", words)

    assert may_quote("cal")
    assert not may_quote("cal", "ana")
    assert not may_quote("ana")


def test_s9_the_quote_is_withheld_and_cals_own_words_are_not(keel):
    dan_reads_cal_and_the_quote_is_not_there_and_nothing_says_why(keel)
    members_follow_all_of_it_and_dan_his_part(keel)
    cal_retells_it_in_his_own_words_and_dan_reads_that(keel)
    ana_was_told_that_nobody_can_block_that(keel)
    dan_may_carry_cals_words_into_a_talk_but_not_with_anas_in_them(keel)


def test_s9_a_forum_that_cannot_tell_them_apart_withholds_the_whole_post_from_professionals(keel_in_one):
    assert CALS not in the_thread_for(keel_in_one, "dan")
    assert ANAS not in the_thread_for(keel_in_one, "dan")
    assert {CALS in the_thread_for(keel_in_one, name) for name in ("ben", "cal", "ana")} == {True}
