"""The universe of the drawn worlds: two platforms, two professionals, three authors, twelve instants."""

from typing import Final

from governance.decision.facts import Conduct
from governance.decision.provisions import EVERYWHERE, Place, Scale, Who, WhoKind
from governance.decision.vocabulary import (
    CONTENT_ACTIONS,
    PEER_ACTIONS,
    AccountKey,
    Action,
    Assurance,
    PlatformId,
    Posture,
    Status,
)

PLATFORMS: Final = (PlatformId("p"), PlatformId("p"), PlatformId("p"), PlatformId("q"))
COMMUNITIES: Final = ("c1", "c2", "c3")
THREADS: Final = ("t1", "t2", "t3")
POSTS: Final = ("w1", "w2", "w3")
PROFESSIONALS: Final = tuple(map(AccountKey, ("p/d1", "p/d2", "q/d1", "q/d2")))
TIED: Final = (frozenset(PROFESSIONALS[0::2]), frozenset(PROFESSIONALS[1::2]))
AUTHORS: Final = tuple(map(AccountKey, ("p/a1", "p/a2", "p/d2")))
NAMES: Final = tuple(Who(WhoKind.NAMED, name) for name in PROFESSIONALS)
ORGANISATIONS: Final = tuple(Who(WhoKind.ORGANISATION, name) for name in ("o1", "o2"))
PROFESSIONS: Final = tuple(Who(WhoKind.PROFESSION, name) for name in ("nurse", "doctor"))
CLASSES: Final = (Who(WhoKind.CARE_TEAM), Who(WhoKind.OTHERS))
WHOS: Final = (*NAMES, *ORGANISATIONS, *PROFESSIONS, *CLASSES, *CLASSES, *CLASSES)
PLACES: Final = (
    *(EVERYWHERE,) * 20,
    *(Place(Scale.PLATFORM, platform) for platform in PLATFORMS),
    *(Place(Scale.COMMUNITY, platform, name) for platform in PLATFORMS[2:] for name in COMMUNITIES),
    *(Place(Scale.THREAD, platform, name) for platform in PLATFORMS[2:] for name in THREADS[:2]),
    *(Place(Scale.POST, platform, name) for platform in PLATFORMS[2:] for name in POSTS[:2]),
)
ALL: Final = frozenset(Action)
BUNDLES: Final = (
    ALL,
    ALL,
    ALL,
    CONTENT_ACTIONS,
    PEER_ACTIONS,
    frozenset({Action.VIEW, Action.FIND}),
    frozenset({Action.VIEW, Action.REACT, Action.REPLY, Action.FIND}),
    frozenset({Action.MESSAGE, Action.MENTION}),
    frozenset({Action.VIEW}),
)
ASKED: Final = (*Action, *(Action.VIEW,) * 4, Action.REPLY, Action.MESSAGE, Action.MODERATE)
TO_A_PERSON: Final = (*(Action.MESSAGE,) * 4, Action.FIND, Action.CONNECT, Action.MENTION)
REGISTER: Final = {
    Status.GOOD: ALL,
    Status.RESTRICTED: frozenset({Action.VIEW, Action.FIND}),
    Status.STALE: frozenset({Action.VIEW, Action.REPLY}),
}
A3_IS_ENOUGH: Final = {Action.VIEW, Action.FIND, Action.REACT, Action.REPLY, Action.MODERATE}
ASSURANCE: Final = {action: Assurance.A3 if action in A3_IS_ENOUGH else Assurance.A4 for action in Action}
POSTURES: Final = (*Posture, Posture.INFORMED, Posture.HCP_PRESENT)
USUAL: Final = Conduct(ASSURANCE, REGISTER)
GRID: Final = tuple(range(12))
