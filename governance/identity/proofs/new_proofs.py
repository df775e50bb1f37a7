"""From when a new PIN or passkey counts. No HTTP, no clock."""

from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.decision.vocabulary import Instant
from governance.identity.links.models import Passkey, Pin
from governance.identity.models import Account

_NEW: Final = 60 * 60 * 1_000_000
"""How long an account is new: the first proof that is set meanwhile counts at once."""
WAIT: Final = 24 * 60 * 60 * 1_000_000
"""How long a proof that nobody proved anything for does not count: whoever took a phone is found out first."""


def counts_from(session: Session, account_id: UUID, now: Instant, *, is_proved: bool) -> Instant:
    """Return from when a proof counts that somebody sets now, given with whether they just proved who they are."""
    account = session.get_one(Account, account_id)
    is_first = now - account.created < _NEW and not _ever_had_one(session, account_id, now)
    return now if is_proved or is_first else Instant(now + WAIT)


def has_proof(session: Session, account_id: UUID, now: Instant) -> bool:
    """Say whether somebody has a PIN or a passkey that counts."""
    return _has_pin(session, account_id, now) or any(
        passkey.sealed_data is not None and passkey.counts_from <= now
        for passkey in Passkey.of_account(session, account_id)
    )


def _ever_had_one(session: Session, account_id: UUID, now: Instant) -> bool:
    # A passkey that was removed too: removing the last proof must not make the next one count at once.
    return _has_pin(session, account_id, now) or bool(Passkey.of_account(session, account_id))


def _has_pin(session: Session, account_id: UUID, now: Instant) -> bool:
    pin = session.get(Pin, account_id)
    if pin is None:
        return False
    next_counts = pin.sealed_next is not None and pin.next_from is not None and pin.next_from <= now
    return pin.sealed_verifier is not None or next_counts
