"""What a forum's sign-in names as the account: one id, read one way, or none."""

import json

import pytest
from joserfc import jws

from governance.db.extension import transaction
from governance.identity import account_ids, service
from governance.identity.oidc import id_token
from governance.ui.clock import now
from governance.ui.house import house
from tests.identity import hostile

NO_ID = {
    "nothing": None,
    "an empty text": "",
    "true": True,
    "false": False,
    "a fraction": 1.5,
    "a whole number with a point": 42.0,
    "not a number": float("nan"),
    "zero": 0,
    "a number below zero": -42,
    "a number that doubles cannot tell from its neighbour": 2**53,
    "a number longer than an id": 10**400,
    "a text of 257 bytes": "a" * 257,
    "129 letters of two bytes": "é" * 129,
    "half of a character": "\ud800",
    "a list": ["42"],
    "an object": {"id": "42"},
}


def sign_any_text(claims):
    """Sign half characters too, escaped as JSON can; the library's own writer refuses them."""
    return jws.serialize_compact({"alg": "ES256", "kid": "ec"}, json.dumps(claims).encode(), hostile.EC)


@pytest.fixture
def says(browser, name_accounts_by, provider):
    """Sign in where the forum names the account by this value; return the browser's answer."""
    name_accounts_by("member")
    provider.sign = sign_any_text

    def say(value, sub="ana"):
        provider.sub, provider.claims = sub, {"member": value}
        return browser.sign_in()

    return say


@pytest.fixture
def key_of(app, forum):  # noqa: ARG001 - the forum whose account it is
    def key(account_id):
        with app.app_context(), transaction() as session:
            platform = service.platform_named(session, "forum")
            return service.account_for(session, house().keyring, platform, account_id, now()).key

    return key


@pytest.mark.parametrize("value", NO_ID)
def test_what_is_no_id_is_refused(value, says, browser):
    assert (says(NO_ID[value]).status_code, browser.guard) == (400, "account_claim")
    assert browser.account is None


def test_a_missing_claim_is_refused(browser, name_accounts_by):
    name_accounts_by("member")
    assert (browser.sign_in().status_code, browser.guard) == (400, "account_claim")


@pytest.mark.parametrize("value", ["true", "a fraction", "zero", "a whole number with a point", "a list"])
def test_if_anything_became_text_it_would_get_in(value, says, browser, monkeypatch):
    monkeypatch.setattr(id_token, "account_id_of", str)
    says(NO_ID[value])
    assert browser.account


def test_without_a_largest_number_two_members_could_be_one(says, browser, key_of, monkeypatch):
    monkeypatch.setattr(account_ids, "_LARGEST_NUMBER", 2**64)
    says(int(float(2**53 + 1)))
    assert browser.account == key_of(str(2**53))


@pytest.mark.parametrize(
    ("value", "account_id"),
    [
        (42, "42"),
        ("42", "42"),
        (1, "1"),
        (2**53 - 1, "9007199254740991"),
        ("042", "042"),
        (" 42", " 42"),
        ("42.0", "42.0"),
        ("true", "true"),
        ("Ana", "Ana"),
        ("e\u0301", "e\u0301"),
        ("a" * 256, "a" * 256),
        (str(2**60), str(2**60)),
    ],
)
def test_an_id_is_the_one_that_the_forum_sends_in_its_requests(value, account_id, says, browser, key_of):
    says(value)
    assert browser.account == key_of(account_id)


@pytest.mark.parametrize("other", ["042", " 42", "42 ", "42.0", "+42", "４２", "42\0"])  # noqa: RUF001 - on purpose
def test_texts_that_only_look_like_a_number_are_other_accounts(other, key_of):
    assert key_of(other) != key_of("42")


def test_a_member_whose_forum_turns_to_text_keeps_their_account(says, browser):
    says(42)
    as_number = browser.account
    says("42")
    assert browser.account == as_number


@pytest.mark.parametrize(("first", "second"), [(42, "42"), ("42", 42)])
def test_another_member_with_the_same_id_as_text_or_number_is_refused(first, second, says, browser):
    says(first, sub="ana")
    anas = browser.account
    browser.client.delete_cookie("governance")
    assert says(second, sub="ben").status_code == 409
    assert anas
    assert browser.account is None
