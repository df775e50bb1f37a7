"""An organisation's list at the desk, and the question before a patient turns professional, on a phone: no fault."""

import pytest

from governance.conduct.capacities import Scope, choose_capacity
from governance.conduct.models import HcpRecord
from governance.db.extension import reading, transaction
from governance.decision.vocabulary import Capacity
from governance.identity.permissions import Role
from governance.identity.service import platform_named
from governance.ui.clock import now
from governance.ui.house import house
from tests.browser.test_professional_phone import found_on
from tests.conduct.people import PIN
from tests.conduct.visits import forum, marks, register
from tests.identity.staff import add_staff, client_of, sign_in_staff
from tests.ui.visits import FORUM, Visitor, sign_in

__all__ = ["forum"]

pytestmark = pytest.mark.browser


def sends_a_list(phone, folder):
    phone.open("/desk/organisations")
    yield "organisations-none"
    phone.page.locator("#answer").fill("Hillview Clinic")
    phone.press("Add it")
    yield "organisation-new"
    wrong, right = folder / "wrong.csv", folder / "right.csv"
    head = "register,number,name,until\n"
    wrong.write_text(f"{head}gb-xxx,1,A,\ngb-nmc,12,B,\n", encoding="utf-8")
    right.write_text(f"{head}gb-nmc,{PIN},Nora Quill,\n", encoding="utf-8")
    phone.page.locator("#file").set_input_files(wrong)
    phone.press("See what changes")
    yield "organisation-wrong"
    phone.page.locator("#file").set_input_files(right)
    phone.press("See what changes")
    yield "organisation-change"
    phone.press("Yes, take the whole list")
    yield "organisation-taken"
    phone.open("/desk/organisations")
    yield "organisations"


def becomes_a_professional(phone):
    phone.open("/professional/capacity")
    phone.page.locator("input[value=professional]").check()
    phone.press("Choose this")
    yield "peer-posts"
    phone.press("Be here as a professional")
    yield "peer-posts-nothing-picked"


def test_these_pages_have_no_fault(phones, forum, tmp_path):
    client = forum.test_client()
    client.set_cookie("governance", sign_in(forum, "nora"))
    register(Visitor(client))
    marks(Visitor(client_of(forum, Role.VERIFIER)))
    with forum.app_context(), reading() as session:
        hcp, platform = session.query(HcpRecord).one().id, platform_named(session, FORUM).id
    with forum.app_context(), transaction() as session:
        scope = Scope(str(platform))
        choose_capacity(session, house().keyring, hcp, scope, Capacity.PEER, now=now(), begins=now())
    vera, nora = phones(), phones(forum, "nora")
    staff = sign_in_staff(forum, add_staff(forum, Role.VERIFIER, subject="vera-2"))
    vera.context.add_cookies([{"name": "governance", "value": staff, "url": vera.address}])
    walks = ((vera, sends_a_list(vera, tmp_path)), (nora, becomes_a_professional(nora)))
    assert {k: v for phone, walk in walks for k, v in found_on(phone, walk).items()} == {}
