"""Proof before something is loosened: a sign-in at the forum made just now, for this, by the same person."""

import time
from datetime import timedelta

import pytest
import requests
import time_machine
from bs4 import BeautifulSoup

from governance.db.extension import transaction
from governance.identity import web
from governance.identity.models import WebSession
from governance.identity.proofs import proof
from governance.identity.sessions import service as sessions
from tests.identity import hostile


@pytest.fixture
def person(browser):
    browser.sign_in()
    return browser


def prove(person, provider, *, auth_time=0, **claims):
    """Go to the forum and back; the forum says that they signed in so many seconds after now."""
    provider.claims = {"auth_time": int(time.time()) + auth_time, **claims}
    left = person.client.get("/prove/at-forum?next=proved")
    at_forum = requests.get(left.location, allow_redirects=False, timeout=5)
    return left.location, person.come_back(at_forum.headers["Location"])


def test_who_has_proved_nothing_is_sent_to_prove_it(person):
    answer = person.client.get("/proved")
    assert (answer.status_code, answer.location) == (303, "/prove?next=proved")
    assert "/prove/at-forum?next=proved" in person.client.get(answer.location).text


def test_who_proved_it_gets_on(person, provider):
    _, answer = prove(person, provider)
    assert (answer.status_code, answer.location) == (303, "/proved")
    assert person.client.get("/proved").text == "proved"


def test_a_form_without_proof_is_not_carried_out(app, person, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", value=False)
    assert person.client.post("/proved").location == "/prove?next=proved"


def test_a_form_where_no_page_is_leads_home_after_the_proof(app, person, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", value=False)
    assert person.client.post("/proved-form").location == "/prove"


def test_somebody_signed_out_is_sent_to_sign_in(app):
    assert app.test_client().get("/proved").location == "/sign-in?next=proved"


def test_the_forum_is_asked_to_ask_again(person, provider):
    asked = hostile.query_of(prove(person, provider)[0])
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")


def test_an_ordinary_sign_in_proves_nothing(person, provider):
    provider.claims = {"auth_time": int(time.time())}
    person.sign_in()
    assert person.client.get("/proved").status_code == 303


LIES = {
    "a forum that did not ask again": {"auth_time": -120},
    "a forum that asked long ago": {"auth_time": -301},
    "a forum that will ask": {"auth_time": 120},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_proof_that_is_none_opens_nothing(person, provider, lie):
    answer = prove(person, provider, **LIES[lie])[1]
    assert (answer.status_code, person.guard) == (400, "auth_time")
    assert person.client.get("/proved").status_code == 303
    assert person.account


def way_on(answer):
    """Where the page of a proof that failed leads: its buttons and links, in order."""
    page = BeautifulSoup(answer.text, "html.parser")
    return [(" ".join(link.get_text().split()), link["href"]) for link in page.main.find_all("a")]


def test_a_proof_that_failed_can_be_tried_again_and_leads_on_as_before(person, provider):
    answer = prove(person, provider, auth_time=-120)[1]
    assert way_on(answer)[0] == ("Try again", "/prove?next=proved")
    assert ("Go to my choices", "/my/choices") in way_on(answer)


def test_who_stops_at_the_forum_is_signed_in_still_and_may_try_again(person):
    left = person.client.get("/prove/at-forum?next=proved")
    asked = hostile.query_of(left.location)
    answer = person.client.get(f"/auth/forum/callback?error=access_denied&state={asked['state']}")
    assert (answer.status_code, way_on(answer)[0]) == (400, ("Try again", "/prove?next=proved"))
    assert "still signed in here" in answer.text
    assert person.account


def test_a_forum_that_does_not_say_when_proves_nothing(person, provider):
    provider.without = ("auth_time",)
    prove(person, provider)
    assert person.guard == "auth_time"


@pytest.mark.parametrize("lie", ["a forum that did not ask again", "a forum that asked long ago"])
def test_without_its_guard_an_old_sign_in_is_a_proof(person, provider, lie, monkeypatch):
    monkeypatch.setattr(web, "checked_proof", lambda auth_time, _left, _at: auth_time)
    monkeypatch.setattr(proof, "LASTS", timedelta(hours=1))
    prove(person, provider, **LIES[lie])
    assert person.client.get("/proved").text == "proved"


def test_who_proves_to_be_somebody_else_has_proved_nothing(person, provider):
    account = person.account
    answer = prove(person, provider, sub="ben")[1]
    assert (answer.status_code, person.guard) == (400, "other_person")
    assert person.account == account
    assert person.client.get("/proved").status_code == 303


def test_a_proof_lasts_ten_minutes(person, provider):
    with time_machine.travel(int(time.time()), tick=False) as clock:
        prove(person, provider)
        clock.shift(timedelta(minutes=10))
        assert person.client.get("/proved").text == "proved"
        clock.shift(timedelta(seconds=1))
        assert person.client.get("/proved").status_code == 303


def test_who_had_a_copy_of_the_cookie_has_proved_nothing(person, provider, other_browser):
    other_browser.client.set_cookie("governance", person.cookie().value)
    prove(person, provider)
    assert other_browser.client.get("/proved").location == "/sign-in?next=proved"


def test_what_somebody_was_about_to_save_is_still_there(person, provider):
    with person.client.session_transaction() as session:
        session["answers"] = {"others": "seen"}
    prove(person, provider)
    with person.client.session_transaction() as session:
        assert session["answers"] == {"others": "seen"}


def test_a_session_that_ended_on_the_way_is_not_proved(app, person, provider):
    provider.claims = {"auth_time": int(time.time())}
    left = person.client.get("/prove/at-forum")
    with app.app_context(), transaction() as session:
        sessions.end(session, person.cookie().value)
    at_forum = requests.get(left.location, allow_redirects=False, timeout=5)
    person.come_back(at_forum.headers["Location"])
    assert (person.guard, person.account) == ("other_person", None)


def test_a_proof_makes_no_session_longer(app, person, provider):
    with app.app_context(), transaction() as session:
        begun = session.query(WebSession).one().created
    prove(person, provider)
    with app.app_context(), transaction() as session:
        assert session.query(WebSession).one().created == begun
