"""Members of a forum that is no provider: a link for one person, ten minutes and one use."""

from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from sqlalchemy import text

from governance.crypto.envelope import EnvelopeError
from governance.db.extension import reading, transaction
from governance.identity import service
from governance.identity.links import service as links
from governance.identity.links.models import LinkToken
from governance.identity.models import Account
from governance.identity.service import NewPlatform
from governance.ui.clock import now
from governance.ui.house import house
from tests.identity.conftest import Browser
from tests.identity.test_token_endpoint import ask


@pytest.fixture
def quiet_forum(app):
    """A forum that is no provider."""
    with app.app_context(), transaction() as session:
        return service.add_platform(session, house().keyring, NewPlatform(name="quiet"), now=now())[1]


@pytest.fixture
def mint(app, quiet_forum):
    def mint(account="ana", **more):
        client = app.test_client()
        token = ask(client, (quiet_forum.client_id, quiet_forum.client_secret)).json["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        return client.post("/v1/link-tokens", json={"account": account, **more}, headers=headers)

    return mint


def path_of(answer):
    return answer.json["link"].removeprefix("http://127.0.0.1:8080")


def follow(browser, link):
    """Open a link and return the page that asks."""
    answer = browser.client.get(link)
    return browser.client.get(answer.location)


def confirm(browser, page):
    token = BeautifulSoup(page.text, "html.parser").find("input", {"name": "csrf_token"})["value"]
    return browser.client.post("/link", data={"csrf_token": token})


def come_in(browser, answer):
    return confirm(browser, follow(browser, path_of(answer)))


def test_a_member_comes_in_by_a_link(mint, other_browser):
    made = mint()
    assert (made.status_code, made.json["expires_in"]) == (201, 600)
    assert come_in(other_browser, made).location == "/inside"
    assert other_browser.account


def test_the_page_says_who_and_whence_before_anything_happens(mint, other_browser):
    page = follow(other_browser, path_of(mint()))
    assert "<strong>quiet</strong>" in page.text
    assert "<strong>ana</strong>" in page.text
    assert other_browser.account is None


def test_the_token_is_out_of_the_address_before_a_page_is_shown(mint, other_browser):
    answer = other_browser.client.get(path_of(mint()))
    assert (answer.status_code, answer.location) == (303, "/link")
    cookie = other_browser.cookie("governance-link")
    assert (cookie.http_only, cookie.same_site, cookie.path) == (True, "Lax", "/")


def test_looking_uses_nothing_up(mint, other_browser):
    made = mint()
    follow(other_browser, path_of(made))
    assert come_in(other_browser, made).status_code == 303


def test_a_second_use_is_refused(app, mint, other_browser):
    made = mint()
    come_in(other_browser, made)
    third = Browser(app)
    assert follow(third, path_of(made)).status_code == 410
    assert third.account is None


def test_without_its_guard_a_link_works_twice(app, mint, other_browser, monkeypatch):
    monkeypatch.setattr(LinkToken, "taken", lambda session, digest: session.get(LinkToken, digest))
    made = mint()
    come_in(other_browser, made)
    third = Browser(app)
    come_in(third, made)
    assert third.account


def test_after_ten_minutes_a_link_is_worth_nothing(mint, other_browser):
    with time_machine.travel(0, tick=False) as clock:
        made = mint()
        clock.shift(timedelta(minutes=10))
        assert follow(other_browser, path_of(made)).status_code == 410


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "é", "%00"])
def test_a_token_that_is_none_is_refused(other_browser, token):
    assert follow(other_browser, f"/link?token={token}").status_code == 410


def test_somebody_elses_session_is_not_taken_over_silently(mint, browser):
    browser.sign_in()
    first = browser.account
    page = follow(browser, path_of(mint("ben")))
    assert "Somebody else is signed in on this device: ana (forum)" in page.text
    assert browser.account == first
    confirm(browser, page)
    assert browser.account != first


def test_one_and_the_same_person_is_not_warned_of_themselves(mint, other_browser):
    come_in(other_browser, mint())
    assert "Somebody else" not in follow(other_browser, path_of(mint())).text


def test_a_form_from_elsewhere_lets_nobody_in(mint, other_browser):
    follow(other_browser, path_of(mint()))
    assert other_browser.client.post("/link").status_code == 400
    assert other_browser.account is None


def test_the_account_is_the_one_that_the_forum_names_in_its_requests(app, mint, other_browser):
    come_in(other_browser, mint())
    with app.app_context(), transaction() as session:
        forum = service.platform_named(session, "quiet")
        assert service.account_for(session, house().keyring, forum, "ana", now()).key == other_browser.account


def test_making_a_link_leaves_neither_an_account_nor_a_name(app, mint):
    made = mint("name-7421", **{"return": "/also-inside"})
    with app.app_context(), reading() as session:
        rows = str([tuple(row) for row in session.execute(text("SELECT * FROM link_token"))])
        assert session.query(Account).count() == 0
    for word in ("7421", "also", made.json["link"].split("=")[1]):
        assert word not in rows


def test_all_our_keys_open_no_link_without_its_token(app, mint):
    mint()
    with app.app_context(), reading() as session:
        row = session.query(LinkToken).one()
        thief = links.Secret(row.token_digest, house().keyring)
        with pytest.raises(EnvelopeError):
            thief.unseal(row.sealed_data, ("link_token", "sealed_data"), row.token_digest)


def test_a_link_leads_where_the_forum_wanted(mint, other_browser):
    assert come_in(other_browser, mint(**{"return": "/also-inside"})).location == "/also-inside"


@pytest.mark.parametrize("wanted", ["https://evil.example", "//evil.example", "/form", "/sign-in/<name>", ""])
def test_a_link_leads_nowhere_else(mint, wanted):
    answer = mint(**{"return": wanted})
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")


@pytest.mark.parametrize("account", ["", "a" * 257, None, 7, ["ana"]])
def test_an_account_that_is_none_gets_no_link(mint, account):
    assert mint(account).status_code == 400


def test_a_platform_without_the_scope_makes_no_link(app, quiet_forum):
    data = {"grant_type": "client_credentials", "scope": "optouts:read"}
    token = ask(app.test_client(), (quiet_forum.client_id, quiet_forum.client_secret), data).json["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    answer = app.test_client().post("/v1/link-tokens", json={"account": "ana"}, headers=headers)
    assert answer.status_code == 403


def test_a_forum_that_is_no_provider_is_not_offered_to_sign_in_at(quiet_forum, other_browser):
    assert quiet_forum
    assert "through quiet" not in other_browser.client.get("/sign-in").text
    answer = other_browser.client.get("/sign-in/quiet")
    assert (answer.status_code, "Your forum brings you here itself" in answer.text) == (404, True)


@pytest.fixture
def becomes(app, quiet_forum):
    """The forum tells what became of one of its accounts."""

    def tell(event, account="ana"):
        client = app.test_client()
        data = {"grant_type": "client_credentials", "scope": "links:write"}
        token = ask(client, (quiet_forum.client_id, quiet_forum.client_secret), data).json["access_token"]
        sent = {"event": event, "account": account, **({"to": "ana-2"} if event == "renamed" else {})}
        answer = client.post("/v1/accounts/events", json=sent, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200

    return tell


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("event", ["recycled", "deleted", "renamed"])
def test_a_link_from_before_ends_with_its_holder_and_a_new_one_leads_in(app, mint, becomes, event, known):
    if known:
        come_in(Browser(app), mint())
    halfway, unopened = Browser(app), path_of(mint())
    page = follow(halfway, path_of(mint()))
    becomes(event)
    assert confirm(halfway, page).status_code == follow(Browser(app), unopened).status_code == 410
    assert come_in(Browser(app), mint()).status_code == 303


def test_links_of_others_go_on(mint, becomes, other_browser):
    made = mint("ben")
    becomes("recycled")
    assert come_in(other_browser, made).status_code == 303


def test_a_link_that_was_not_forgotten_would_let_the_last_holder_in(mint, becomes, other_browser, monkeypatch):
    """The control."""
    monkeypatch.setattr(LinkToken, "forget_of", lambda *_: None)
    made = mint()
    becomes("recycled")
    assert come_in(other_browser, made).status_code == 303
