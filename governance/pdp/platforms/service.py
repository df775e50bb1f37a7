"""What staff do with a forum that is more than its own state: a community goes live, a forum ends."""

from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.blind_index import place_key
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.effective.life.service import Life
from governance.pdp.communities import Communities


def go_live(session: Session, keyring: Keyring, platform_id: UUID, community: str, now: Instant) -> None:
    """Have a registered community enforce, and say to its members that it does.

    Raises `NotNowError`, `NotProvenError`, `NotFoundError`.
    """
    life = Life(session, keyring, platform_id, now)
    life.may_go_live()
    Communities(session, keyring, platform_id).enforce(community, now)
    life.go_live(place_key(keyring, platform_id, "community", community))
