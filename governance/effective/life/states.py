"""The life of a forum as a table: what may follow what, and what needs a probe's clean report."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


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
    """Why a forum is suspended."""

    LEAK = "leak"
    """A probe, or its canaries, found words that nobody should have read."""
    STAFF = "staff"
    FORUM = "forum"
    """The forum asked for it: its off switch."""


class Because(StrEnum):
    """What an officer says when they suspend a forum, or nothing. A closed list: the ledger keeps no free text."""

    SEEN = "seen"
    """Somebody saw words there that should have been hidden."""
    ASKED = "asked"
    """The people who run the forum asked for it."""
    SILENT = "silent"
    """Its checks stopped coming, or it cannot be reached."""
    OTHER = "other"


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
