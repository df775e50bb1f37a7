"""Who is here as a patient is on no page that lists professionals, but for those who chose for them before."""

from uuid import UUID

import pytest

from governance.conduct.capacities import Scope, choose_capacity
from governance.crypto.blind_index import place_key
from governance.db.extension import transaction
from governance.decision.vocabulary import Capacity
from governance.effective.models import GovernedAccount
from governance.identity.service import platform_named
from governance.ui.clock import now
from governance.ui.house import house
from tests.optout.wishes import prove
from tests.ui.visits import FORUM, Visitor, acknowledge, choose, doctor, forum, nurse, sign_in, visitor

__all__ = ["doctor", "forum", "nurse", "visitor"]
LISTS = ["/my/see-as", "/choices/team", "/choices/people"]
PEER, PROFESSIONAL = Capacity.PEER, Capacity.PROFESSIONAL


def says(app, account, capacity, community=None):
    """Somebody says how they are here, from now on."""
    with app.app_context(), transaction() as session:
        hcp, platform = session.get(GovernedAccount, account).hcp, platform_named(session, FORUM).id
        place = None if community is None else place_key(house().keyring, platform, "community", community)
        scope = Scope(str(platform), place)
        choose_capacity(session, house().keyring, UUID(hcp), scope, capacity, now=now(), begins=now())


def looks(visitor, name):
    """On which of the lists somebody is."""
    return [path for path in LISTS if name in visitor.get(path).text]


@pytest.mark.usefixtures("doctor")
def test_who_is_here_as_a_patient_is_on_no_list(visitor, forum, nurse):
    says(forum, nurse, PEER)
    assert looks(visitor, "Nora Quill") == []
    assert looks(visitor, "Dr Omar Vale") == LISTS


@pytest.mark.parametrize(
    "said",
    [
        [],
        [(PROFESSIONAL, None)],
        [(PEER, "diabetes")],
        [(PROFESSIONAL, None), (PEER, "diabetes")],
        [(PEER, None), (PROFESSIONAL, "diabetes")],
    ],
)
def test_who_is_at_work_anywhere_on_the_forum_is_on_every_list(visitor, forum, nurse, said):
    for capacity, community in said:
        says(forum, nurse, capacity, community)
    assert looks(visitor, "Nora Quill") == LISTS


@pytest.mark.usefixtures("doctor")
def test_who_is_on_no_list_cannot_be_picked_by_their_account(visitor, forum, nurse):
    says(forum, nurse, PEER)
    assert visitor.get("/my/see-as").press("Look", whom=nurse, group="informed").status == 400
    assert visitor.get("/choices/team").press("Go on", members=[nurse]).status == 400
    assert visitor.get("/choices/people").press("Go on", who=nurse).status == 400


@pytest.mark.parametrize("by_name", [False, True])
def test_who_chose_for_them_before_still_can_and_nobody_else(visitor, forum, nurse, by_name):
    chooses_for(visitor, nurse, by_name=by_name)
    says(forum, nurse, PEER)
    assert looks(visitor, "Nora Quill") == LISTS
    assert "Nora Quill" in visitor.get("/my/choices").text
    client = forum.test_client()
    client.set_cookie("governance", sign_in(forum, "bea"))
    assert looks(Visitor(client), "Nora Quill") == []


def test_who_was_taken_out_again_is_gone_from_the_lists_and_stays_in_the_history(visitor, forum, nurse):
    chooses_for(visitor, nurse)
    says(forum, nurse, PEER)
    visitor.get("/choices/team").press("Go on", members=[])
    assert "Nora Quill" in visitor.get("/choices/team").text
    visitor.get("/choices/check").press("Save my choices")
    assert looks(visitor, "Nora Quill") == []
    prove(forum, visitor)
    assert "Not in my care team any more: Nora Quill." in visitor.get("/my/history").text


@pytest.mark.parametrize("posture", ["informed", "peer_only", "hcp_present"])
def test_looking_as_them_tells_no_one_how_they_are_here(visitor, forum, nurse, posture):
    chooses_for(visitor, nurse)
    says(forum, nurse, PEER)
    visitor.get("/my/see-as").press("Look", whom=nurse, group=posture)
    assert visitor.status == 200
    assert "patient" not in visitor.text


def chooses_for(visitor, nurse, *, by_name=False):
    acknowledge(visitor)
    if not by_name:
        choose(visitor, members=[nurse])
        return
    visitor.get("/choices/people").press("Go on", who=nurse).press("Go on", level="closed")
    choose(visitor)
