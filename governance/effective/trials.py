"""Where a platform only tries this out: its communities that observe show everything, whatever was chosen."""

from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.effective.models import InForce
from governance.effective.present import in_force


def is_on_trial(session: Session, keyring: Keyring, platform_id: UUID, now: Instant) -> bool:
    """Say whether any community of a platform observes now. Raises `BrokenRowError`."""
    communities, _ = in_force(session, keyring, platform_id).places(InForce.communities_of(session, platform_id))
    return any(community.observes_from <= now for community in communities.values())
