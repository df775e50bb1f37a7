"""Feeds, news, counts and the moderators' page: none of them tells of an author whom the service refuses."""

import re
from xml.etree import ElementTree as ET

import pytest

from tests.demo.conftest import press
from tests.demo.test_forum_pages import ANAS_TITLES, ANAS_WORDS, QUOTING_ANA, hide

ATOM = "{http://www.w3.org/2005/Atom}"


def feed_of(client, page="/"):
    """The address of the reader's own feed, as the page links it."""
    return re.search(r'href="http://127.0.0.1:8081(/feeds/[^"]+)"', client.get(page).text)[1]


def told(text):
    return [said for said in [*ANAS_WORDS, *ANAS_TITLES, *QUOTING_ANA, ">Ana<", "Ana wrote"] if said in text]


@pytest.mark.parametrize("page", ["/", "/c/ask-together", "/c/kitchen-table"])
def test_a_feed_tells_nothing_of_a_hidden_author(browser, forum, script, page):
    dan = browser("dan")
    address = feed_of(dan, page)
    # A feed reader has no cookie; who reads is in the address.
    reader = forum.test_client()
    assert told(reader.get(address).text)
    hide(script, "ana")
    response = reader.get(address)
    assert told(response.text) == []
    assert response.text.count("<entry>") > 0
    assert response.headers["Cache-Control"] == "no-store"


def test_a_feed_is_sound_atom_and_says_whom_to_call(browser, forum):
    response = forum.test_client().get(feed_of(browser("cal")))
    assert response.content_type == "application/atom+xml; charset=utf-8"
    root = ET.fromstring(response.data)  # noqa: S314 - our own forum wrote it
    assert "112" in root.findtext(f"{ATOM}subtitle")
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == 23
    wanted = ("id", "title", "updated", "content")
    assert all(entry.findtext(ATOM + name) for entry in entries for name in wanted)
    assert all(entry.find(f"{ATOM}link").get("href").startswith("http://") for entry in entries)
    updated = [entry.findtext(f"{ATOM}updated") for entry in entries]
    assert updated == sorted(updated, reverse=True)


def test_a_post_with_characters_that_xml_forbids_breaks_nobodys_feed(browser, forum, saying):
    opening = saying("I have started running")
    press(browser("ana"), "/t/night-lows", "/t/night-lows", to=opening, body="bell \x07 <b>&\ufffe end")
    root = ET.fromstring(forum.test_client().get(feed_of(browser("cal"))).data)  # noqa: S314 - our own forum
    assert root.findtext(f"{ATOM}entry/{ATOM}content") == "bell  <b>& end"


def test_a_feed_opens_with_its_own_key_alone_and_not_for_staff(browser, forum):
    mine, reader = feed_of(browser("cal")), forum.test_client()
    key = mine.split("/")[3]
    for wrong in (mine.replace(key, key[:-1] + "g"), mine.replace("/cal/", "/ana/"), mine.replace("/cal/", "/vera/")):
        assert reader.get(wrong).status_code == 404
    assert reader.get(mine.replace(key, "\u00e9")).status_code == 404
    assert reader.get(mine.replace("all.atom", "nowhere.atom")).status_code == 404


def test_who_is_under_18_has_no_feed_of_what_is_for_adults(browser, forum):
    address = feed_of(browser("maya"))
    assert forum.test_client().get(address.replace("all.atom", "ask-together.atom")).status_code == 404
    assert "night-lows" not in forum.test_client().get(address).text


def test_news_tell_nothing_of_a_hidden_author(browser, script):
    dan = browser("dan")
    assert "<strong>Ana</strong> wrote in" in dan.get("/news").text
    hide(script, "ana")
    shown = dan.get("/news").text
    assert told(shown) == []
    assert "<strong>Ben</strong> wrote in" in shown


@pytest.mark.parametrize(
    "page", ["/", "/c/kitchen-table", "/t/night-lows", "/m/ben", "/search", "/search?q=low", "/news"]
)
def test_the_number_in_the_header_counts_what_the_viewer_may_see(browser, script, page):
    dan = browser("dan")
    assert "News (3 new)" in dan.get(page).text
    hide(script, "ana")
    assert "News (2 new)" in dan.get(page).text


def test_what_was_hidden_is_not_taken_as_seen(browser, script):
    dan = browser("dan")
    hide(script, "ana")
    press(dan, "/news", "/news")
    assert "new)" not in dan.get("/").text
    hide(script)
    assert "News (1 new)" in dan.get("/").text


def test_an_answer_is_news_to_all_who_wrote_before_and_to_nobody_else(browser, saying):
    opening = saying("there is room on the table")
    writers = ("ana", "cal", "dan")

    def news():
        return {who: browser(who).get("/news").text.count("<section") for who in writers}

    before = news()
    press(browser("ben"), "/t/bad-week", "/t/bad-week", to=opening, body="Still room.")
    assert {who: count - before[who] for who, count in news().items()} == {"ana": 1, "cal": 1, "dan": 0}
    assert "<strong>Ben</strong> wrote in" in browser("ana").get("/news").text


def test_numbers_over_a_search_and_on_a_profile_are_of_what_the_viewer_may_see(browser, script):
    dan = browser("dan")
    assert "2 found" in dan.get("/search?q=nights").text
    assert "7 posts" in dan.get("/m/ana").text
    hide(script, "ana")
    assert "1 found" in dan.get("/search?q=nights").text


def flag(client, post):
    return press(client, "/t/night-lows", f"/p/{post}/flag")


def test_a_moderator_sees_what_was_flagged_and_may_be_moderated_and_nobody_else_has_the_page(browser, script, saying):
    anas = saying("scared of the nights")
    mo, cal = browser("mo"), browser("cal")
    assert "There is nothing to look at" in mo.get("/moderation").text
    back = flag(cal, anas)
    assert "Is somebody in danger now?" in cal.get(back.headers["Location"]).text
    assert "scared of the nights" in mo.get("/moderation").text
    script.decide_action = lambda action: action != "moderate"
    assert "scared of the nights" not in mo.get("/moderation").text
    assert browser("dan").get("/moderation").status_code == 404


def test_only_who_told_the_moderators_reads_that_they_were_told_and_once(browser, saying):
    cal, told = browser("cal"), "The moderators will look at it"
    for query in ("?told=1", "?told", ""):
        assert told not in cal.get(f"/t/night-lows{query}").text
    flag(cal, saying("scared of the nights"))
    assert told not in cal.get("/t/new-boss").text
    assert told in cal.get("/t/night-lows").text
    assert told not in cal.get("/t/night-lows").text


def test_a_moderator_sees_a_flagged_post_without_the_title_that_is_hidden_from_them(browser, script, saying):
    cals = saying("I told the person at the next desk")
    mo = browser("mo")
    press(browser("ben"), "/t/new-boss", f"/p/{cals}/flag")
    assert "Do I tell my new boss" in mo.get("/moderation").text
    hide(script, "ana")
    shown = mo.get("/moderation").text
    assert "I told the person at the next desk" in shown
    assert told(shown) == []
    assert "I told the person at the next desk" not in mo.get("/search?q=desk").text
    press(mo, "/moderation", f"/moderation/{cals}", act="down")
    assert "There is nothing to look at" in mo.get("/moderation").text


def test_the_service_is_told_what_is_flagged_and_what_is_not(browser, script, saying):
    anas = saying("scared of the nights")
    flag(browser("cal"), anas)
    script.decide = lambda resource: resource["properties"].get("flagged") is (resource["id"] == anas)
    shown = browser("mo").get("/c/ask-together").text
    assert "7 posts" in shown


def test_a_moderator_may_leave_a_post_or_take_it_down(browser, saying):
    anas, cals = saying("scared of the nights"), saying("Thank you for saying it first")
    mo = browser("mo")
    for post in (anas, cals):
        flag(browser("ben"), post)
    press(mo, "/moderation", f"/moderation/{anas}", act="leave")
    press(mo, "/moderation", f"/moderation/{cals}", act="down")
    shown = browser("cal").get("/t/night-lows").text
    assert "scared of the nights" in shown
    assert "Thank you for saying it first" not in shown
    assert "A moderator took this post down." in shown
    assert "There is nothing to look at" in mo.get("/moderation").text


def test_nobody_flags_or_settles_what_they_may_not_see(browser, script, saying):
    anas, bens = saying("scared of the nights"), saying("there is room on the table")
    dan, mo = browser("dan"), browser("mo")
    hide(script, "ana")
    assert press(dan, "/news", f"/p/{anas}/flag").status_code == 404
    hide(script)
    flag(browser("cal"), anas)
    for client, post in ((dan, anas), (mo, bens)):
        assert press(client, "/news", f"/moderation/{post}", act="down").status_code == 404
    hide(script, "ana")
    assert press(mo, "/news", f"/moderation/{anas}", act="down").status_code == 404
    assert mo.post(f"/moderation/{anas}", data={"form": "guess"}).status_code == 400
    hide(script)
    assert "scared of the nights" in browser("cal").get("/t/night-lows").text


def test_who_works_at_the_service_reads_nothing_and_is_no_member(browser):
    vera = browser("vera")
    for page in ("/", "/t/night-lows", "/news", "/moderation", "/search?q=a", "/m/ana"):
        assert vera.get(page).headers["Location"] == "/people"
    ana = browser("ana")
    assert ana.get("/m/vera").status_code == 404
    assert "Vera" not in ana.get("/search?q=vera").text


def test_one_press_takes_staff_to_their_door_at_the_service(forum, settings):
    answer = press(forum.test_client(), "/people", "/sign-in", account="vera")
    assert answer.headers["Location"] == f"{settings.service_url}/staff/sign-in/keel-staff"


def test_emergency_lines_stand_where_one_writes_and_while_the_service_is_away(browser, script):
    ana = browser("ana")
    composer = ana.get("/t/bad-week").text.partition('<form class="answer"')[2]
    assert "Nobody watches this forum round the clock" in composer
    assert 'href="tel:112"' in composer
    script.status = 503
    for page in ("/", "/t/bad-week", "/news", "/search?q=low"):
        shown = ana.get(page).text
        assert "Nobody watches this forum round the clock" in shown
        assert 'href="tel:112"' in shown
