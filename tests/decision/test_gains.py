"""Gains that only one way of searching finds: each case is closed to everybody else, so the witness is the one told."""

import pytest

from governance.decision.facts import Layer, TeamEntry, Tombstone
from governance.decision.loosens import loosens
from governance.decision.provisions import CARE_TEAM, EVERYWHERE, OTHERS, Interval
from governance.decision.verdicts import Step
from governance.decision.vocabulary import (
    CONTENT_ACTIONS,
    FOREVER,
    NOT_SENT,
    UNKNOWN,
    Action,
    Assurance,
    Capacity,
    Contact,
)
from tests.decision.lines import (
    AS_PROFESSIONAL,
    CLINIC,
    COMMUNITY,
    DOCTOR,
    NURSE,
    NURSES,
    PLATFORM,
    THREAD,
    patient,
    permit,
    professional,
    refuse,
    since,
    until,
)

MINOR, NURSE_IN_TEAM, DOCTOR_IN_TEAM = FOREVER, (TeamEntry(NURSE),), (TeamEntry(DOCTOR),)
RECORD, MESSAGE, FIND, REPLY = ({Action(name)} for name in ("record", "message", "find", "reply"))
KEEP = {Action.RECORD, Action.VIEW}
NO_POSTS = refuse(OTHERS, actions=CONTENT_ACTIONS)
NO_ONE_VIEWS = (Layer(None, (refuse(OTHERS), refuse(CARE_TEAM))),)
AUTHOR = {"hcp": AS_PROFESSIONAL, "record": False, "adult_from": MINOR}


def case(before, after, known=None, **told):
    """Two sets of lines, what else is known on both sides, and what the witness must say."""
    return patient(*before, **(known or {})), patient(*after, **(known or {})), told


CASES = {
    "a new member may message a minor, as a permit for the clinic allows": (
        patient(permit(CLINIC, actions=MESSAGE), adult_from=MINOR),
        patient(permit(CLINIC, actions=MESSAGE), adult_from=MINOR, care_team=NURSE_IN_TEAM),
        {"who": NURSE, "action": Action.MESSAGE},
    ),
    "a member may message a minor, as a new permit for the clinic allows": case(
        [],
        [permit(CLINIC, actions=MESSAGE)],
        {"adult_from": MINOR, "care_team": NURSE_IN_TEAM},
        who=NURSE,
        action=Action.MESSAGE,
    ),
    "somebody named may message a minor, as a new permit for the clinic allows": case(
        [permit(NURSE, actions=MESSAGE), refuse(OTHERS, COMMUNITY, MESSAGE)],
        [permit(NURSE, actions=MESSAGE), refuse(OTHERS, COMMUNITY, MESSAGE), permit(CLINIC, COMMUNITY, MESSAGE)],
        {"adult_from": MINOR},
        who=NURSE,
        where=COMMUNITY,
    ),
    "a minor in a mixed community may be messaged by somebody newly named": case(
        [permit(OTHERS, actions=MESSAGE)],
        [permit(OTHERS, actions=MESSAGE), permit(NURSE, actions=MESSAGE)],
        {"adult_from": UNKNOWN},
        who=NURSE,
        action=Action.MESSAGE,
    ),
    "a new permit counts once the author is of age": case(
        [NO_POSTS], [NO_POSTS, permit(OTHERS, actions=FIND)], {"adult_from": 10}, at=10, action=Action.FIND
    ),
    "of age earlier, who may be found": (
        patient(NO_POSTS, permit(OTHERS, actions=FIND), adult_from=20),
        patient(NO_POSTS, permit(OTHERS, actions=FIND), adult_from=10),
        {"at": 10, "action": Action.FIND},
    ),
    "of age earlier, in an open community": (
        patient(adult_from=20),
        patient(adult_from=10),
        {"at": 10, "after.step": Step.OPEN_COMMUNITY},
    ),
    "a new record after erasure, who may be found": (
        patient(NO_POSTS, permit(OTHERS, actions=FIND), erased=Tombstone(10), record=False),
        patient(NO_POSTS, permit(OTHERS, actions=FIND), erased=Tombstone(10)),
        {"action": Action.FIND},
    ),
    "a new member escapes a refusal of all others": (
        patient(refuse(OTHERS, COMMUNITY), permit(CLINIC)),
        patient(refuse(OTHERS, COMMUNITY), permit(CLINIC), care_team=NURSE_IN_TEAM),
        {"who": NURSE, "where": COMMUNITY},
    ),
    "a new member escapes a layer against all others": (
        patient(permit(NURSE), layers=(Layer(None, (refuse(OTHERS),)),)),
        patient(permit(NURSE), layers=(Layer(None, (refuse(OTHERS),)),), care_team=NURSE_IN_TEAM),
        {"who": NURSE, "action": Action.VIEW, "capacity": Capacity.PROFESSIONAL},
    ),
    "a hold lifted, for a member whom a refusal of all others does not mean": (
        patient(refuse(OTHERS, actions=Action), permit(CARE_TEAM), care_team=NURSE_IN_TEAM, hold=True),
        patient(refuse(OTHERS, actions=Action), permit(CARE_TEAM), care_team=NURSE_IN_TEAM),
        {"who": NURSE, "also": (CARE_TEAM,)},
    ),
    "a hold lifted, for somebody named": (
        patient(permit(NURSE), adult_from=UNKNOWN, hold=True),
        patient(permit(NURSE), adult_from=UNKNOWN),
        {"who": NURSE, "capacity": Capacity.PROFESSIONAL},
    ),
    "a hold lifted, in an open community once the author is of age": (
        patient(adult_from=10, hold=True),
        patient(adult_from=10),
        {"at": 10, "after.step": Step.OPEN_COMMUNITY},
    ),
    "a hold lifted, for what the author wrote as a professional": (
        patient(**AUTHOR, hold=True),
        patient(**AUTHOR),
        {"where": PLATFORM, "after.step": Step.COMMUNITY},
    ),
    "a hold lifted, for words younger than a refusal reaches": (
        patient(permit(OTHERS), refuse(OTHERS, reach=until(10)), adult_from=UNKNOWN, hold=True),
        patient(permit(OTHERS), refuse(OTHERS, reach=until(10)), adult_from=UNKNOWN),
        {"created": 10},
    ),
    "a layer dropped, for what the author wrote as a professional": (
        patient(refuse(OTHERS, actions=Action), **AUTHOR, layers=(Layer(None, (refuse(OTHERS),)),)),
        patient(refuse(OTHERS, actions=Action), **AUTHOR),
        {"where": PLATFORM, "after.step": Step.COMMUNITY},
    ),
    "a record gone, so that somebody refused sees a professional's words": (
        patient(permit(OTHERS), refuse(NURSE, THREAD), hcp=AS_PROFESSIONAL),
        patient(permit(OTHERS), refuse(NURSE, THREAD), hcp=AS_PROFESSIONAL, record=False),
        {"who": NURSE, "where": THREAD, "after.step": Step.COMMUNITY},
    ),
    "a record gone, once the acknowledgement that let all others in has ended": (
        patient(permit(OTHERS), hcp=AS_PROFESSIONAL, covered={Action.VIEW: until(10)}),
        patient(permit(OTHERS), hcp=AS_PROFESSIONAL, covered={Action.VIEW: until(10)}, record=False),
        {"at": 10, "after.step": Step.COMMUNITY},
    ),
    "a permit for what the author wrote after being a professional": case(
        [], [permit(NURSE, PLATFORM)], AUTHOR | {"hcp": professional(until(10))}, who=NURSE, created=10
    ),
    "a permit by name against a refusal that all others do not feel": case(
        [permit(OTHERS), refuse(NURSES)], [permit(OTHERS), refuse(NURSES), permit(NURSE)], also=(NURSES, OTHERS)
    ),
    "a permit by name for somebody whose other account was in the care team": case(
        [permit(OTHERS)],
        [permit(OTHERS), permit(NURSE)],
        {"care_team": DOCTOR_IN_TEAM},
        who=NURSE,
        also=(DOCTOR, CARE_TEAM),
    ),
    "a permit by name for somebody who is refused as one of the care team": case(
        [permit(OTHERS), refuse(CARE_TEAM)],
        [permit(OTHERS), refuse(CARE_TEAM), permit(NURSE)],
        {"care_team": (TeamEntry(NURSE, since(10)),)},
        who=NURSE,
        at=10,
    ),
    "a refusal of all others dropped, for a member who is not surely known": case(
        [permit(NURSE, actions=KEEP), refuse(OTHERS, COMMUNITY, RECORD)],
        [permit(NURSE, actions=KEEP)],
        {"care_team": NURSE_IN_TEAM},
        who=NURSE,
        assurance=Assurance.A3,
    ),
    "a refusal of another account dropped": case(
        [refuse(OTHERS), permit(NURSE), refuse(DOCTOR, THREAD)],
        [refuse(OTHERS), permit(NURSE)],
        who=NURSE,
        also=(DOCTOR, OTHERS),
        where=THREAD,
    ),
    "a refusal by name dropped, for a peer who will be welcome": case(
        [refuse(OTHERS), refuse(NURSE, THREAD)],
        [refuse(OTHERS)],
        {"peers_welcome": True, "adult_from": 10},
        who=NURSE,
        at=10,
        as_peer=True,
    ),
    "a refusal of new words dropped": case(
        [permit(OTHERS), refuse(OTHERS, reach=since(10))], [permit(OTHERS)], created=10, edited=None
    ),
    "a permit to find somebody in one community": case(
        [NO_POSTS], [NO_POSTS, permit(OTHERS, COMMUNITY, FIND)], where=COMMUNITY, action=Action.FIND
    ),
    "a refusal in a thread dropped, where the platform does not name the thread": case(
        [permit(CARE_TEAM, actions=KEEP), permit(NURSE, THREAD, KEEP), refuse(CARE_TEAM, THREAD, RECORD)],
        [permit(CARE_TEAM, actions=KEEP), permit(NURSE, THREAD, KEEP)],
        {"care_team": NURSE_IN_TEAM},
        who=NURSE,
        thread=NOT_SENT,
    ),
    "a refusal after contact dropped, where the platform does not tell who wrote first": case(
        [
            permit(CARE_TEAM, actions=KEEP),
            permit(NURSE, actions=KEEP, contact=Contact.AFTER),
            refuse(CARE_TEAM, actions=RECORD, contact=Contact.AFTER),
        ],
        [permit(CARE_TEAM, actions=KEEP), permit(NURSE, actions=KEEP, contact=Contact.AFTER)],
        {"care_team": NURSE_IN_TEAM},
        who=NURSE,
        patient_wrote_first=NOT_SENT,
    ),
    "a permit across two others, for words edited later": case(
        [permit(OTHERS, reach=until(10)), permit(OTHERS, reach=since(10))],
        [permit(OTHERS, reach=until(10)), permit(OTHERS, reach=since(10)), permit(OTHERS, reach=since(5))],
        created=10,
        edited=5,
    ),
    "a refusal at no time dropped, for words edited who knows when after an erasure": case(
        [permit(OTHERS), refuse(OTHERS, when=Interval(5, 5))],
        [permit(OTHERS)],
        {"erased": Tombstone(20)},
        created=20,
        edited=NOT_SENT,
    ),
    "a layer dropped, where another reaches words edited earlier": (
        patient(**AUTHOR, erased=Tombstone(20), layers=(Layer(None, (refuse(OTHERS, reach=Interval(10, 20)),)),)),
        patient(**AUTHOR, erased=Tombstone(20)),
        {"created": 20, "edited": 10},
    ),
    "a permit to reply, for a moderator of the flagged post": case(
        [], [permit(OTHERS, actions=REPLY)], {"adult_from": UNKNOWN}, action=Action.REPLY, flagged=True
    ),
    "a permit to reply, for a moderator where layers hide the post": case(
        [], [permit(OTHERS, actions=REPLY)], {"layers": NO_ONE_VIEWS}, action=Action.REPLY, flagged=True
    ),
    "a permit for the care team to reply, for a member with an emergency view": case(
        [],
        [permit(CARE_TEAM, EVERYWHERE, REPLY)],
        {"layers": NO_ONE_VIEWS, "care_team": NURSE_IN_TEAM, "emergency_yes_since": 10},
        who=NURSE,
        action=Action.REPLY,
        at=11,
    ),
}


def told_by(witness, name):
    """Look an attribute up where it is told."""
    if name == "after.step":
        return witness.after.step
    if name == "thread":
        return witness.request.words[0].thread
    if name == "flagged":
        return witness.request.flagged
    return witness.facts.viewer.hcp.assurance if name == "assurance" else getattr(witness, name)


@pytest.mark.parametrize("name", CASES)
def test_the_gain_is_found_and_told(name):
    before, after, told = CASES[name]
    witness = loosens(before, after)
    assert witness is not None
    assert {key: told_by(witness, key) for key in told} == told


def test_another_layer_is_left_behind_by_editing_later():
    kept = Layer(None, (refuse(OTHERS, reach=Interval(5, 12)),))
    gone = Layer(None, (refuse(OTHERS, reach=Interval(10, 20)),))
    known = AUTHOR | {"erased": Tombstone(20)}
    witness = loosens(patient(**known, layers=(kept, gone)), patient(**known, layers=(kept,)))
    assert witness is not None
    assert (witness.created, witness.edited) == (20, 12)
