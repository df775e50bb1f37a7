"""Sign-ins on their way through a provider: what must come back, kept sealed by the browser that left.

Nothing of it is stored here, so that links to sign in, which anybody can follow, fill no table. What is kept here
is a digest of each state that came back, until it is too old to come again.
"""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from enum import StrEnum
from hashlib import sha256
from typing import Final

import msgspec
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from governance.crypto.envelope import EnvelopeError, seal, unseal
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.identity.models import SpentState

LIFETIME: Final = 10 * 60 * 1_000_000
"""Microseconds that somebody may take at the provider."""
_MOST: Final = 3
"""Tabs of one browser that may be on their way at once; the oldest is forgotten."""
_PURPOSE: Final = "departure"
_PLACE: Final = ("cookie", "departures", "-")


class Purpose(StrEnum):
    """What somebody left for."""

    SIGN_IN = "sign in"
    PROVE = "prove"


class Departure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One sign-in that left: for which door, when, and what only its own return may use."""

    state_digest: str
    door: str
    left: int
    purpose: Purpose
    next: str
    nonce: str
    code_verifier: str
    redirect_uri: str


_decoder: Final = msgspec.json.Decoder(tuple[Departure, ...])


def digest_of(state: str) -> str:
    """Return what is kept of a state."""
    return sha256(state.encode("utf-8", "surrogatepass")).hexdigest()


def sealed(keyring: Keyring, departures: Sequence[Departure]) -> str:
    """Return the newest of these as a cookie's value."""
    newest = sorted(departures, key=lambda one: one.left)[-_MOST:]
    value = seal(keyring.derive(_PURPOSE), msgspec.json.encode(newest), *_PLACE)
    return urlsafe_b64encode(value).decode()


def opened(keyring: Keyring, cookie: str) -> tuple[Departure, ...]:
    """Return what a cookie holds; nothing if it is not ours or was changed."""
    try:
        return _decoder.decode(unseal(keyring.derive(_PURPOSE), urlsafe_b64decode(cookie), *_PLACE))
    except (Base64Error, ValueError, EnvelopeError, msgspec.MsgspecError):
        return ()


def matching(departures: Sequence[Departure], state: str, door: str, now: Instant) -> Departure | None:
    """Return the departure that a return belongs to: by its state, through the same door, and in time."""
    wanted = digest_of(state)
    for one in departures:
        if secrets.compare_digest(one.state_digest, wanted) and one.door == door and 0 <= now - one.left < LIFETIME:
            return one
    return None


def spend(session: Session, departure: Departure, *, now: Instant) -> bool:
    """Use up a departure's state; false if it was used before. Of two returns at the same moment one gets true."""
    SpentState.forget_expired(session, now)
    if session.get(SpentState, departure.state_digest) is not None:
        return False
    session.add(SpentState(state_digest=departure.state_digest, expires=departure.left + LIFETIME))
    try:
        session.flush()  # the database itself lets one through
    except IntegrityError:
        return False
    return True
