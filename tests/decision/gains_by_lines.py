"""Gains by a line more or less: each is closed to everybody else, so the witness is the one told."""

from governance.decision.facts import Layer, TeamEntry, Tombstone
from governance.decision.provisions import CARE_TEAM, EVERYWHERE, OTHERS, Interval
from governance.decision.vocabulary import (
    BEGINNING,
    FOREVER,
    NOT_SENT,
    UNKNOWN,
    Action,
    Ages,
    Assurance,
    Contact,
    Posture,
)
from tests.decision.lines import (
    AUTHOR,
    CLINIC,
    COMMUNITY,
    DOCTOR,
    DOCTOR_IN_TEAM,
    FIND,
    MESSAGE,
    NO_POSTS,
    NURSE,
    NURSE_IN_TEAM,
    NURSES,
    PLATFORM,
    RECORD,
    REPLY,
    THREAD,
    patient,
    permit,
    professional,
    refuse,
    since,
    until,
)

KEEP = {Action.RECORD, Action.VIEW}
NO_ONE_VIEWS = (Layer(None, (refuse(OTHERS), refuse(CARE_TEAM))),)


def case(before, after, known=None, **told):
    """Two sets of lines, what else is known on both sides, and what the witness must say."""
    return patient(*before, **(known or {})), patient(*after, **(known or {})), told


BY_LINES = {
    "a member may message a minor, as a new permit for the clinic allows": case(
        [],
        [permit(CLINIC, actions=MESSAGE)],
        {"adult_from": FOREVER, "care_team": NURSE_IN_TEAM},
        who=NURSE,
        action=Action.MESSAGE,
    ),
    "somebody named may message a minor, as a new permit for the clinic allows": case(
        [permit(NURSE, actions=MESSAGE), refuse(OTHERS, COMMUNITY, MESSAGE)],
        [permit(NURSE, actions=MESSAGE), refuse(OTHERS, COMMUNITY, MESSAGE), permit(CLINIC, COMMUNITY, MESSAGE)],
        {"adult_from": FOREVER},
        who=NURSE,
        where=COMMUNITY,
    ),
    "a minor in a mixed community may be messaged by somebody newly named": case(
        [permit(OTHERS, actions=MESSAGE)],
        [permit(OTHERS, actions=MESSAGE), permit(NURSE, actions=MESSAGE)],
        {"adult_from": UNKNOWN},
        who=NURSE,
        action=Action.MESSAGE,
        ages=Ages.MIXED,
    ),
    "a new permit counts once the author is of age": case(
        [NO_POSTS], [NO_POSTS, permit(OTHERS, actions=FIND)], {"adult_from": 10}, at=10, action=Action.FIND
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
    "a permit to reply, for a moderator of the flagged post": case(
        [], [permit(OTHERS, actions=REPLY)], {"adult_from": UNKNOWN}, action=Action.REPLY, flagged=True
    ),
    "a permit to reply, for a moderator where layers hide the post": case(
        [], [permit(OTHERS, actions=REPLY)], {"layers": NO_ONE_VIEWS}, action=Action.REPLY, flagged=True
    ),
    "a refusal before contact dropped": case(
        [permit(OTHERS), refuse(OTHERS, contact=Contact.BEFORE)], [permit(OTHERS)], patient_wrote_first=False
    ),
    "a refusal after contact dropped": case(
        [permit(OTHERS), refuse(OTHERS, contact=Contact.AFTER)], [permit(OTHERS)], patient_wrote_first=True
    ),
    "a permit to view after contact": case([], [permit(OTHERS, contact=Contact.AFTER)], patient_wrote_first=True),
    "a permit that has ended when the words are written": case(
        [], [permit(OTHERS, when=until(10), reach=since(50))], at=BEGINNING, created=50
    ),
    "a refusal of the care team dropped": case(
        [permit(NURSE), refuse(CARE_TEAM, COMMUNITY)],
        [permit(NURSE)],
        {"care_team": NURSE_IN_TEAM},
        who=NURSE,
        also=(CARE_TEAM,),
        where=COMMUNITY,
    ),
    "a refusal in a thread dropped, where only an unnamed thread escapes the permit in it": case(
        [permit(NURSE, THREAD), refuse(CARE_TEAM, THREAD), refuse(OTHERS)],
        [permit(NURSE, THREAD), refuse(OTHERS)],
        {"care_team": NURSE_IN_TEAM},
        who=NURSE,
        thread=NOT_SENT,
        posture=Posture.HCP_PRESENT,
    ),
    "a refusal after contact dropped, where only unknown contact escapes the permit": case(
        [permit(NURSE, contact=Contact.AFTER), refuse(CARE_TEAM, contact=Contact.AFTER), refuse(OTHERS)],
        [permit(NURSE, contact=Contact.AFTER), refuse(OTHERS)],
        {"care_team": NURSE_IN_TEAM},
        who=NURSE,
        patient_wrote_first=NOT_SENT,
    ),
    "a permit to record, for a member who may view one thread": case(
        [permit(CARE_TEAM, THREAD)],
        [permit(CARE_TEAM, THREAD), permit(CARE_TEAM, actions=RECORD)],
        {"care_team": NURSE_IN_TEAM},
        who=NURSE,
        where=THREAD,
    ),
    "a permit to record, for a member who may view nothing but one thread": case(
        [refuse(CARE_TEAM), permit(CARE_TEAM, THREAD)],
        [refuse(CARE_TEAM), permit(CARE_TEAM, THREAD), permit(CARE_TEAM, actions=RECORD)],
        {"care_team": NURSE_IN_TEAM},
        who=NURSE,
        where=THREAD,
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
