"""What somebody may do with a patient's posts now, decided by the very decision that forums ask for, in plain words."""

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.decide import decide
from governance.decision.facts import Author, Community, Conduct, Facts, Hcp, Request, Room, Setting, Viewer, Words
from governance.decision.provisions import ALWAYS, WhoKind
from governance.decision.rooms import room_of
from governance.decision.verdicts import Step, Verdict
from governance.decision.vocabulary import (
    BEGINNING,
    FOREVER,
    AccountKey,
    Action,
    Ages,
    Assurance,
    Contact,
    Instant,
    Mark,
    PlatformId,
    Posture,
    Status,
)
from governance.effective.facts import FactsReader, People
from governance.effective.present import in_force
from governance.optout.ages import Age

_GROUP: Final = "group"
_POST: Final = "post"
_SOMEBODY: Final = AccountKey("")


class Kind(StrEnum):
    """Whom one can look as, besides a professional by name."""

    OTHER = "other"
    """A professional who is not in the care team, proven in every way."""
    MEMBER = "member"
    SIGNED_OUT = "signed_out"


class Seen(NamedTuple):
    """One action: whether it may be done, and why, in a sentence."""

    action: Action
    permit: bool
    why: str


class Patient(NamedTuple):
    """Whose posts are looked at: their account and its platform."""

    key: AccountKey
    platform_id: UUID


class Terms(NamedTuple):
    """In what kind of group, by which rules, and when."""

    posture: Posture
    conduct: Conduct
    now: Instant


def seen_by(session: Session, keyring: Keyring, patient: Patient, whom: Kind | AccountKey, terms: Terms) -> list[Seen]:
    """Return what somebody may do with a patient's posts on these terms. Raises `BrokenRowError`."""
    posture, conduct, now = terms
    if whom is Kind.SIGNED_OUT:
        return [Seen(action, action is Action.VIEW, _SIGNED_OUT[action is Action.VIEW]) for action in _SHOWN]
    viewer = whom if not isinstance(whom, Kind) else _SOMEBODY
    reader = in_force(session, keyring, patient.platform_id)
    facts = reader.facts(People(viewer, frozenset({patient.key})), [], conduct)
    if whom is Kind.OTHER:
        facts = replace(facts, viewer=_proven(Viewer(_SOMEBODY, frozenset({Mark.REGISTERED}))))
    groups = (_GROUP, *_groups_of_their_own(reader, facts, patient, posture, now))
    facts = _in_groups(facts, groups, posture, _age(facts.authors[patient.key], now))
    look = _Look(facts, replace(facts, viewer=_proven(facts.viewer)), groups, patient, now)
    return [_seen(look, action) for action in _SHOWN]


class _Look(NamedTuple):
    facts: Facts
    proven: Facts
    """The same with a viewer whom nothing but the patient's choices could keep out."""
    groups: tuple[str, ...]
    patient: Patient
    now: Instant


def _proven(viewer: Viewer) -> Viewer:
    """Return a viewer as a professional and nothing else, proven in every way."""
    proofs = Hcp(status=Status.GOOD, checked_until=FOREVER, attested=ALWAYS, assurance=Assurance.A4)
    return replace(viewer, hcp=replace(proofs, accounts=viewer.hcp.accounts, claims=viewer.hcp.claims))


def _groups_of_their_own(
    reader: FactsReader, facts: Facts, patient: Patient, posture: Posture, now: Instant
) -> list[str]:
    """Return the groups of this kind for which the viewer said how they are there."""
    platform = str(patient.platform_id)
    capacities = facts.viewer.hcp.capacities
    said = {one.community for one in capacities if one.platform == platform and one.community is not None}
    if not said:
        return []
    known, strictest = reader.places(said)
    there = replace(facts, communities=known, strictest=strictest)
    return [
        group
        for group in sorted(known)
        if room_of(there, _post(patient, group, now), now, now_only=True).posture is posture
    ]


def _in_groups(facts: Facts, groups: Iterable[str], posture: Posture, age: Age) -> Facts:
    room = Room(posture, Ages.ADULTS if age is Age.ADULT else Ages.MIXED)
    settings = Community((Setting(BEGINNING, *room),))
    return replace(facts, communities=dict.fromkeys(groups, settings), strictest=room)


def _age(author: Author, now: Instant) -> Age:
    return Age.at(author.adult_from if isinstance(author.adult_from, int) else None, now)


def _post(patient: Patient, group: str, now: Instant) -> Words:
    return Words(patient.key, group, _POST, _POST, created=now, edited=None)


def _seen(look: _Look, action: Action) -> Seen:
    permit = any(decide(_asked(look, action, group), look.facts).permit for group in look.groups)
    # INVARIANT: the reason is the one for a professional in good standing. How somebody is here, and what a check
    # of them found, is theirs: where it changes the answer, a sentence says no more than the answer does.
    proven = decide(_asked(look, action, _GROUP), look.proven)
    if proven.permit is not permit:
        return Seen(action, permit, _OTHERWISE[permit])
    return Seen(action, permit, _why(proven.verdict, look.facts.authors[look.patient.key], look.now))


def _asked(look: _Look, action: Action, group: str) -> Request:
    return Request(
        platform=PlatformId(str(look.patient.platform_id)),
        viewer=look.facts.viewer.account,
        action=action,
        words=(_post(look.patient, group, look.now),),
        at=look.now,
        sender=look.patient.key,
        flagged=False,
        # The most that they could ever do: what it depends on is said beside it.
        initiated_by_patient=True,
    )


def _why(verdict: Verdict, author: Author, now: Instant) -> str:
    if verdict.step is Step.HOLD_OR_LAYER and author.hold:
        return "You are hidden."
    if verdict.step is Step.AGE:
        return f"It {_age(author, now).keeps_closed}."
    if verdict.step is Step.BLOCK and verdict.line is not None:
        return _BY_CHOICE[False][WhoKind.NAMED]
    if verdict.step is Step.PROVISIONS and verdict.line is not None:
        words = _BY_CHOICE[verdict.permit].get(verdict.line.who.kind, _BY_CHOICE[verdict.permit][WhoKind.PROFESSION])
        return f"{words} It begins when you write to them." if verdict.line.contact is Contact.AFTER else words
    return _BY_STEP[verdict.permit].get(verdict.step, _UNSURE)


_SHOWN: Final = tuple(action for action in Action if action is not Action.MODERATE)
_UNSURE: Final = "We cannot be sure. So the answer is no."
_OTHERWISE: Final = {
    True: "In some groups of this kind it is open to them.",
    False: "It is not open to them now.",
}
_SIGNED_OUT: Final = {
    True: "In a public group, anybody can read. We cannot stop that.",
    False: "They would have to sign in first.",
}
_BY_CHOICE: Final = {
    True: {
        WhoKind.NAMED: "By name, you said yes to this.",
        WhoKind.CARE_TEAM: "You let your care team do it.",
        WhoKind.OTHERS: "You let all other professionals do it.",
        WhoKind.PROFESSION: "You let them do it.",
    },
    False: {
        WhoKind.NAMED: "By name, you said no to this.",
        WhoKind.CARE_TEAM: "You said no to your care team.",
        WhoKind.OTHERS: "You said no to professionals outside your care team.",
        WhoKind.PROFESSION: "You said no to them.",
    },
}
_BY_STEP: Final = {
    True: {
        Step.NOT_GOVERNED: "They are not here as a health professional. Your choices do not reach them.",
        Step.OWN_WORDS: "These are your own posts.",
        Step.OPEN_COMMUNITY: "This kind of group is open to professionals. You have not said no.",
    },
    False: {
        Step.NOT_GOVERNED: "You, or staff for you, keep them away.",
        Step.GATE: "The rules let no professional do this now.",
        Step.ERASED: "You had your record deleted. What was closed stays closed.",
        Step.BLOCK: "Staff keep the two of you apart.",
        Step.HOLD_OR_LAYER: "Somebody closed this for you. Your choices say who.",
        Step.COMMUNITY: "This kind of group is for members alone.",
        Step.NOTHING_PERMITS: "Nothing that you chose lets them.",
    },
}
