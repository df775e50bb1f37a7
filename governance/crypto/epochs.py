"""Which epoch wraps: the newest one ever used with this database, whatever keys a process happens to hold."""

import hmac
from typing import Final

from sqlalchemy.orm import Session

from governance.crypto.keys import Epoch, EpochGoneError, Keyring, hkdf, length_prefixed
from governance.crypto.models import UsedEpoch

_PROOF_BYTES: Final = 16


def wrapping_epoch(session: Session, keyring: Keyring) -> Epoch:
    """Return the epoch to wrap under, noting it if it is used for the first time. Raises `EpochGoneError`."""
    used = UsedEpoch.newest(session)
    if used is None or used.number < keyring.newest.number:
        epoch = keyring.newest
        session.add(UsedEpoch(number=epoch.number, proof=_proof(epoch)))
        # A second data key in this transaction must find it.
        session.flush()
        return epoch
    epoch = keyring.epoch(f"e{used.number}")
    if not hmac.compare_digest(_proof(epoch), used.proof):
        raise EpochGoneError(
            "this epoch was made twice, with two keys; bring the key document here with which the rotation was done"
        )
    return epoch


def last_used(session: Session) -> int:
    """Return the number of the epoch used last; 1 before the first data key."""
    used = UsedEpoch.newest(session)
    return 1 if used is None else used.number


def _proof(epoch: Epoch) -> bytes:
    return hkdf(epoch.key, length_prefixed("governance.v2.epoch", epoch.id), length=_PROOF_BYTES)
