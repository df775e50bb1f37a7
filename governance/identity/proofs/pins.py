"""PINs by which people who come by links prove who they are. No HTTP, no clock."""

import os
import re
from dataclasses import dataclass, field
from itertools import pairwise
from threading import BoundedSemaphore
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from sqlalchemy.orm import Session

from governance.crypto.data_keys import DataKey, DataKeys, owner_of
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.identity.errors import BadPinError, PinLockedError
from governance.identity.links.models import Pin
from governance.identity.proofs.new_proofs import counts_from
from governance.ledger.rows import keep

_MINUTE: Final = 60_000_000
_DIGITS: Final = re.compile(r"[0-9]{6,32}")
_TRIES: Final = 5
_LOCKS: Final = (15 * _MINUTE, 60 * _MINUTE, 24 * 60 * _MINUTE)
"""How long nobody may guess after five wrong ones, after ten, and after every five more."""
_PLACES: Final = ("pin", "verifier")
_KIBIBYTES: Final = 64 * 1024
_at_once: Final = BoundedSemaphore(2)
"""Each takes 64 MiB for a tenth of a second."""


@dataclass(frozen=True, slots=True)
class PinState:
    """What somebody may know of their PIN."""

    counts: bool
    next_from: Instant | None
    locked_until: Instant | None


@dataclass(frozen=True, slots=True)
class Guess:
    """A guess that is counted already, and what it is to be held against."""

    account_id: UUID
    verifier: str = field(repr=False)


def pin_state(session: Session, account_id: UUID, now: Instant) -> PinState:
    """Say whether an account has a PIN that counts, or one that will, and whether guessing is locked."""
    row = session.get(Pin, account_id)
    if row is None:
        return PinState(counts=False, next_from=None, locked_until=None)
    waits = row.next_from is not None and row.next_from > now
    return PinState(
        counts=row.sealed_verifier is not None or (row.sealed_next is not None and not waits),
        next_from=Instant(row.next_from) if row.next_from is not None and waits else None,
        locked_until=Instant(row.locked_until) if row.locked_until > now else None,
    )


def set_pin(session: Session, keyring: Keyring, account_id: UUID, wanted: tuple[str, bool], *, now: Instant) -> Instant:
    """Set a PIN, given with whether its owner just proved who they are; return from when it counts.

    Raises `BadPinError`, also where another one waits: a waiting one is taken away first, for all to see.
    """
    digits, is_proved = wanted
    _check(digits)
    begins = counts_from(session, account_id, now, is_proved=is_proved)
    row = Pin.locked(session, account_id)
    if row is None:
        row = Pin(account_id=account_id, failures=0, locked_until=0)
        session.add(row)
    _begin_to_count(row, now)
    if row.sealed_next is not None and not is_proved:
        # THREAT: who took a phone sets another PIN over the one that its owner waits for, and nobody sees it.
        raise BadPinError("a new PIN waits already; if it is not the one you set, take it away first")
    row.next_from = begins
    key = _key(session, keyring, account_id)
    row.sealed_next = key.seal(_derived(keyring, account_id, digits).encode(), *_PLACES, str(account_id))
    keep(session, keyring, row, of=owner_of("account", account_id))
    return begins


def drop_next(session: Session, keyring: Keyring, account_id: UUID, *, now: Instant) -> None:
    """Forget a new PIN that does not count yet."""
    row = Pin.locked(session, account_id)
    if row is not None:
        # Without this, a thief could drop the very first PIN and set one that counts at once.
        _begin_to_count(row, now)
        row.sealed_next = row.next_from = None
        keep(session, keyring, row, of=owner_of("account", account_id))


def begin_guess(session: Session, keyring: Keyring, account_id: UUID, *, now: Instant) -> Guess:
    """Count a guess and return it; to be committed before it is looked at. Raises `PinLockedError`.

    Counted afterwards, many guesses at the same moment would count as one.
    """
    row = Pin.locked(session, account_id)
    if row is not None:
        _begin_to_count(row, now)
    if row is None or row.sealed_verifier is None or row.locked_until > now:
        raise PinLockedError("this PIN cannot be used just now; nothing was changed, wait and try again later")
    row.failures += 1
    if row.failures % _TRIES == 0:
        row.locked_until = now + _LOCKS[min(row.failures // _TRIES, len(_LOCKS)) - 1]
    key = _key(session, keyring, account_id)
    return Guess(account_id, key.unseal(row.sealed_verifier, *_PLACES, str(account_id)).decode())


def is_right(keyring: Keyring, guess: Guess, digits: str) -> bool:
    """Say whether somebody knew the PIN; slow on purpose, and to be asked outside of any transaction."""
    if not _DIGITS.fullmatch(digits):
        return False
    with _at_once:
        try:
            Argon2id.verify_phc_encoded(digits.encode(), guess.verifier, secret=_pepper(keyring, guess.account_id))
        except InvalidKey:
            return False
    return True


def guessed_right(session: Session, account_id: UUID) -> None:
    """Forget the wrong guesses before a right one."""
    row = Pin.locked(session, account_id)
    if row is not None:
        row.failures = row.locked_until = 0


def _begin_to_count(row: Pin, now: Instant) -> None:
    if row.next_from is not None and row.next_from <= now:
        row.sealed_verifier, row.sealed_next, row.next_from = row.sealed_next, None, None


def _check(digits: str) -> None:
    steps = {ord(after) - ord(before) for before, after in pairwise(digits)}
    if not _DIGITS.fullmatch(digits) or steps in ({0}, {1}, {-1}):
        raise BadPinError("use 6 digits or more; 111111 and 123456 and the like are too easy")


def _derived(keyring: Keyring, account_id: UUID, digits: str) -> str:
    with _at_once:
        argon = Argon2id(
            salt=os.urandom(16),
            length=32,
            iterations=3,
            lanes=1,
            memory_cost=_KIBIBYTES,
            secret=_pepper(keyring, account_id),
        )
        return argon.derive_phc_encoded(digits.encode())


def _pepper(keyring: Keyring, account_id: UUID) -> bytes:
    # Six digits are a million guesses: a dump of the database must not be enough to make them.
    return keyring.derive("pin", str(account_id))


def _key(session: Session, keyring: Keyring, account_id: UUID) -> DataKey:
    return DataKeys(session, keyring).known(owner_of("account", account_id))
