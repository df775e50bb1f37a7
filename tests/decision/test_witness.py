"""A witness says whom, where, what and when; and the corners in which a gain can hide."""

from dataclasses import replace

import pytest

from governance.decision.decide import decide
from governance.decision.facts import CapacityRecord, Hcp, Layer, PairBlock, Request, Room, TeamEntry, Tombstone, Words
from governance.decision.levels import provisions_of_level
from governance.decision.loosens import edit, loosens
from governance.decision.loosens.edit import Asked, Edit, Side
from governance.decision.loosens.meeting import bearing, permitted_by, placed
from governance.decision.loosens.witness import Help, Sketch, facts_of, request_of
from governance.decision.provisions import (
    ALWAYS,
    CARE_TEAM,
    EVERYWHERE,
    NEVER,
    OTHERS,
    Interval,
    Place,
    Scale,
    Who,
    WhoKind,
    named,
)
from governance.decision.verdicts import Step
from governance.decision.vocabulary import (
    BEGINNING,
    NOT_SENT,
    UNKNOWN,
    Action,
    Ages,
    Capacity,
    Contact,
    Level,
    Posture,
)
from tests.decision.lines import (
    AS_PROFESSIONAL,
    CLINIC,
    CLOSED,
    CLOSED_TO_ALL,
    COMMUNITY,
    LOOK,
    NURSE,
    NURSES,
    PLATFORM,
    POST,
    THREAD,
    patient,
    permit,
    refuse,
    since,
)


def test_narrowing_whom_a_permit_is_for_can_loosen():
    # For the clinic the two cross, and the refusal wins; for the nurse alone the permit is the narrower one.
    crossing = patient(refuse(NURSES), permit(CLINIC))
    witness = loosens(crossing, patient(refuse(NURSES), permit(NURSE)))
    assert witness is not None
    assert (witness.who, witness.action) == (NURSE, Action.VIEW)


def test_narrowing_where_a_permit_holds_can_loosen():
    crossing = patient(refuse(OTHERS, COMMUNITY), permit(CLINIC, PLATFORM))
    witness = loosens(crossing, patient(refuse(OTHERS, COMMUNITY), permit(CLINIC, COMMUNITY)))
    assert witness is not None
    assert (witness.who, witness.where) == (CLINIC, COMMUNITY)


@pytest.mark.parametrize("change", [{"when": Interval(10, 20)}, {"actions": LOOK}, {"contact": Contact.AFTER}])
def test_shortening_a_permit_never_loosens(change):
    wide = permit(NURSE, actions={Action.VIEW, Action.FIND})
    lines = (*CLOSED_TO_ALL, refuse(NURSE, THREAD))
    assert loosens(patient(*lines, wide), patient(*lines, replace(wide, **change))) is None


def test_three_keys_may_be_needed_at_once():
    # The dropped refusal names the clinic, which only a permit by name outranks; in the post a refusal of
    # all others is left, which only a permit for nurses outranks.
    kept = (refuse(CLINIC), refuse(OTHERS, POST), permit(NURSE), permit(NURSES, POST))
    witness = loosens(patient(*kept, refuse(CLINIC, POST)), patient(*kept))
    assert witness is not None
    assert {NURSE, CLINIC, NURSES} <= {witness.who, *witness.also}
    assert witness.where == POST


def test_the_plainest_witness_comes_first():
    before, after = patient(*CLOSED), patient(*provisions_of_level(Level.ANSWERED, OTHERS, name="others"))
    witness = loosens(before, after)
    assert witness is not None
    assert (witness.who, witness.also, witness.where, witness.action) == (OTHERS, (), EVERYWHERE, Action.VIEW)
    assert (witness.capacity, witness.at) == (Capacity.PROFESSIONAL, BEGINNING)


def test_a_witness_tells_from_when_on():
    witness = loosens(patient(), patient(permit(OTHERS, when=Interval(100, 200))))
    assert witness is not None
    assert witness.at == 100


def test_a_witness_asks_after_the_words_were_written():
    witness = loosens(patient(), patient(permit(OTHERS, reach=since(50))))
    assert witness is not None
    assert (witness.created, witness.at) == (50, 50)


def test_a_witness_tells_whether_the_patient_wrote_first():
    after = patient(permit(OTHERS, actions={Action.MESSAGE}, contact=Contact.AFTER))
    witness = loosens(patient(), after)
    assert witness is not None
    assert (witness.action, witness.patient_wrote_first) == (Action.MESSAGE, True)


def test_a_witness_tells_of_a_peer():
    witness = loosens(patient(*CLOSED), patient(*CLOSED, peers_welcome=True))
    assert witness is not None
    assert (witness.as_peer, witness.who) == (True, OTHERS)


def test_a_witness_may_be_no_professional():
    witness = loosens(patient(refuse(NURSE), hold=True), patient(hold=True))
    assert witness is not None
    assert (witness.who, witness.capacity, witness.after.step) == (NURSE, None, Step.NOT_GOVERNED)


def test_a_moderator_gains_by_a_refusal_that_never_applied():
    # Any refusal by name stops a moderator, wherever it holds: dropping this one opens the flagged post.
    elsewhere = Layer("p", (refuse(NURSE, Place(Scale.PLATFORM, "q")),))
    witness = loosens(patient(*CLOSED_TO_ALL, layers=(elsewhere,)), patient(*CLOSED_TO_ALL))
    assert witness is not None
    assert (witness.who, witness.after.step) == (NURSE, Step.MODERATION)


def test_a_refusal_for_no_time_at_all_still_holds_for_unknown_times():
    witness = loosens(patient(permit(OTHERS), refuse(OTHERS, when=Interval(5, 5))), patient(permit(OTHERS)))
    assert witness is not None
    assert (witness.created, witness.at) == (NOT_SENT, 5)


def test_a_layer_against_all_others_does_not_hide_what_a_member_gains():
    closed = Layer(None, (refuse(OTHERS),))
    team = (TeamEntry(NURSE),)
    witness = loosens(
        patient(layers=(closed,), care_team=team), patient(permit(NURSE), layers=(closed,), care_team=team)
    )
    assert witness is not None
    assert witness.who == NURSE


def test_words_edited_before_they_were_created_are_thought_of():
    # Erasure looks at `created` alone, a refusal at both times: here only such words show the difference.
    kept = {"record": False, "adult_from": UNKNOWN, "erased": Tombstone(20)}
    layer = Layer(None, (refuse(OTHERS, reach=Interval(10, 20)),))
    witness = loosens(patient(layers=(layer,), **kept), patient(**kept))
    assert witness is not None
    assert (witness.created, witness.edited) == (20, 10)


def test_an_unknown_time_makes_a_professionals_words_a_patients():
    # What this author wrote as a professional is open (3f), if it is known when; else the new permit opens it.
    author = {"record": False, "adult_from": UNKNOWN, "hcp": AS_PROFESSIONAL}
    witness = loosens(patient(**author), patient(permit(NURSE, PLATFORM), **author))
    assert witness is not None
    assert (witness.who, witness.created) == (NURSE, NOT_SENT)


def test_an_emergency_view_may_be_what_a_gain_rests_on():
    # Nobody else may view the thread, so only somebody with an emergency view gains by being let reply.
    closed = Layer(None, (refuse(OTHERS), refuse(CARE_TEAM)))
    known = {"layers": (closed,), "emergency_yes_since": 10}
    witness = loosens(patient(**known), patient(permit(OTHERS, actions={Action.REPLY}), **known))
    assert witness is not None
    assert witness.action is Action.REPLY


def test_two_thousand_lines_cost_a_few_thousand_decisions(monkeypatch):
    asked = []
    monkeypatch.setattr(edit, "decide", lambda request, facts: asked.append(request) or decide(request, facts))
    people = [refuse(named(f"p/{number}")) for number in range(1000)]
    lines = [*CLOSED_TO_ALL, *people, *(permit(named(f"q/{number}"), when=since(number)) for number in range(1000))]
    before, after = patient(*lines), patient(*lines[::-1])
    closed = replace(after, layers=(Layer(None, (refuse(OTHERS, actions=Action),)),))
    assert loosens(before, after) is None
    assert not asked
    assert loosens(before, replace(after, hold=True)) is None
    assert loosens(replace(before, hold=True), after) is not None
    assert loosens(replace(closed, hold=True), closed) is None
    assert len(asked) < 5_000


def test_a_permit_that_never_counts_opens_nothing():
    assert loosens(patient(), patient(permit(OTHERS, when=NEVER))) is None
    assert loosens(patient(covered={}), patient(permit(OTHERS), covered={})) is None


def test_a_member_who_moderates_gains_by_a_refusal_of_that_dropped():
    witness = loosens(patient(refuse(NURSE, actions={Action.MODERATE}), hold=True), patient(hold=True))
    assert witness is not None
    assert (witness.who, witness.capacity, witness.action) == (NURSE, None, Action.MODERATE)


ANYBODY, OTHER = named("anybody"), Who(WhoKind.ORGANISATION, "other")
MENTIONED = {
    "by a layer": {"layers": (Layer("anybody", ()),)},
    "by a line in a layer": {"layers": (Layer(None, (refuse(ANYBODY),)),)},
    "by a tombstone": {"erased": Tombstone(10, refusals=(refuse(ANYBODY),))},
    "by a block": {"blocks": (PairBlock("anybody"),)},
    "as a member": {"care_team": (TeamEntry(ANYBODY),)},
    "as a platform": {"hcp": Hcp(capacities=(CapacityRecord(Capacity.PEER, "anybody", None, ALWAYS),))},
    "as a community": {"hcp": Hcp(capacities=(CapacityRecord(Capacity.PEER, "p", "anybody", ALWAYS),))},
}


def edit_of(before, after):
    return Edit(Side(before), Side(after))


@pytest.mark.parametrize("how", MENTIONED)
def test_whoever_nobody_mentions_has_a_name_of_their_own(how):
    plain, mentioning = patient(), patient(**MENTIONED[how])
    assert edit_of(plain, plain).free == "anybody"
    assert edit_of(plain, mentioning).free == edit_of(mentioning, plain).free == "anybody+"
    assert edit_of(patient(permit(named("anybody+"))), mentioning).free == "anybody++"
    assert edit_of(replace(plain, account="anybody"), plain).free == "anybody+"


def test_a_sketch_of_anybody_asks_about_what_nobody_mentions():
    words = Words("p/patient", "any", "any", "any", BEGINNING, None)
    asked = Request("any", "any", Action.VIEW, (words,), BEGINNING, flagged=False, initiated_by_patient=False)
    assert request_of(Sketch(Action.VIEW), "p/patient", "any") == asked


@pytest.mark.parametrize("community", ["x", NOT_SENT])
@pytest.mark.parametrize("help_", Help)
def test_a_sketch_is_written_out_as_facts(community, help_):
    sketch = Sketch(Action.VIEW, posture=Posture.PEER_ONLY, ages=Ages.MIXED, community=community, help=help_)
    sketch = sketch._replace(claims=frozenset({(CLINIC, False), (NURSES, True)}))
    found = facts_of(sketch, request_of(sketch, "p/patient", "any"), patient(), 5)
    assert found.strictest == Room(Posture.PEER_ONLY, Ages.MIXED)
    assert [x.only_room for x in found.communities.values()] == [found.strictest] * (community == "x")
    assert [bool(x.moderators) for x in found.communities.values()] == [help_ is Help.FLAGGED] * (community == "x")
    assert len(found.viewer.hcp.emergency_views) == (help_ is Help.EMERGENCY)
    assert {claim.who: claim.verified for claim in found.viewer.hcp.claims} == {CLINIC: NEVER, NURSES: ALWAYS}


def test_both_answers_know_the_room_where_the_community_is_not_sent():
    asked = Asked(edit_of(patient(), patient()), Sketch(Action.VIEW, community=NOT_SENT, posture=Posture.HCP_PRESENT))
    assert asked.before.permit
    assert asked.after.permit


def test_times_move_forward_within_a_span_and_stay_there():
    sketch, span = Sketch(Action.VIEW, edited=BEGINNING), Interval(3, 9)
    assert list(sketch.asked_within(span)) == [sketch._replace(at=3, at_until=9)]
    assert list(sketch.created_within(span)) == [sketch._replace(created=3, created_until=9)]
    assert list(sketch.edited_within(span)) == [sketch._replace(edited=3, edited_until=9)]
    for within in (sketch.asked_within, sketch.created_within, sketch.edited_within):
        assert list(within(NEVER)) == []


def test_a_sketch_lies_in_what_it_settles():
    sketch = Sketch(Action.VIEW, platform="p", community="x", claims=frozenset({(CLINIC, False), (OTHER, True)}))
    places = (EVERYWHERE, PLATFORM, COMMUNITY, THREAD, Place(Scale.PLATFORM, "q"), Place(Scale.COMMUNITY, "q", "x"))
    assert [sketch.lies_in(place) for place in places] == [True, True, True, False, False, False]
    assert [sketch.bears(who) for who in (CLINIC, OTHER, NURSES)] == [True, True, False]


def test_a_place_is_settled_once():
    here = Sketch(Action.VIEW, platform="p", thread="y")
    assert list(placed(here, THREAD, unsent=True)) == []
    assert [x.post for x in placed(here, POST, unsent=True)] == ["x", NOT_SENT]
    assert [x.post for x in placed(here, POST, unsent=False)] == ["x"]
    person = Sketch(Action.FIND)
    assert [x.community for x in placed(person, COMMUNITY, unsent=True)] == ["x"]


def test_a_claim_is_verified_or_not():
    found = bearing(Sketch(Action.VIEW), CLINIC)
    assert [sketch.claims for sketch in found] == [{(CLINIC, True)}, {(CLINIC, False)}]


@pytest.mark.parametrize(("verified", "many"), [(True, 1), (False, 0)])
def test_a_permit_means_verified_claims_alone(verified, many):
    claiming = Sketch(Action.VIEW, claims=frozenset({(CLINIC, verified)}))
    assert len(list(permitted_by(claiming, permit(CLINIC, THREAD), Action.VIEW, patient()))) == many


@pytest.mark.parametrize(("at", "many"), [(9, 1), (10, 0)])
def test_a_permit_for_all_others_means_nobody_once_in_the_team(at, many):
    member, author = Sketch(Action.VIEW, account=NURSE.name, at=at), patient(care_team=(TeamEntry(NURSE, since(10)),))
    assert len(list(permitted_by(member, permit(OTHERS), Action.VIEW, author))) == many
