"""Coming back from the forum: once, in the same browser, in time, and to a place of ours."""

from base64 import urlsafe_b64decode
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine

from governance.db.extension import reading
from governance.identity.models import SpentState, WebSession
from governance.identity.oidc import departures, signing_in
from governance.identity.oidc.returning import ReturnRoutes
from tests.identity import hostile
from tests.identity.conftest import build_app

LEAVING = "governance-leaving"


def through_any_door(monkeypatch):
    honest = departures.matching
    monkeypatch.setattr(
        departures, "matching", lambda kept, state, _door, now: honest(kept, state, kept[0].door if kept else "", now)
    )


def rows(app):
    with app.app_context(), reading() as session:
        return sum(session.query(table).count() for table in (WebSession, SpentState))


def test_an_address_is_good_for_one_return(browser):
    address = browser.leave()
    assert browser.come_back(address).status_code == 303
    assert browser.come_back(address).status_code == 400
    assert browser.guard == "state"


def test_without_its_guard_an_address_can_be_used_again(browser, monkeypatch):
    monkeypatch.setattr(departures, "spend", lambda *_, **__: True)
    address = browser.leave()
    kept = browser.cookie(LEAVING).value
    for _ in range(2):
        browser.client.set_cookie(LEAVING, kept)
        assert browser.come_back(address).status_code == 303


def test_a_copy_of_the_cookie_does_not_use_an_address_again(browser):
    address = browser.leave()
    kept = browser.cookie(LEAVING).value
    browser.come_back(address)
    browser.client.set_cookie(LEAVING, kept)
    browser.come_back(address)
    assert browser.guard == "state"


def test_of_two_returns_at_the_same_moment_one_gets_in(app, browser):
    address = urlsplit(browser.leave())
    kept = browser.cookie(LEAVING).value

    def come_back(_number):
        client = app.test_client()
        client.set_cookie(LEAVING, kept)
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


def test_who_could_plant_the_cookie_would_sign_somebody_in_as_themselves(browser, other_browser):
    address = browser.leave()
    other_browser.client.set_cookie(LEAVING, browser.cookie(LEAVING).value)
    assert other_browser.come_back(address).status_code == 303
    assert other_browser.account


def test_over_https_the_browser_lets_nobody_plant_that_cookie(tmp_path):
    app = build_app(tmp_path, public_url="https://say.example")
    with app.test_request_context("/", base_url="https://say.example"):
        response = app.make_response("")
        signing_in._keep(response, [])
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-governance-leaving=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))


@pytest.mark.parametrize("kept", ["", "x", "é", "AAAA", "A" * 4000])
def test_a_cookie_that_we_did_not_seal_is_no_departure(browser, kept):
    address = browser.leave()
    browser.client.set_cookie(LEAVING, kept)
    browser.come_back(address)
    assert browser.guard == "state"


def test_what_the_browser_keeps_says_nothing_to_who_reads_it(browser):
    left = hostile.query_of(browser.leave(next="also_inside"))
    kept = urlsafe_b64decode(browser.cookie(LEAVING).value)
    for word in (b"also_inside", b"forum", left["state"].encode()):
        assert word not in kept


def test_a_link_to_sign_in_fills_no_table(app, browser):
    for _ in range(3):
        browser.leave()
    assert rows(app) == 0


def test_three_tabs_may_be_on_their_way_at_once(browser):
    first, *others = [browser.leave() for _ in range(4)]
    assert [browser.come_back(address).status_code for address in others] == [303] * 3
    browser.come_back(first)
    assert browser.guard == "state"


def test_a_state_is_forgotten_once_it_is_too_old_to_come_back(app, browser):
    with time_machine.travel(0, tick=False) as clock:
        browser.sign_in()
        clock.shift(timedelta(minutes=11))
        browser.sign_in()
    with app.app_context(), reading() as session:
        assert session.query(SpentState).count() == 1


def test_an_address_of_one_forum_opens_no_other(browser, add_platform):
    other_forum = hostile.Provider()
    add_platform(other_forum, name="other")
    address = browser.leave().replace("/auth/forum/", "/auth/other/")
    browser.come_back(address)
    other_forum.served.stop()
    assert (browser.guard, other_forum.requests) == ("state", [])


def test_without_its_guard_an_address_of_one_forum_reaches_another(browser, add_platform, monkeypatch):
    through_any_door(monkeypatch)
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
