"""Once, however often it is sent: a call with the key of one that was done gets that one's answer and does nothing.

A forum that hears no answer sends again. Between the two its member may have taken away what the first one set.
"""

import hmac
from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring, length_prefixed
from governance.decision.vocabulary import Instant
from governance.errors import BadInputError, GovernanceError
from governance.pdp.models import KeptAnswer

KEPT: Final = 24 * 3600 * 1_000_000
"""Microseconds that an answer is kept."""
_LONGEST: Final = 256


class IdempotencyKeyReusedError(GovernanceError):
    """The key belongs to another call."""

    code = "idempotency_key_reused"


class Call(NamedTuple):
    """One call: whose, to which route, under which key (none: as if sent for the first time), asking what."""

    platform_id: UUID
    route: str
    key: str | None
    asked: dict[str, Any]


def once(
    session: Session, keyring: Keyring, call: Call, now: Instant, act: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """Act and return the answer, or return the one that was given before; in the transaction of what `act` does.

    Raises `IdempotencyKeyReusedError`, `BadInputError`.
    """
    if call.key is None:
        return act()
    # The draft's own form is a quoted string; many programs leave the quotes out.
    key = call.key.strip('"')
    if not 0 < len(key) <= _LONGEST:
        raise BadInputError(f"an `Idempotency-Key` is 1 to {_LONGEST} characters long")
    KeptAnswer.forget_expired(session, now)
    digest = _digest(keyring, "call", str(call.platform_id), call.route, key)
    fingerprint = _digest(keyring, "asked", msgspec.json.encode(call.asked, order="deterministic"))
    kept = session.get(KeptAnswer, digest)
    if kept is None:
        answer = act()
        stored = msgspec.json.encode(answer)
        session.add(KeptAnswer(digest=digest, fingerprint=fingerprint, answer=stored, expires=now + KEPT))
        return answer
    if not hmac.compare_digest(kept.fingerprint, fingerprint):
        raise IdempotencyKeyReusedError("this `Idempotency-Key` belongs to another call; make a new one for each")
    found: dict[str, Any] = msgspec.json.decode(kept.answer)
    return found


def _digest(keyring: Keyring, *parts: str | bytes) -> str:
    return hmac.new(keyring.derive("idempotency"), length_prefixed(*parts), sha256).hexdigest()
