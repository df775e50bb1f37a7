"""Handing out the keys of the feed: in the ledger before they are out, once for each forum and its keys.

Who holds them can tell which rows of a stolen database are that forum's accounts, so that they left the house must be
found afterwards; a sidecar that is set up ten times is one fact and not ten.
"""

from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring, length_prefixed
from governance.decision.vocabulary import Instant
from governance.feed.models import HandedKeys
from governance.ledger.service import append, pseudonym
from governance.pep.wire.keys import WireKeys

_ENTRY: Final = "feed_keys"


def is_handed(session: Session, keyring: Keyring, platform_id: UUID, keys: WireKeys) -> bool:
    """Say whether the ledger knows that a forum has these keys."""
    return session.get(HandedKeys, (platform_id, _digest(keyring, keys))) is not None


def hand_out(session: Session, keyring: Keyring, platform_id: UUID, keys: WireKeys, now: Instant) -> None:
    """Enter that a forum has these keys, unless it was entered before."""
    if is_handed(session, keyring, platform_id, keys):
        return
    digest = _digest(keyring, keys)
    session.add(HandedKeys(platform_id=platform_id, keys_digest=digest, at=now))
    append(
        session, keyring, now, _ENTRY, {"platform": pseudonym(keyring, "platform", str(platform_id)), "keys": digest}
    )


def _digest(keyring: Keyring, keys: WireKeys) -> str:
    return pseudonym(keyring, _ENTRY, length_prefixed(keys.accounts, keys.places, keys.tokens).hex())
