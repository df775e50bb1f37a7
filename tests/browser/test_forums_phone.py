"""Joining forums, the hide code and the way back, on a phone: no fault on any page."""

import pytest

from governance.db.extension import transaction
from governance.decision.vocabulary import Instant
from governance.effective.life.service import Life
from governance.effective.life.states import Why
from governance.identity.clients.platforms import end_platform
from governance.identity.service import NewPlatform, account_for, add_platform, platform_named
from governance.identity.sessions.service import start_signed_in
from governance.patients.forums.handed import hands
from governance.patients.forums.records import Work
from governance.patients.intake.service import Asked, How, Request, take
from governance.pdp.platforms.service import go_live
from governance.ui.clock import now
from governance.ui.house import house
from tests.browser.test_phone import faults
from tests.optout.wishes import prove
from tests.patients.two_forums import staff_in
from tests.pdp.platforms.conftest import ADDRESS, Prober
from tests.portal.test_web import sets_community
from tests.ui.visits import FORUM, Visitor, choose

pytestmark = pytest.mark.browser
OTHER = "other-forum"


@pytest.fixture
def ends(phones, forum):
    """One person at both ends: two browsers that each share a session with a visitor who presses."""
    with forum.app_context(), transaction() as session:
        wanted = NewPlatform(name=OTHER, display_name="Friends with Type 1", issuer=None)
        add_platform(session, house().keyring, wanted, now=now())
    return _end(phones, forum, FORUM, "ana"), _end(phones, forum, OTHER, "bluebird-1999")


def _end(phones, app, name, account):
    with app.app_context(), transaction() as session:
        platform = platform_named(session, name)
        theirs = account_for(session, house().keyring, platform, account, now())
        cookie = start_signed_in(session, house().keyring, theirs, now(), now=now())
    client = app.test_client()
    client.set_cookie("governance", cookie)
    phone = phones()
    phone.context.add_cookies([{"name": "governance", "value": cookie, "url": phone.address}])
    visitor = Visitor(client)
    prove(app, visitor)
    return visitor, phone


def looks(phone, path=None):
    if path:
        phone.open(path)
    phone.shoot(f"forums-{phone.page.locator('h1').inner_text().lower().replace(' ', '-')}-{len(phone.asked)}")
    return faults(phone)


def test_the_way_to_join_two_forums_has_no_fault(ends):
    (visitor, phone), (_, other) = ends
    choose(visitor, "closed", "closed")
    found = looks(phone, "/my/forums/add")
    phone.press("Show my code")
    found += looks(phone)
    code = phone.page.locator(".code").inner_text()
    found += looks(other, "/my/forums/code")
    other.page.fill("#code", "WRONG")
    other.press("Go on")
    found += looks(other)
    other.page.fill("#code", code)
    other.press("Go on")
    found += looks(other)
    other.press("Yes, this is me")
    found += looks(other) + looks(phone, "/my/forums") + looks(phone, "/my/forums/confirm")
    phone.press("Yes, join this account")
    found += looks(phone) + looks(other, "/my/choices") + looks(other, "/my/forums/yes")
    other.press("Let my yes count here")
    found += looks(other)
    other.page.get_by_label("years").or_(other.page.locator("#age")).first.check()
    other.press("Let my yes count here")
    found += looks(other)
    phone.press("Take Friends with Type 1 out")
    found += looks(phone)
    phone.press("Take it out")
    assert found + looks(phone) == []


def test_the_hide_code_and_the_way_back_have_no_fault(ends, phones):
    (_, phone), (_, other) = ends
    found = looks(phone, "/my/hide-code")
    phone.press("Make my code")
    found += looks(phone)
    code = phone.page.locator(".code").inner_text()
    found += looks(phone, "/my/hide-code")
    stranger = phones()
    found += looks(stranger, "/hide")
    stranger.page.fill("#code", code)
    stranger.press("Hide me now")
    found += looks(stranger) + looks(other, "/my/forums/come-back")
    other.page.fill("#code", "WRONG")
    other.press("Find my choices")
    assert found + looks(other) == []


def test_what_staff_took_is_shown_without_a_fault(ends, forum):
    (_, phone), _ = ends
    with forum.app_context(), transaction() as session:
        by = staff_in(session)[0]
        account = account_for(session, house().keyring, platform_named(session, FORUM), "ana", now())
        take(Work(session, house().keyring, hands(), now()), account, Request(Asked.REFUSE_ALL, How.PHONE), by)
    assert looks(phone, "/my/choices") == []


def observing(app, _):
    sets_community(app, "observe")


def enforcing(app, _):
    sets_community(app, "enforce")


def live(app, folder):
    enforcing(app, folder)
    prober = Prober(folder)
    with app.app_context(), transaction() as session:
        found = life_in(session)
        found.note_probe(ADDRESS, prober.key)
        found.take(prober.says())
        go_live(session, house().keyring, platform_named(session, FORUM).id, "c", now())


def on_hold(app, _):
    with app.app_context(), transaction() as session:
        life_in(session).suspend(Why.LEAK)


def soon_over(app, _):
    with app.app_context(), transaction() as session:
        life_in(session).announce_end(Instant(now() + 30 * 24 * 3600 * 1_000_000))


def over(app, _):
    with app.app_context(), transaction() as session:
        life_in(session).end()
        end_platform(session, house().keyring, FORUM, now())


def life_in(session):
    return Life(session, house().keyring, platform_named(session, FORUM).id, now())


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_forum_has_no_fault_in_any_state(phones, forum, language, tmp_path):
    phone, found = phones(forum, "ana", language=language), {}
    for state in (observing, enforcing, live, soon_over, on_hold, over):
        state(forum, tmp_path)
        phone.open("/my/forums")
        phone.shoot(f"forums-{state.__name__}-{language}")
        found[state.__name__] = faults(phone)
    assert {where: wrong for where, wrong in found.items() if wrong} == {}
