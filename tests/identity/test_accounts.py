"""Platforms, accounts, and who may come in as whom."""

import pytest

from governance.crypto.data_keys import DataKeys, KeyGoneError, owner_of
from governance.crypto.envelope import EnvelopeError
from governance.db.extension import transaction
from governance.identity import service
from governance.identity.errors import BadAccountIdError, BadPlatformError, PlatformExistsError, PlatformNotFoundError
from governance.identity.oidc.addresses import is_allowed_address, same_origin
from governance.ui.house import house
from tests.identity import hostile

pytestmark = pytest.mark.usefixtures("both")


@pytest.fixture
def in_the_house(app, forum):  # noqa: ARG001 - the forum that is looked up
    with app.app_context(), transaction() as session:
        yield session, house().keyring, service.platform_named(session, "forum")


def account(in_the_house, account_id):
    return service.account_for(*in_the_house, account_id, 0)


def test_an_account_is_the_same_at_every_asking(in_the_house):
    assert account(in_the_house, "ana").id == account(in_the_house, "ana").id


@pytest.mark.parametrize("other", ["Ana", "ana ", " ana", "ana\u200b", "a\u0301na", "\uff41na"])
def test_an_id_is_compared_as_it_is(in_the_house, other):
    assert account(in_the_house, "ana").key != account(in_the_house, other).key


@pytest.mark.parametrize("wrong", ["", "x" * 257, "é" * 129, "\ud800"])
def test_an_id_that_is_none_is_refused(in_the_house, wrong):
    with pytest.raises(BadAccountIdError):
        account(in_the_house, wrong)


def test_an_id_may_be_as_long_as_the_rules_say(in_the_house):
    assert account(in_the_house, "é" * 128)


def test_two_forums_know_an_id_by_different_keys(in_the_house):
    session, keyring, _ = in_the_house
    wanted = service.NewPlatform(name="other", issuer="https://o.example", oidc_client_id="x", oidc_client_secret="y")
    other, _ = service.add_platform(session, keyring, wanted, now=0)
    assert service.account_for(session, keyring, other, "ana", 0).key != account(in_the_house, "ana").key


def test_a_sealed_name_opens_in_its_own_row_alone(in_the_house):
    ana, ben = account(in_the_house, "ana"), account(in_the_house, "ben")
    ana.sealed_name, ben.sealed_name = ben.sealed_name, ana.sealed_name
    with pytest.raises(EnvelopeError):
        service.account_name(*in_the_house[:2], ana)


def test_a_sealed_name_ends_with_its_accounts_key(in_the_house):
    session, keyring, _ = in_the_house
    ana = account(in_the_house, "ana")
    assert service.account_name(session, keyring, ana) == "ana"
    DataKeys(session, keyring).destroy(owner_of("account", ana.id))
    with pytest.raises(KeyGoneError):
        service.account_name(session, keyring, ana)
    assert account(in_the_house, "ana").id == ana.id


def test_a_name_that_the_forum_gave_to_somebody_new_opens_nothing(browser, other_browser, name_accounts_by, provider):
    name_accounts_by("name")
    provider.claims = {"name": "ana"}
    browser.sign_in()
    provider.sub = "somebody new"
    answer = other_browser.sign_in()
    assert (answer.status_code, other_browser.account) == (409, None)
    assert b"account_conflict" in answer.data


def test_without_its_guard_somebody_new_gets_the_choices_of_somebody_else(
    browser, other_browser, name_accounts_by, provider, monkeypatch
):
    def by_name_alone(session, keyring, platform, identity, now):
        return service.account_for(session, keyring, platform, identity.account_id, now)

    monkeypatch.setattr(service, "let_in", by_name_alone)
    name_accounts_by("name")
    provider.claims = {"name": "ana"}
    browser.sign_in()
    provider.sub = "somebody new"
    other_browser.sign_in()
    assert other_browser.account == browser.account


def test_a_member_under_a_new_name_is_sent_to_the_staff(browser, other_browser, name_accounts_by, provider):
    name_accounts_by("name")
    provider.claims = {"name": "ana"}
    browser.sign_in()
    provider.claims = {"name": "anna"}
    assert other_browser.sign_in().status_code == 409


def test_an_account_that_the_forum_named_before_is_the_members_own(in_the_house, browser):
    key = account(in_the_house, "ana").key
    in_the_house[0].commit()
    browser.sign_in()
    assert browser.account == key


@pytest.mark.parametrize("name", ["", "My Forum", "-x", "x-", "a/b", "ä", "x" * 65, "a\n", "..", "a.b"])
def test_a_name_that_fits_no_address_is_refused(add_platform, name):
    with pytest.raises(BadPlatformError):
        add_platform(name=name)


@pytest.mark.parametrize(
    "issuer", ["", "forum.example", "http://forum.example", "https://u@f.example", "https://f.example?x", "ftp://f"]
)
def test_an_issuer_that_cannot_be_trusted_is_refused(add_platform, issuer):
    with pytest.raises(BadPlatformError):
        add_platform(issuer)


@pytest.mark.parametrize("said", [{"account_claim": ""}, {"account_claim": "a b"}, {"scopes": frozenset()}])
def test_a_platform_that_says_too_little_is_refused(add_platform, said):
    with pytest.raises(BadPlatformError):
        add_platform(**said)


def test_a_name_and_an_issuer_are_given_once(add_platform):
    add_platform("https://a.example", name="a")
    with pytest.raises(PlatformExistsError):
        add_platform("https://b.example", name="a")
    with pytest.raises(PlatformExistsError):
        add_platform("https://a.example", name="b")


def test_a_platform_that_is_none_is_not_found(app):
    with app.app_context(), transaction() as session, pytest.raises(PlatformNotFoundError):
        service.platform_named(session, "unknown")


def test_the_secret_at_the_forum_comes_back_as_it_was(in_the_house):
    _, keyring, platform = in_the_house
    assert service.oidc_registration(keyring, platform)[2] == hostile.CLIENT_SECRET


@pytest.mark.parametrize(
    "address",
    ["https://f.example", "https://f.example:8443/x", "http://127.0.0.1:1", "http://localhost", "http://[::1]:2"],
)
def test_https_everywhere_and_http_on_this_machine_are_allowed(address):
    assert is_allowed_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://f.example",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "http://10.0.0.1",
        "https://",
        "https://u:p@f.example",
        "https://f.example:x",
        "https://f.example\\@evil.example",
        "https://f.example/ x",
        "https://f.exämple",
        "javascript:alert(1)",
        "//f.example",
        "https://[::1",
    ],
)
def test_other_addresses_are_not(address):
    assert not is_allowed_address(address)


@pytest.mark.parametrize(
    ("address", "same"),
    [
        ("https://f.example/x", True),
        ("https://f.example:443/x", True),
        ("HTTPS://F.example/x", True),
        ("http://f.example/x", False),
        ("https://f.example:444/x", False),
        ("https://g.f.example/x", False),
        ("https://f.example@evil.example/x", False),
        ("https://f.example\\.evil.example/x", False),
        ("/x", False),
    ],
)
def test_an_origin_is_scheme_host_and_port(address, same):
    assert same_origin("https://f.example", address) is same
