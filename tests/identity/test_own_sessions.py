"""Where somebody is signed in: a list that is theirs alone, and ends that take effect at once."""

from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from sqlalchemy import text

from governance.db.extension import reading
from governance.identity.sessions.devices import in_words
from tests.identity.conftest import Browser

ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605 (KHTML, like Gecko) Version/17 Safari"


@pytest.fixture
def ana(browser):
    browser.sign_in()
    return browser


@pytest.fixture
def ana_elsewhere(ana, other_browser):  # noqa: ARG001 - the first of two
    other_browser.client.environ_base["HTTP_USER_AGENT"] = ANDROID
    other_browser.sign_in()
    return other_browser


def page(browser):
    return BeautifulSoup(browser.client.get("/my/sessions").text, "html.parser")


def press(browser, number, button):
    forms = [form for form in page(browser).find_all("form") if button in form.get_text()]
    sent = {field["name"]: field["value"] for field in forms[number].find_all("input")}
    return browser.client.post(forms[number]["action"], data=sent)


def test_the_list_names_every_sign_in_and_begins_with_this_one(ana, ana_elsewhere):
    assert ana_elsewhere.account
    titles = [title.get_text() for title in page(ana).main.find_all("h2")]
    assert titles == ["This one: a device", "Another one: Chrome on an Android phone or tablet", "All others at once"]


@pytest.mark.usefixtures("ana_elsewhere")
def test_ending_another_one_ends_it_at_once(ana, ana_elsewhere):
    assert press(ana, 0, "End this one").status_code == 303
    assert ana_elsewhere.account is None
    assert ana.account


def test_ending_all_others_leaves_this_one(app, ana, ana_elsewhere):
    third = Browser(app)
    third.sign_in()
    press(ana, 0, "End all others")
    assert (ana_elsewhere.account, third.account) == (None, None)
    assert ana.account


def test_ending_this_one_signs_out(ana):
    answer = press(ana, 0, "Sign out here")
    assert (answer.location, ana.account, ana.cookie()) == ("/sign-in", None, None)


def test_nobody_sees_or_ends_somebody_elses(ana, other_browser, provider):
    provider.sub = "ben"
    other_browser.sign_in()
    (name,) = [field["value"] for field in page(ana).main.find_all("input", {"name": "session"})]
    form = other_browser.client.get("/form").text
    answer = other_browser.client.post("/my/sessions/end", data={"csrf_token": form, "session": name})
    assert answer.status_code == 404
    other_browser.client.post("/my/sessions/end-others", data={"csrf_token": form})
    assert ana.account
    assert len(page(other_browser).main.find_all("form")) == 1


@pytest.mark.parametrize("path", ["/my/sessions/end", "/my/sessions/end-others"])
def test_a_form_from_elsewhere_ends_nothing(ana, ana_elsewhere, path):
    assert ana.client.post(path, data={"session": "x"}).status_code == 400
    assert ana_elsewhere.account


def test_a_sign_in_that_ended_by_itself_is_not_listed(ana, other_browser):
    with time_machine.travel(0, tick=False) as clock:
        ana.sign_in()
        clock.shift(timedelta(minutes=31))
        other_browser.sign_in()
        assert len(page(other_browser).main.find_all("form")) == 1


def test_on_what_somebody_signs_in_is_not_in_the_clear(app, ana_elsewhere):
    assert ana_elsewhere.account
    with app.app_context(), reading() as session:
        rows = str([tuple(row) for row in session.execute(text("SELECT * FROM web_session"))])
    assert "Android" not in rows


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (ANDROID, "Chrome on an Android phone or tablet"),
        (IPHONE, "Safari on an iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126 Safari/537 Edg/126", "Edge on a Windows computer"),
        ("<b>curl</b>", "a device"),
        ("", "a device"),
    ],
)
def test_a_browser_is_named_in_our_words(said, shown):
    assert in_words(said) == shown
