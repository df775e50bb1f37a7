"""Gains by a change of other records: each is closed to everybody else, so the witness is the one told."""

from governance.decision.facts import CapacityRecord, Hcp, Layer, PairBlock, Tombstone
from governance.decision.provisions import ALWAYS, CARE_TEAM, OTHERS, Interval, Place, Scale
from governance.decision.verdicts import Step
from governance.decision.vocabulary import (
    BEGINNING,
    FOREVER,
    UNKNOWN,
    Action,
    Ages,
    Capacity,
    Posture,
)
from tests.decision.lines import (
    AS_PROFESSIONAL,
    AUTHOR,
    CLINIC,
    COMMUNITY,
    FIND,
    MESSAGE,
    NO_POSTS,
    NURSE,
    NURSE_IN_TEAM,
    PLATFORM,
    THREAD,
    patient,
    permit,
    professional,
    refuse,
    until,
)

TALK = {Action.VIEW, Action.REACT, Action.REPLY}
IN_COMMUNITY = Hcp(capacities=(CapacityRecord(Capacity.PROFESSIONAL, "p", "x", ALWAYS),))

BY_FACTS = {
    "a new member may message a minor, as a permit for the clinic allows": (
        patient(permit(CLINIC, actions=MESSAGE), adult_from=FOREVER),
        patient(permit(CLINIC, actions=MESSAGE), adult_from=FOREVER, care_team=NURSE_IN_TEAM),
        {"who": NURSE, "action": Action.MESSAGE},
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
    "a layer dropped, where another reaches words edited earlier": (
        patient(**AUTHOR, erased=Tombstone(20), layers=(Layer(None, (refuse(OTHERS, reach=Interval(10, 20)),)),)),
        patient(**AUTHOR, erased=Tombstone(20)),
        {"created": 20, "edited": 10},
    ),
    "an age no longer known, where only adults are": (
        patient(NO_POSTS, permit(OTHERS, actions=FIND), adult_from=20),
        patient(NO_POSTS, permit(OTHERS, actions=FIND), adult_from=UNKNOWN),
        {"at": BEGINNING, "action": Action.FIND, "ages": Ages.ADULTS},
    ),
    "a layer against somebody named dropped in part, for who is no professional": (
        patient(hold=True, layers=(Layer(None, (refuse(NURSE, actions=FIND), refuse(NURSE, actions=MESSAGE))),)),
        patient(hold=True, layers=(Layer(None, (refuse(NURSE, actions=MESSAGE),)),)),
        {"who": NURSE, "capacity": None, "action": Action.FIND},
    ),
    "a refusal by name that never applied dropped, for a moderator of what all others may view": (
        patient(permit(OTHERS), layers=(Layer("p", (refuse(NURSE, Place(Scale.PLATFORM, "q")),)),)),
        patient(permit(OTHERS)),
        {"who": NURSE, "after.step": Step.MODERATION, "posture": Posture.PEER_ONLY},
    ),
    "an acknowledgement of replies alone": (
        patient(permit(OTHERS, actions=TALK), covered=dict.fromkeys((Action.VIEW, Action.REACT), ALWAYS)),
        patient(permit(OTHERS, actions=TALK), covered=dict.fromkeys((Action.VIEW, Action.REACT, Action.REPLY), ALWAYS)),
        {"action": Action.REPLY},
    ),
    "a hold lifted, once a block has ended": (
        patient(permit(NURSE), adult_from=UNKNOWN, blocks=(PairBlock("p/nurse", until(10)),), hold=True),
        patient(permit(NURSE), adult_from=UNKNOWN, blocks=(PairBlock("p/nurse", until(10)),)),
        {"who": NURSE, "at": 10},
    ),
    "a hold lifted, for what the author wrote as a professional in one community": (
        patient(**AUTHOR | {"hcp": IN_COMMUNITY}, hold=True),
        patient(**AUTHOR | {"hcp": IN_COMMUNITY}),
        {"where": COMMUNITY, "after.step": Step.COMMUNITY},
    ),
    "a professional's record told, of somebody without a patient's": (
        patient(**AUTHOR | {"hcp": None}),
        patient(**AUTHOR),
        {"where": PLATFORM, "after.step": Step.COMMUNITY},
    ),
    "a longer time as a professional told, of somebody without a patient's record": (
        patient(**AUTHOR | {"hcp": professional(until(10))}),
        patient(**AUTHOR | {"hcp": professional(until(20))}),
        {"created": 10, "after.step": Step.COMMUNITY},
    ),
}
