"""What a rule answers, and under which heading of the decision."""

from typing import Final, NamedTuple

from governance.decision.provisions import Provision
from governance.decision.vocabulary import AccountKey, Action, Capacity, Reason, Word


class Step(Word):
    """The place in the decision where an answer was found."""

    OWN_WORDS = "0"
    NOT_GOVERNED = "1"
    GATE = "2"
    ERASED = "3a"
    BLOCK = "3b"
    MODERATION = "3c"
    EMERGENCY = "3d"
    HOLD_OR_LAYER = "3e"
    COMMUNITY = "3f"
    AGE = "3g"
    PROVISIONS = "3h"
    PEER = "3i"
    OPEN_COMMUNITY = "3j"
    NOTHING_PERMITS = "3k"
    BROKEN = "broken"


class Verdict(NamedTuple):
    """One answer: permit or not, found where, decided by which line of whom."""

    permit: bool
    step: Step
    line: Provision | None = None
    author: AccountKey | None = None
    action: Action | None = None
    capacity: Capacity | None = None


class Decision(NamedTuple):
    """The answer for the platform (`permit`, `reason`) and, for our own log, the verdict behind it."""

    permit: bool
    reason: Reason
    verdict: Verdict


BROKEN: Final = Decision(permit=False, reason=Reason.REFUSED, verdict=Verdict(permit=False, step=Step.BROKEN))
"""The answer when a fact is missing or a rule fails: unknown refuses."""
