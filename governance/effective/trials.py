"""Where a platform only tries this out: its communities that observe show everything, whatever was chosen."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.effective.models import InForce
from governance.effective.present import in_force


class Trial(NamedTuple):
    """In how many of a platform's communities nothing is enforced yet."""

    observing: int
    communities: int
    """All that the platform registered."""


def trial_on(session: Session, keyring: Keyring, platform_id: UUID, now: Instant) -> Trial:
    """Return how many communities of a platform observe now, and how many there are. Raises `BrokenRowError`."""
    communities = (
        in_force(session, keyring, platform_id).places(InForce.communities_of(session, platform_id)).communities
    )
    return Trial(sum(community.observes_from <= now for community in communities.values()), len(communities))


def is_on_trial(session: Session, keyring: Keyring, platform_id: UUID, now: Instant) -> bool:
    """Say whether any community of a platform observes now. Raises `BrokenRowError`."""
    return trial_on(session, keyring, platform_id, now).observing > 0
