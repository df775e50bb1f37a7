"""The leak matrix of the demo forum: no page says anything of an author whom the service refuses."""

import json
import re

import pytest

from governance.demo.forum.seed import talk
from tests.demo.conftest import press

ANAS_WORDS = ["scared of the nights", "reversing lorry", "tired of it", "tapped her watch", "two cats"]
ANAS_TITLES = ["Do I tell my new boss", "Bad week"]
QUOTING_ANA = ["Thank you for saying it first", "thought the beeping", "onto a cushion", "watch thing is genius"]
PAGES = [
    "/",
    "/c/ask-together",
    "/c/kitchen-table",
    "/t/night-lows",
    "/t/new-boss",
    "/t/bad-week",
    "/t/school-trip",
    "/m/ana",
    "/m/ben",
    "/m/cal",
    "/m/maya",
    "/search?q=a",
    "/search?q=Ana",
    "/search?q=boss",
    "/search?q=night",
    "/search?q=%25",
    "/search?q=_",
]


def hide(script, *accounts):
    def decide(resource):
        authors = {author["account"] for author in resource["properties"]["authors"]}
        return not authors & set(accounts)

    script.decide = decide


def test_no_page_tells_of_a_hidden_author(browser, script):
    hide(script, "ana")
    dan = browser("dan")
    shown = {page: dan.get(page).text for page in PAGES}
    told = [*ANAS_WORDS, *ANAS_TITLES, *QUOTING_ANA, ">Ana<", "Ana wrote", "/m/ana"]
    assert [(page, said) for page in PAGES for said in told if said in shown[page]] == []


def test_links_and_anchors_leave_no_gap_where_a_post_is_hidden(browser, script):
    hide(script, "ana")
    shown = browser("dan").get("/t/night-lows").text
    ids = re.findall(r'id="(p-[^"]+)"', shown)
    # Nothing in them is an order or a number of the posts: sixteen random hexadecimal digits each.
    assert len(ids) == len(set(ids)) == 4
    assert all(re.fullmatch(r"p-[0-9a-f]{16}", post) for post in ids)
    assert not {post["id"] for thread in talk()["thread"] for post in thread["post"]} & set(ids)


def test_the_same_pages_tell_everything_to_whom_nothing_is_refused(browser):
    peer = browser("cal")
    shown = "".join(peer.get(page).text for page in PAGES)
    assert [said for said in [*ANAS_WORDS, *ANAS_TITLES, *QUOTING_ANA, ">Ana<", "Ana wrote"] if said not in shown] == []


@pytest.mark.parametrize(
    ("page", "all_of_it", "without_ana"),
    [
        ("/", "3 conversations · 13 posts", "2 conversations · 6 posts"),
        ("/", "3 conversations · 8 posts", "2 conversations · 3 posts"),
        ("/c/ask-together", "Ben · 7 posts", "Ben · 4 posts"),
    ],
)
def test_counts_are_of_what_the_viewer_may_see(browser, script, page, all_of_it, without_ana):
    assert all_of_it in browser("cal").get(page).text
    hide(script, "ana")
    shown = browser("dan").get(page).text
    assert all_of_it not in shown
    assert without_ana in shown


def test_the_last_post_is_the_last_that_the_viewer_may_see(browser, script):
    hide(script, "ben", "cal")
    assert "Last: Maya" in browser("dan").get("/c/kitchen-table").text
    assert "Last: Ben" not in browser("dan").get("/c/kitchen-table").text


@pytest.mark.parametrize("page", ["/t/new-boss", "/t/bad-week", "/m/ana"])
def test_what_is_refused_and_what_never_was_look_the_same(browser, script, page):
    hide(script, "ana")
    dan = browser("dan")
    refused, never = dan.get(page), dan.get("/t/no-such-thread")
    assert (refused.status_code, refused.text) == (404, never.text)


def test_a_member_who_may_be_read_but_not_looked_up_shows_posts_and_nothing_about_themselves(browser, script):
    script.decide = lambda resource: resource["type"] == "post"
    shown = browser("dan").get("/m/ana").text
    assert "reversing lorry" in shown
    assert "two cats" not in shown


def test_being_read_is_not_being_found(browser, script):
    script.decide = lambda resource: resource["type"] == "post"
    assert "Nothing was found" in browser("dan").get("/search?q=night").text


def test_a_thread_is_one_request_for_what_to_show_and_one_for_what_to_answer(browser, script):
    dan = browser("dan")
    script.asked.clear()
    dan.get("/t/night-lows")
    asked = [json.loads(body)["action"]["name"] for path, _, body in script.asked if path == "/access/v1/evaluations"]
    assert asked == ["view", "reply"]


def test_who_signs_in_on_the_way_to_a_thread_arrives_there(forum):
    visitor = forum.test_client()
    assert visitor.get("/t/new-boss").headers["Location"] == "/people"
    assert press(visitor, "/people", "/sign-in", account="cal").headers["Location"] == "/t/new-boss"
    assert press(visitor, "/people", "/sign-in", account="ben").headers["Location"] == "/"


def test_what_a_member_writes_is_there_and_is_theirs_at_once(browser, script, saying):
    opening = saying("I have started running")
    press(browser("ana"), "/t/night-lows", "/t/night-lows", to=opening, body="One thing more.\r\n\r\nSleep well.")
    assert "One thing more.</p><p>Sleep well." in browser("cal").get("/t/night-lows").text
    hide(script, "ana")
    assert "One thing more" not in browser("dan").get("/t/night-lows").text


def test_an_answer_to_a_post_quotes_it_and_so_goes_with_it(browser, script, saying):
    bens = saying("there is room on the table")
    thread = press(browser("maya"), f"/t/bad-week?answer={bens}", "/t/bad-week", to=bens, body="Room for me too?")
    assert "#p-" in thread.headers["Location"]
    assert "Room for me too?" in browser("cal").get("/t/bad-week").text
    assert "Ben wrote" in browser("cal").get("/t/bad-week").text
    hide(script, "ben")
    assert "Room for me too?" not in browser("dan").get("/t/bad-week").text


def test_who_may_read_but_not_answer_gets_no_form_and_no_way_round_it(browser, script, saying):
    opening, elsewhere = saying("I have started running"), saying("tired of it")
    dan = browser("dan")
    with dan.session_transaction() as session:
        form = session["form"]
    script.decide_action = lambda action: action == "view"
    assert "scared of the nights" in dan.get("/t/night-lows").text
    assert "Post it" not in dan.get("/t/night-lows").text
    assert dan.post("/t/night-lows", data={"form": form, "to": opening, "body": "x"}).status_code == 404
    script.decide_action = lambda _action: True
    assert dan.post("/t/night-lows", data={"form": form, "to": elsewhere, "body": "x"}).status_code == 404
    assert dan.post("/t/night-lows", data={"form": form, "to": opening, "body": " "}).status_code == 303
    assert dan.post("/t/night-lows", data={"form": "guess", "to": opening, "body": "x"}).status_code == 400
    assert dan.post("/t/night-lows", data={"form": form, "to": opening, "body": "Good night."}).status_code == 303
    assert "Good night." in dan.get("/t/night-lows").text


def test_a_service_that_is_away_shows_nothing_and_breaks_nothing(browser, script):
    script.status = 503
    peer = browser("cal")
    assert "There is nothing to read here yet" in peer.get("/c/ask-together").text
    assert peer.get("/t/night-lows").status_code == 404
    assert "posts" not in peer.get("/").text


def test_visitors_without_an_account_read_nothing(forum, script):
    visitor = forum.test_client()
    for page in PAGES:
        assert visitor.get(page).headers["Location"] == "/people"
    assert script.asked == []


def test_who_is_under_18_does_not_enter_what_is_for_adults(browser):
    maya = browser("maya")
    assert "Ask together" not in maya.get("/").text
    assert maya.get("/c/ask-together").status_code == 404
    assert maya.get("/t/night-lows").status_code == 404
    assert "going low" not in maya.get("/search?q=low").text.lower()


def test_every_page_says_whom_to_call_and_leads_to_the_choices(browser, settings):
    ana = browser("ana")
    for page in ("/people", "/", "/c/kitchen-table", "/t/bad-week", "/m/ana", "/search", "/t/none"):
        shown = ana.get(page).text
        assert 'href="tel:112"' in shown
        assert f'href="{settings.service_url}/start/keel"' in shown


def test_pages_fetch_nothing_from_elsewhere_and_are_not_framed(browser):
    response = browser("ana").get("/")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self' http://127.0.0.1:8080" in policy
    assert response.headers["Cache-Control"] == "no-store"


def test_the_forum_answers_to_this_machine_alone(forum):
    assert forum.test_client().get("/people", base_url="http://127.0.0.1:8081").status_code == 200
    assert forum.test_client().get("/people", base_url="http://rebound.example:8081").status_code == 400


@pytest.mark.parametrize("action", ["/sign-in", "/sign-out"])
def test_a_form_from_elsewhere_is_refused(browser, action):
    assert browser("ana").post(action, data={"account": "ben", "form": "guess"}).status_code == 400
    assert browser("ana").post(action, data={"account": "ben"}).status_code == 400


@pytest.mark.parametrize("action", ["/sign-in", "/sign-out", "/t/night-lows"])
def test_a_form_token_in_any_script_is_refused_like_a_wrong_one(browser, action):
    assert browser("ana").post(action, data={"account": "ben", "form": "\u00e9"}).status_code == 400


def test_one_may_leave_and_come_back_as_somebody_else(browser):
    client = browser("ana")
    assert "You are here as <strong>Ana" in client.get("/").text
    press(client, "/people", "/sign-out")
    assert client.get("/").status_code == 303
    press(client, "/people", "/sign-in", account="maya")
    assert "You are here as <strong>Maya" in client.get("/").text


def test_the_talk_holds_together():
    written = talk()
    members = {member["account"] for member in written["member"]}
    posts = [post for thread in written["thread"] for post in thread["post"]]
    ids = [post["id"] for post in posts]
    assert len(ids) == len(set(ids)) == 23
    assert {post["author"] for post in posts} <= members
    assert {quoted for post in posts for quoted in post.get("quotes", ())} <= set(ids)
    adults_only = {thread["id"] for thread in written["thread"] if thread["community"] == "ask-together"}
    assert not any(
        "maya" in [post["author"] for post in t["post"]] for t in written["thread"] if t["id"] in adults_only
    )
