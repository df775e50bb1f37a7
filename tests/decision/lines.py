"""A patient's lines, written as short as they are said, for tests of single edits."""

from governance.decision.facts import Author, CapacityRecord, Hcp, TeamEntry
from governance.decision.levels import provisions_of_level
from governance.decision.provisions import (
    ALWAYS,
    CARE_TEAM,
    EVERYWHERE,
    OTHERS,
    Interval,
    Place,
    Provision,
    Provisions,
    Scale,
    Who,
    WhoKind,
    named,
)
from governance.decision.vocabulary import BEGINNING, CONTENT_ACTIONS, FOREVER, Action, Capacity, Effect, Level

NURSE, DOCTOR = named("p/nurse"), named("p/doctor")
CLINIC, NURSES = Who(WhoKind.ORGANISATION, "clinic"), Who(WhoKind.PROFESSION, "nurse")
PLATFORM = Place(Scale.PLATFORM, "p")
COMMUNITY, THREAD, POST = (Place(scale, "p", "x") for scale in (Scale.COMMUNITY, Scale.THREAD, Scale.POST))
LOOK = frozenset({Action.VIEW})
CLOSED = provisions_of_level(Level.CLOSED, OTHERS, name="others")
CLOSED_TO_ALL = (*CLOSED, *provisions_of_level(Level.CLOSED, CARE_TEAM, name="team"))


def professional(during):
    """An author's own record as a professional."""
    return Hcp(capacities=(CapacityRecord(Capacity.PROFESSIONAL, "p", None, during),))


AS_PROFESSIONAL = professional(ALWAYS)


def permit(who, where=EVERYWHERE, actions=LOOK, **more):
    return Provision("+", Effect.PERMIT, who, where, frozenset(actions), **more)


def refuse(who, where=EVERYWHERE, actions=LOOK, **more):
    return Provision("-", Effect.REFUSE, who, where, frozenset(actions), **more)


def patient(*lines, **more):
    plain = {"record": True, "adult_from": BEGINNING, "covered": dict.fromkeys(Action, ALWAYS)}
    return Author("p/patient", provisions=Provisions(lines), **(plain | more))


def until(end):
    return Interval(BEGINNING, end)


def since(start):
    return Interval(start, FOREVER)


AUTHOR = {"hcp": AS_PROFESSIONAL, "record": False, "adult_from": FOREVER}
"""A professional without a patient's record."""
NURSE_IN_TEAM, DOCTOR_IN_TEAM = ((TeamEntry(who),) for who in (NURSE, DOCTOR))
RECORD, MESSAGE, FIND, REPLY = (frozenset({Action(name)}) for name in ("record", "message", "find", "reply"))
NO_POSTS = refuse(OTHERS, actions=CONTENT_ACTIONS)
