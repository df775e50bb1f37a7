"""Sessions of browsers: who brings which cookie, and for how long it is good."""

from datetime import timedelta

import pytest
import time_machine
from flask import Response

from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import Keyring, KeySet
from governance.db.extension import reading, transaction
from governance.identity import web
from governance.identity.models import SpentState, WebSession
from governance.identity.sessions import service as sessions
from governance.ui.house import house
from tests.identity.conftest import Browser, build_app

pytestmark = pytest.mark.usefixtures("both")

PLANTED = "A" * 43
MARKER = "marker-7421"


def secret(session_id):
    return sessions.Secret(session_id, house().keyring)


def stored(app):
    """Everything that the two tables hold, as a thief of the database reads it."""
    with app.app_context(), reading() as session:
        rows = [*session.query(WebSession), *session.query(SpentState)]
        return str([[getattr(row, column.name) for column in row.__table__.columns] for row in rows])


def rows(app):
    with app.app_context(), reading() as session:
        return session.query(WebSession).count()


def test_signing_in_gives_a_new_session_id(browser):
    browser.client.get("/form")
    before = browser.cookie().value
    browser.sign_in()
    assert browser.cookie().value != before


def test_a_session_id_from_before_signing_in_is_worth_nothing_after(browser, other_browser):
    browser.client.get("/form")
    planted = browser.cookie().value
    other_browser.client.set_cookie("governance", planted)
    other_browser.sign_in()
    assert other_browser.account
    assert browser.cookie().value == planted
    assert browser.account is None


def test_without_its_guard_a_planted_session_id_is_signed_in(browser, other_browser, monkeypatch):
    def keep_the_old_id(session, _keyring, account, auth_time, **_):
        row = session.query(WebSession).one()
        row.account_id, row.auth_time = account.id, auth_time
        return planted

    browser.client.get("/form")
    planted = browser.cookie().value
    other_browser.client.set_cookie("governance", planted)
    monkeypatch.setattr(web.sessions, "start_signed_in", keep_the_old_id)
    monkeypatch.setattr(web.sessions, "end", lambda *_: None)
    other_browser.sign_in()
    assert browser.account


@pytest.mark.parametrize("brought", [PLANTED, "short", "a b", "%00", "é" * 43])
def test_an_id_that_a_browser_brings_along_is_never_adopted(browser, brought):
    browser.client.set_cookie("governance", brought)
    browser.client.get("/form")
    assert browser.cookie().value != brought


def test_the_database_keeps_no_session_id(app, browser):
    browser.sign_in()
    with app.app_context(), reading() as session:
        stored = session.query(WebSession).one().id_digest
    assert stored == sessions.digest_of(browser.cookie().value)
    assert stored != browser.cookie().value


def test_nothing_of_the_time_before_is_taken_over(app, browser):
    form_before = browser.client.get("/form").text
    browser.sign_in()
    assert browser.client.post("/sign-out", data={"csrf_token": form_before}).status_code == 400
    assert rows(app) == 1


def test_signing_out_ends_the_session_for_every_copy_of_its_cookie(browser, other_browser):
    browser.sign_in()
    other_browser.client.set_cookie("governance", browser.cookie().value)
    assert other_browser.account
    answer = browser.client.post("/sign-out", data={"csrf_token": browser.client.get("/form").text})
    assert (answer.status_code, browser.cookie(), other_browser.account) == (303, None, None)


def test_a_form_without_its_token_changes_nothing(browser):
    browser.sign_in()
    assert browser.client.post("/sign-out").status_code == 400
    assert browser.account


def test_a_form_of_another_session_changes_nothing(browser, other_browser):
    browser.sign_in()
    other_browser.sign_in()
    foreign = other_browser.client.get("/form").text
    assert browser.client.post("/sign-out", data={"csrf_token": foreign}).status_code == 400
    assert browser.account


def test_without_its_guard_a_form_from_anywhere_signs_out(app, browser, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", value=False)
    browser.sign_in()
    assert browser.client.post("/sign-out").status_code == 303


def test_half_an_hour_without_a_press_ends_the_session(browser):
    with time_machine.travel(0, tick=False) as clock:
        browser.sign_in()
        clock.shift(timedelta(minutes=29))
        assert browser.account
        clock.shift(timedelta(minutes=29))
        assert browser.account
        clock.shift(timedelta(minutes=30))
        assert browser.account is None


def test_twelve_hours_end_the_session_however_busy(browser):
    with time_machine.travel(0, tick=False) as clock:
        browser.sign_in()
        for _ in range(12 * 4 - 1):
            clock.shift(timedelta(minutes=15))
            assert browser.account
        clock.shift(timedelta(minutes=15))
        assert browser.account is None


def test_what_has_ended_is_swept_out(app, browser, other_browser):
    with time_machine.travel(0, tick=False) as clock:
        browser.sign_in()
        clock.shift(timedelta(hours=13))
        other_browser.client.get("/form")
        assert rows(app) == 1


def test_the_cookie_is_for_us_alone(browser):
    browser.client.get("/form")
    cookie = browser.cookie()
    assert (cookie.http_only, cookie.same_site, cookie.path, cookie.domain) == (True, "Lax", "/", "localhost")
    assert cookie.max_age is None


def test_over_https_the_browser_guards_the_cookie_as_well(tmp_path):
    app = build_app(tmp_path, public_url="https://say.example")
    answer = app.test_client().get("/form", base_url="https://say.example")
    assert answer.headers["Set-Cookie"].startswith("__Host-governance=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(answer.headers["Set-Cookie"].split("; "))
    assert "Domain" not in answer.headers["Set-Cookie"]


def test_over_https_a_cookie_without_the_guarded_name_opens_nothing(tmp_path):
    app = build_app(tmp_path, public_url="https://say.example")
    client = app.test_client()
    session_id = client.get("/form", base_url="https://say.example").headers["Set-Cookie"].split(";")[0].split("=")[1]
    weak = Browser(app)
    weak.client.set_cookie("governance", session_id, domain="say.example")
    answer = weak.client.get("/form", base_url="https://say.example")
    assert session_id not in answer.headers["Set-Cookie"]


def test_a_visit_that_keeps_nothing_costs_no_row_and_no_cookie(app, browser):
    answer = browser.client.get("/inside")
    assert (rows(app), answer.headers.get("Set-Cookie")) == (0, None)


def test_two_tabs_do_not_undo_each_others_answers(app, browser):
    browser.client.get("/form")
    headers = {"Cookie": f"governance={browser.cookie().value}"}
    with app.test_request_context(headers=headers) as context:
        open_tab = lambda: app.session_interface.open_session(app, context.request)  # noqa: E731
        first, second = open_tab(), open_tab()
        first["first tab"], second["second tab"] = 1, 2
        for tab in (first, second):
            app.session_interface.save_session(app, tab, Response())
        assert {"first tab", "second tab"} <= open_tab().keys()


def test_a_session_that_ended_meanwhile_stays_ended(app, browser):
    browser.client.get("/form")
    session_id = browser.cookie().value
    with app.app_context():
        with transaction() as session:
            sessions.end(session, session_id)
        with transaction() as session:
            assert not sessions.keep(session, secret(session_id), {"a": 1}, frozenset(), now=0)
    assert rows(app) == 0


def test_what_a_session_holds_is_not_in_the_database(app, browser):
    browser.sign_in(next="also_inside")
    with browser.client.session_transaction() as session:
        session["answers"] = {"others": MARKER}
    assert browser.client.get("/form").status_code == 200
    assert "answers" not in stored(app)
    assert MARKER not in stored(app)
    assert "also_inside" not in stored(app)
    assert "verifier" not in stored(app)


def test_all_our_keys_open_no_session_without_its_cookie(app, browser):
    browser.client.get("/form")
    with app.app_context(), reading() as session:
        row = session.query(WebSession).one()
        place = ("web_session", "sealed_state")
        assert secret(browser.cookie().value).unseal(row.sealed_state, place, row.id_digest)
        for known in (row.id_digest, ""):
            with pytest.raises(EnvelopeError):
                secret(known).unseal(row.sealed_state, place, row.id_digest)


def test_a_cookie_opens_no_session_without_our_keys(app, browser):
    browser.client.get("/form")
    with app.app_context(), reading() as session:
        row = session.query(WebSession).one()
        thief = sessions.Secret(browser.cookie().value, Keyring(KeySet.fresh()))
        with pytest.raises(EnvelopeError):
            thief.unseal(row.sealed_state, ("web_session", "sealed_state"), row.id_digest)


def test_a_session_that_another_hand_changed_has_ended(app, browser):
    browser.sign_in()
    with app.app_context(), transaction() as session:
        session.query(WebSession).one().sealed_state = b"\x02"
    assert browser.account is None
    with app.app_context(), transaction() as session:
        assert not sessions.keep(session, secret(browser.cookie().value), {"a": 1}, frozenset(), now=0)


def test_changes_deep_inside_are_kept(browser):
    with browser.client.session_transaction() as session:
        session["answers"] = {"care_team": "seen"}
    with browser.client.session_transaction() as session:
        session["answers"]["others"] = "closed"
    with browser.client.session_transaction() as session:
        assert session["answers"] == {"care_team": "seen", "others": "closed"}
