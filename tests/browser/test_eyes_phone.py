"""See as, and who could have seen one's posts, on a phone: no fault, now and on a past day, with nobody and many."""

import pytest

from governance.db.extension import transaction
from governance.decision.vocabulary import Capacity, Posture
from governance.identity.models import WebSession
from governance.identity.service import account_for, platform_named
from governance.ui.clock import now, on_the_wall
from governance.ui.house import house
from tests.browser.conftest import doctor, forum, nurse
from tests.browser.test_phone import faults, walk
from tests.portal.test_could_have_seen import tell
from tests.portal.test_roster import says
from tests.portal.test_see_as_pages import group
from tests.ui.visits import FORUM, register

__all__ = ["doctor", "forum", "nurse"]
pytestmark = pytest.mark.browser


def proved(app):
    """Everybody who is signed in proved it just now."""
    with app.app_context(), transaction() as session:
        for one in session.query(WebSession):
            one.proved = now()


@pytest.mark.usefixtures("doctor")
def test_see_as_has_no_fault_for_anybody_at_any_time(phones, forum, nurse):
    group(forum, "open-talk", audience="public")
    group(forum, "closed-talk", Posture.PEER_ONLY, audience="members")
    phone = phones(forum, "ana")
    list(walk(phone))
    found = {}
    today = on_the_wall(now()).date().isoformat()
    for name, whom, which, day in (
        ("named", nurse, "one", ""),
        ("class", "profession:doctor", "informed", ""),
        ("then", "other", "informed", today),
        ("before", "other", "informed", "2020-05-03"),
        ("wrong", "", "one", "2999-01-01"),
    ):
        phone.open("/my/see-as")
        if whom:
            phone.page.locator(f"[name=whom][value='{whom}']").check()
        phone.page.locator(f"[name=group][value={which}]").check()
        phone.page.get_by_label("Name of the group").fill("closed-talk" if whom else "nothing")
        phone.page.get_by_label("A past day").fill(day)
        phone.page.get_by_label("The time on that day").fill("23:59")
        phone.press("Look")
        phone.shoot(f"see-as-{name}")
        found[name] = [fault for fault in faults(phone) if "status of 400" not in fault]
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_who_could_have_seen_has_no_fault_with_nobody_and_with_many(phones, forum, nurse, doctor):
    phone = phones(forum, "ana")
    proved(forum)
    phone.open("/my/could-have-seen")
    phone.shoot("could-have-seen-nobody")
    found = {"nobody": faults(phone)}
    peer = register(forum, "Pia Peer", "nurse", "pia")
    says(forum, peer, Capacity.PEER)
    with forum.app_context(), transaction() as session:
        declared = account_for(session, house().keyring, platform_named(session, FORUM), "claire", now()).key
    for viewer in (nurse, doctor, peer, declared):
        tell(forum, viewer)
    phone.open("/my/could-have-seen")
    phone.shoot("could-have-seen-many")
    found["many"] = faults(phone)
    phone.open("/my/choices")
    phone.press("Hide me from everyone signed in here as a health professional")
    phone.open("/my/stopped")
    phone.shoot("stopped")
    found["stopped"] = faults(phone)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
