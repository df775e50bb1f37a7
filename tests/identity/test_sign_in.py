"""What a member of a forum meets who signs in honestly."""

import time

import pytest

from governance.db.extension import transaction
from governance.identity import service
from governance.ui.house import house
from tests.identity import hostile


def test_a_member_of_a_forum_gets_in(browser):
    answer = browser.sign_in()
    assert (answer.status_code, answer.location) == (303, "/inside")
    assert browser.account


# RFC 9864 prefers the newer name; providers still use the older one.
@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
@pytest.mark.parametrize("sign", [hostile.sign_es256, hostile.sign_rs256, hostile.sign_eddsa, hostile.sign_ed25519])
def test_every_kind_of_signature_that_we_allow_is_good(browser, provider, sign):
    provider.sign = sign
    assert browser.sign_in().location == "/inside"


def test_the_forum_sees_no_more_than_it_must(browser):
    browser.leave()
    asked = hostile.query_of(browser.left.location)
    assert asked["scope"] == "openid"
    assert asked["redirect_uri"] == "http://127.0.0.1:8080/auth/forum/callback"
    assert asked["code_challenge_method"] == "S256"


def test_a_member_comes_back_to_the_same_account(browser, other_browser):
    browser.sign_in()
    other_browser.sign_in()
    assert browser.account == other_browser.account


def test_two_members_have_two_accounts(browser, other_browser, provider):
    browser.sign_in()
    provider.sub = "ben"
    other_browser.sign_in()
    assert browser.account != other_browser.account


def test_the_account_is_the_one_that_the_forum_names_in_its_requests(app, browser, name_accounts_by, provider):
    name_accounts_by("member_number")
    provider.claims = {"member_number": 42}
    browser.sign_in()
    key = browser.account
    with app.app_context(), transaction() as session:
        known = service.account_for(session, house().keyring, service.platform_named(session, "forum"), "42", 0)
        assert known.key == key
        assert service.account_name(session, house().keyring, known) == "42"


def test_no_name_and_no_secret_is_stored_in_the_clear(browser, forum, provider, house_folder):
    provider.sub = "anastasia-7421"
    browser.sign_in()
    stored = b"".join(path.read_bytes() for path in house_folder.iterdir())
    assert b"web_session" in stored
    for secret in (provider.sub, browser.cookie().value, forum.client_secret, hostile.CLIENT_SECRET):
        assert secret.encode() not in stored


def test_when_the_person_proved_who_they_are_is_known(browser):
    browser.sign_in()
    assert browser.client.get("/inside").json["auth_time"] > 0


@pytest.mark.parametrize("said", [None, "yesterday", True, -1, [], float("nan"), float("inf"), 10**12, 10**400])
def test_a_forum_that_says_no_usable_time_vouches_for_none(browser, provider, said):
    provider.claims = {"auth_time": said}
    browser.sign_in()
    assert browser.client.get("/inside").json.get("auth_time") is None


def test_a_time_with_a_fraction_is_a_time(browser, provider):
    provider.claims = {"auth_time": 1_700_000_000.25}
    browser.sign_in()
    assert browser.client.get("/inside").json["auth_time"] == 1_700_000_000_000_000


def test_a_clock_a_little_ahead_counts_as_now(browser, provider):
    provider.claims = {"auth_time": int(time.time()) + 30}
    browser.sign_in()
    assert browser.client.get("/inside").json["auth_time"] <= time.time() * 1_000_000


def test_a_time_to_come_vouches_for_none(browser, provider):
    provider.claims = {"auth_time": int(time.time()) + 300}
    browser.sign_in()
    assert browser.client.get("/inside").json["auth_time"] is None


def test_after_signing_in_one_goes_where_one_wanted(browser):
    assert browser.sign_in(next="also_inside").location == "/also-inside"
