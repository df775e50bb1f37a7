"""How the desk stands: who could read a report that is filed now, forum by forum."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.decision.vocabulary import Instant
from governance.identity.models import Platform
from governance.reporting.vaults.duty import FEWEST, Reader, is_recent, officers

OF_NONE = "no forum"


class Standing(NamedTuple):
    """Who reads what is filed about one forum."""

    forum: str
    platform_id: UUID | None
    recent: tuple[Reader, ...]
    """Those whose passphrase worked within 30 days."""
    most: int
    """With those whose passphrase is longer ago."""

    @property
    def is_open(self) -> bool:
        """Whether reports are taken."""
        return len(self.recent) >= FEWEST

    @property
    def is_of_none(self) -> bool:
        """Whether these are the reports about no forum."""
        return self.platform_id is None


def standing(session: Session, now: Instant) -> list[Standing]:
    """Return how every forum stands that goes on, and reports about none."""
    places = [(one.shown, one.id) for one in Platform.all_by_name(session) if one.ended is None]
    found = []
    for name, platform_id in (*places, (OF_NONE, None)):
        everybody = officers(session, platform_id)
        recent = tuple(one for one in everybody if is_recent(one, now))
        found.append(Standing(name, platform_id, recent, len(everybody)))
    return found
