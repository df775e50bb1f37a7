"""The life of a forum as tables: what may follow what, and what ends a hold by what began it (ADR 14)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple


class State(StrEnum):
    """Where a forum is in its life here."""

    TRYING = "trying"
    """Being connected; nothing proves yet that it keeps to what its members chose."""
    LIVE = "live"
    """A probe found nothing, and staff said of at least one community that it is live."""
    SUSPENDED = "suspended"
    """No professional is shown anything there."""
    ENDED = "ended"


class Event(StrEnum):
    """What moves a forum on."""

    GO_LIVE = "go_live"
    SUSPEND = "suspend"
    RESUME = "resume"
    TRY_AGAIN = "try_again"
    """A suspension ends of which nothing was live before: nobody proved that anything may be."""
    END = "end"


class Why(StrEnum):
    """Why a forum is suspended; and, of one that goes on, what it still owes for that."""

    LEAK = "leak"
    """A whole walk of the probe found words that nobody should have read. Before canaries had a word of their own, it
    stood for theirs as well."""
    CANARY = "canary"
    """The words that stay there for this were read."""
    SEEN = "seen"
    """Somebody told our staff of such words, wherever they stood."""
    STAFF = "staff"
    FORUM = "forum"
    """The forum asked for it: its off switch."""
    WALK_OWED = "walk_owed"
    """It goes on by the word of staff, and is held again unless a whole walk finds nothing in time."""


class Because(StrEnum):
    """What an officer says when they suspend a forum, or nothing. A closed list: the ledger keeps no free text."""

    SEEN = "seen"
    """Somebody saw words there that should have been hidden."""
    ASKED = "asked"
    """The people who run the forum asked for it."""
    SILENT = "silent"
    """Its checks stopped coming, or it cannot be reached."""
    OTHER = "other"


class Mended(StrEnum):
    """What staff say when they end a hold that no report can end alone. A closed list, as `Because` is."""

    PATCHED = "patched"
    """The forum mended its program, and somebody looked at the places that leaked."""
    REMOVED = "removed"
    """What leaked is gone from the forum: an extension, a page, a feed."""
    MISTAKEN = "mistaken"
    """The check was wrong: nobody could read the words."""
    OTHER = "other"


class Ending(NamedTuple):
    """What ends a hold. Each needs a clean report that was made since it began, and a member of staff."""

    width: int
    """How much of the forum what began it is about; what is narrower never takes its place."""
    by_walk: bool
    """Whether no report that can be made under a hold is wide enough: then staff say what was mended, and a whole walk
    has to follow.
    """


MOVES: Final[Mapping[tuple[State, Event], State]] = MappingProxyType(
    {
        (State.TRYING, Event.GO_LIVE): State.LIVE,
        (State.LIVE, Event.GO_LIVE): State.LIVE,
        (State.TRYING, Event.SUSPEND): State.SUSPENDED,
        (State.LIVE, Event.SUSPEND): State.SUSPENDED,
        (State.SUSPENDED, Event.RESUME): State.LIVE,
        (State.SUSPENDED, Event.TRY_AGAIN): State.TRYING,
        (State.TRYING, Event.END): State.ENDED,
        (State.LIVE, Event.END): State.ENDED,
        (State.SUSPENDED, Event.END): State.ENDED,
    }
)
"""Whatever is not in here is refused. Nothing leads out of the end."""
SHUT: Final = frozenset({State.SUSPENDED, State.ENDED})
"""Where no professional passes the gate."""
ENDINGS: Final[Mapping[Why, Ending]] = MappingProxyType(
    {
        Why.FORUM: Ending(0, by_walk=False),
        Why.STAFF: Ending(0, by_walk=False),
        Why.CANARY: Ending(1, by_walk=False),
        Why.SEEN: Ending(2, by_walk=True),
        Why.LEAK: Ending(2, by_walk=True),
    }
)
"""What began a hold, and what ends it."""
WALK_WITHIN: Final = 3 * 24 * 3_600 * 1_000_000
"""Microseconds after which a forum that owes a walk is held again."""


def ending_of(why: str) -> Ending:
    """Return what ends a hold; what is not in the table ends as hard as anything does."""
    known = ENDINGS.get(Why(why)) if why in set(Why) else None
    return max(ENDINGS.values()) if known is None else known
