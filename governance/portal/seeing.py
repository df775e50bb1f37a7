"""What somebody may do with a patient's posts now, decided by the very decision that forums ask for, in plain words."""

from dataclasses import replace
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.decide import decide
from governance.decision.facts import Author, Community, Conduct, Facts, Hcp, Request, Room, Setting, Viewer, Words
from governance.decision.provisions import ALWAYS, WhoKind
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
from governance.effective.facts import People
from governance.effective.present import in_force

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
        facts = replace(facts, viewer=_other())
    facts = _in_group(facts, posture, adult=_is_adult(facts.authors[patient.key], now))
    return [_seen(facts, patient, action, now) for action in _SHOWN]


def _other() -> Viewer:
    """Return a professional whom nothing but the patient's choices could keep out."""
    hcp = Hcp(status=Status.GOOD, checked_until=FOREVER, attested=ALWAYS, assurance=Assurance.A4)
    return Viewer(_SOMEBODY, frozenset({Mark.REGISTERED}), hcp)


def _in_group(facts: Facts, posture: Posture, *, adult: bool) -> Facts:
    room = Room(posture, Ages.ADULTS if adult else Ages.MIXED)
    return replace(facts, communities={_GROUP: Community((Setting(BEGINNING, *room),))}, strictest=room)


def _is_adult(author: Author, now: Instant) -> bool:
    return isinstance(author.adult_from, int) and author.adult_from <= now


def _seen(facts: Facts, patient: Patient, action: Action, now: Instant) -> Seen:
    words = Words(patient.key, _GROUP, _POST, _POST, created=now, edited=None)
    request = Request(
        platform=PlatformId(str(patient.platform_id)),
        viewer=facts.viewer.account,
        action=action,
        words=(words,),
        at=now,
        sender=patient.key,
        flagged=False,
        # The most that they could ever do: what it depends on is said beside it.
        initiated_by_patient=True,
    )
    decision = decide(request, facts)
    return Seen(action, decision.permit, _why(decision.verdict, facts.authors[patient.key]))


def _why(verdict: Verdict, author: Author) -> str:
    if verdict.step is Step.HOLD_OR_LAYER and author.hold:
        return "You are hidden."
    if verdict.step is Step.BLOCK and verdict.line is not None:
        return _BY_CHOICE[False][WhoKind.NAMED]
    if verdict.step is Step.PROVISIONS and verdict.line is not None:
        words = _BY_CHOICE[verdict.permit].get(verdict.line.who.kind, _BY_CHOICE[verdict.permit][WhoKind.PROFESSION])
        return f"{words} It begins when you write to them." if verdict.line.contact is Contact.AFTER else words
    return _BY_STEP[verdict.permit].get(verdict.step, _UNSURE)


_SHOWN: Final = tuple(action for action in Action if action is not Action.MODERATE)
_UNSURE: Final = "We cannot be sure. So the answer is no."
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
        Step.PEER: "They are here as a patient, like you.",
        Step.OPEN_COMMUNITY: "This kind of group is open to professionals. You have not said no.",
    },
    False: {
        Step.NOT_GOVERNED: "You, or staff for you, keep them away.",
        Step.GATE: "As a professional they may not do this now. They lack a proof, or have not agreed to the rules.",
        Step.ERASED: "You had your record deleted. What was closed stays closed.",
        Step.BLOCK: "Staff keep the two of you apart.",
        Step.HOLD_OR_LAYER: "Somebody closed this for you. Your choices say who.",
        Step.COMMUNITY: "This kind of group is for members alone.",
        Step.AGE: "It stays closed for people under 18. We do not know your age yet.",
        Step.PEER: "They are here as a patient. That is not open to them.",
        Step.NOTHING_PERMITS: "Nothing that you chose lets them.",
    },
}
