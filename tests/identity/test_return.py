"""Coming back from the forum: once, in the same browser, in time, and to a place of ours."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine

from governance.crypto.data_keys import DataKey
from governance.identity import sessions
from governance.identity.models import SignInAttempt
from governance.identity.returning import ReturnRoutes
from tests.identity import hostile


def belongs_to_anybody(monkeypatch):
    monkeypatch.setattr(sessions, "_belongs", lambda *_: True)


def opens_without_its_cookie(monkeypatch):
    monkeypatch.setattr(sessions.Secret, "_key", lambda self, place: DataKey("", self.keyring.derive(place[0])))


def test_an_address_is_good_for_one_return(browser):
    address = browser.leave()
    assert browser.come_back(address).status_code == 303
    assert browser.come_back(address).status_code == 400
    assert browser.guard == "state"


def test_without_its_guard_an_address_can_be_used_again(browser, monkeypatch):
    monkeypatch.setattr(SignInAttempt, "taken", lambda session, digest: session.get(SignInAttempt, digest))
    belongs_to_anybody(monkeypatch)
    opens_without_its_cookie(monkeypatch)
    address = browser.leave()
    browser.come_back(address)
    assert browser.come_back(address).status_code == 303


def test_of_two_returns_at_the_same_moment_one_gets_in(app, browser):
    address = urlsplit(browser.leave())
    session_id = browser.cookie().value

    def come_back(_number):
        client = app.test_client()
        client.set_cookie("governance", session_id)
        return client.get(f"{address.path}?{address.query}").status_code

    with ThreadPoolExecutor(max_workers=4) as threads:
        assert sorted(threads.map(come_back, range(4))) == [303, 400, 400, 400]


def test_a_state_is_used_up_even_if_the_sign_in_fails(browser, provider):
    address = browser.leave()
    provider.claims = {"aud": "other"}
    browser.come_back(address)
    provider.claims = {}
    browser.come_back(address)
    assert browser.guard == "state"


def test_nobody_is_signed_in_by_somebody_elses_address(browser, other_browser):
    address = browser.leave()
    other_browser.leave()
    assert other_browser.come_back(address).status_code == 400
    assert (other_browser.guard, other_browser.account) == ("state", None)


def test_a_browser_that_never_left_does_not_come_back(browser, other_browser):
    other_browser.come_back(browser.leave())
    assert (other_browser.guard, other_browser.account) == ("state", None)


def test_without_its_guard_somebody_is_signed_in_as_the_attacker(browser, other_browser, monkeypatch):
    belongs_to_anybody(monkeypatch)
    opens_without_its_cookie(monkeypatch)
    address = browser.leave()
    assert other_browser.come_back(address).status_code == 303
    assert other_browser.account


def test_another_browser_cannot_open_what_was_left_even_without_that_guard(browser, other_browser, monkeypatch):
    belongs_to_anybody(monkeypatch)
    address = browser.leave()
    assert other_browser.come_back(address).status_code == 400
    assert other_browser.guard == "state"


def test_an_address_of_one_forum_opens_no_other(browser, add_platform):
    other_forum = hostile.Provider()
    add_platform(other_forum, name="other")
    address = browser.leave().replace("/auth/forum/", "/auth/other/")
    browser.come_back(address)
    other_forum.served.stop()
    assert (browser.guard, other_forum.requests) == ("state", [])


def test_without_its_guard_an_address_of_one_forum_reaches_another(browser, add_platform, monkeypatch):
    belongs_to_anybody(monkeypatch)
    other_forum = hostile.Provider()
    add_platform(other_forum, name="other")
    browser.come_back(browser.leave().replace("/auth/forum/", "/auth/other/"))
    other_forum.served.stop()
    assert other_forum.requests


def test_who_takes_more_than_ten_minutes_starts_again(browser):
    with time_machine.travel(0, tick=False) as clock:
        address = browser.leave()
        clock.shift(timedelta(minutes=10))
        browser.come_back(address)
    assert browser.guard == "state"


def test_who_takes_less_than_ten_minutes_gets_in(browser):
    with time_machine.travel(0, tick=False) as clock:
        address = browser.leave()
        clock.shift(timedelta(minutes=9, seconds=59))
        assert browser.come_back(address).status_code == 303


@pytest.mark.parametrize("state", [None, "", "guessed", "\x00", "\ud7ff" * 5000])
def test_a_state_that_is_none_is_refused(browser, state):
    browser.leave()
    answer = browser.client.get("/auth/forum/callback", query_string={"code": "x", "state": state} if state else {})
    assert answer.status_code == 400


def test_a_callback_asks_nothing_of_the_forum_before_its_state_held(browser, provider):
    browser.client.get("/auth/forum/callback?code=x&state=y")
    assert provider.requests == []


@pytest.mark.parametrize("twice", ["state", "code", "iss", "error"])
def test_a_callback_that_says_something_twice_is_refused(browser, twice):
    browser.come_back(f"{browser.leave()}&{twice}=1&{twice}=2")
    assert browser.guard == "callback_shape"


def test_a_person_who_says_no_at_the_forum_is_not_signed_in(browser, provider):
    provider.callback = {"code": None, "error": "access_denied", "error_description": "<b>call 0900</b>"}
    answer = browser.sign_in()
    assert (answer.status_code, browser.guard) == (400, "refused_there")
    assert b"0900" not in answer.data


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example",
        "//evil.example",
        "\\\\evil.example",
        "/inside",
        "identity.leave",
        "sign_out",
        "",
        "inside\n",
    ],
)
def test_after_signing_in_nobody_is_sent_anywhere_else(browser, wanted):
    assert browser.sign_in(next=wanted).location == "/inside"


def test_without_its_guard_the_wish_is_followed(browser, monkeypatch):
    monkeypatch.setattr(ReturnRoutes, "allowed", lambda _routes, wanted: wanted)
    assert browser.sign_in(next="form").location == "/form"


def test_a_page_for_members_shows_the_way_in_and_then_itself(browser):
    asked = browser.client.get("/also-inside")
    assert (asked.status_code, asked.location) == (303, "/sign-in?next=also_inside")
    assert browser.client.get(asked.location).status_code == 200
    browser.sign_in()
    assert browser.client.get("/also-inside").text == "also inside"


def test_the_address_to_come_back_to_is_ours_whatever_the_host_header_says(browser):
    left = browser.client.get("/sign-in/forum", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
    assert "evil" not in left.location


def test_a_forum_we_do_not_know_is_not_found(browser):
    assert browser.client.get("/sign-in/unknown").status_code == 404
    assert browser.client.get("/auth/unknown/callback").status_code == 404
