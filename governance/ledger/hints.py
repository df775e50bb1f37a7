"""Who is to be told that there is something new for forums: the app says, in the transaction of what is new.

Whoever makes news does not know who carries it: a session knows by `session.info[HINTS]`, one without it tells nobody.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.decision.vocabulary import Instant


class Hint(StrEnum):
    """What there may be news of."""

    CHANGES = "changes"
    """A decision may be another one now: ask for the changes since the revision that you have."""
    POLICY = "policy_published"
    ACCOUNT = "account_event"
    """An account was deleted, merged, renamed or recycled, or its holder took it out of their record."""
    EXPOSURES = "exposures_wanted"
    """Send what was shown by your own decisions: somebody waits for it."""
    CANARY = "canary_wanted"
    """Let the probe walk again."""
    STANDING = "standing"
    """The forum is elsewhere in its life here, such as suspended: ask `GET /v1/standing`."""
    PING = "ping"
    """Nothing is new; somebody wanted to see whether hints arrive."""


class News(NamedTuple):
    """One piece of news. INVARIANT: `data` names no person and no account; it leaves the service."""

    hint: Hint
    platform_id: UUID | None
    """None is for every forum."""
    at: Instant
    data: Mapping[str, str | int] | None = None
    """None where it is looked up when the hint is sent, so that one hint stands for all that came since."""


HINTS: Final = "hints"
"""The key in `session.info`: a `Listener`."""
Listener = Callable[[Session, News], None]


def give_hint(session: Session, news: News) -> None:
    """Tell whoever the app named, if anybody, in the caller's transaction."""
    listener: Listener | None = session.info.get(HINTS)
    if listener is not None:
        listener(session, news)
