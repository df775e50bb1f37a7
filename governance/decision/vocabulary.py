"""The closed lists: actions, levels, capacities, postures, reasons. One word per thing."""

from enum import Enum, IntEnum, StrEnum
from typing import Final, Literal, NewType

Instant = NewType("Instant", int)
"""Microseconds since 1970-01-01T00:00:00Z; always UTC, never a local time."""

AccountKey = NewType("AccountKey", str)
"""One account on one platform: opaque, compared as it is, never folded."""

PlatformId = NewType("PlatformId", str)

BEGINNING: Final = Instant(-(2**62))
FOREVER: Final = Instant(2**62)


class NotSent(Enum):
    """The platform did not say. Distinct from a value that is known to be absent."""

    NOT_SENT = "not_sent"


NOT_SENT: Final = NotSent.NOT_SENT
NotSentType = Literal[NotSent.NOT_SENT]


class Unknown(Enum):
    """Nobody told us. Rules read it in the way that protects the patient."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN
UnknownType = Literal[Unknown.UNKNOWN]


class Word(StrEnum):
    """A word of a closed list; hashed as the plain string it is, which is three times faster."""

    __hash__ = str.__hash__


class Action(Word):
    """What a professional wants to do (AuthZEN `action.name`)."""

    VIEW = "view"
    REACT = "react"
    REPLY = "reply"
    QUOTE = "quote"
    RECORD = "record"
    USE_IN_CARE = "use_in_care"
    RESEARCH = "research"
    MODERATE = "moderate"
    FIND = "find"
    LOOK_UP = "look_up"
    MENTION = "mention"
    MESSAGE = "message"
    CONNECT = "connect"


PERSON_ACTIONS: Final = frozenset({Action.FIND, Action.LOOK_UP, Action.MENTION, Action.MESSAGE, Action.CONNECT})
CONTENT_ACTIONS: Final = frozenset(Action) - PERSON_ACTIONS
OPEN_ACTIONS: Final = frozenset({Action.VIEW, Action.REACT, Action.REPLY})
"""What a community that is open to professionals opens."""
PEER_ACTIONS: Final = OPEN_ACTIONS | {Action.FIND, Action.MENTION, Action.MESSAGE, Action.CONNECT}
"""What a professional may do as any member while here as a patient."""


class Level(Word):
    """A named bundle of actions that a patient picks."""

    CLOSED = "closed"
    SEEN = "seen"
    ANSWERED = "answered"
    IN_TOUCH = "in_touch"
    PART_OF_CARE = "part_of_care"


class Effect(Word):
    """What a provision says."""

    PERMIT = "permit"
    REFUSE = "refuse"


class Contact(Word):
    """Whether a provision depends on who wrote first."""

    ANY = "any"
    AFTER = "after"
    """Only once the patient wrote first."""
    BEFORE = "before"
    """Only as long as the patient has not written first."""


class Capacity(Word):
    """How a professional is here: a record with us, never a claim in a request."""

    PROFESSIONAL = "professional"
    PEER = "peer"


class Posture(Word):
    """What a community says about professionals before anybody joins."""

    PEER_ONLY = "peer_only"
    INFORMED = "informed"
    HCP_PRESENT = "hcp_present"


POSTURE_STRICTNESS: Final = {Posture.PEER_ONLY: 0, Posture.INFORMED: 1, Posture.HCP_PRESENT: 2}


class Ages(Word):
    """Who may join a community."""

    MIXED = "mixed"
    ADULTS = "adults"


class Status(Word):
    """What the register said of a professional's registration."""

    GOOD = "good"
    RESTRICTED = "restricted"
    LAPSED = "lapsed"
    SUSPENDED = "suspended"
    REMOVED = "removed"
    UNKNOWN = "unknown"
    STALE = "stale"


class Assurance(IntEnum):
    """How sure we are who a professional is."""

    A0 = 0
    """Self-declared."""
    A1 = 1
    """The platform vouches."""
    A2 = 2
    """A document or an employer's address was seen."""
    A3 = 3
    """Name and number matched on the public register; not proof of the person."""
    A4 = 4
    """A3 and proof of control."""


class Mark(Word):
    """Why an account is governed."""

    REGISTERED = "registered"
    DECLARED = "declared"
    OFFICER = "officer"


class Reason(Word):
    """All that leaves the service about a decision."""

    PERMITTED = "permitted"
    NOT_GOVERNED = "not_governed"
    HCP_NOT_ELIGIBLE = "hcp_not_eligible"
    REFUSED = "refused"
