"""Sessions of people's browsers, kept here; the browser holds a random id and nothing else."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.decision.vocabulary import AccountKey, Instant
from governance.identity.models import Account, Platform, SignInAttempt, WebSession

_MINUTE: Final = 60_000_000
LIFETIME: Final = 12 * 60 * _MINUTE
IDLE: Final = 30 * _MINUTE
SEEN_EVERY: Final = _MINUTE
"""A session in use is written at most this often; so it ends 29 to 30 minutes after its last use."""
ATTEMPT_LIFETIME: Final = 10 * _MINUTE


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person behind a request, as their forum vouched for them."""

    account_id: UUID
    account_key: AccountKey
    platform_id: UUID
    platform_name: str
    auth_time: Instant | None
    """When they proved who they are; none if the forum did not say, which counts as never fresh."""
    session_digest: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Found:
    """A running session as it was read."""

    seen: Instant
    state: Mapping[str, Any] = field(repr=False)
    signed_in: SignedIn | None


@dataclass(frozen=True, slots=True)
class Departure:
    """A sign-in that leaves for the forum: the state sent along, and what must hold when it comes back."""

    state: str = field(repr=False)
    session_id: str = field(repr=False)
    platform_id: UUID
    data: Mapping[str, Any] = field(repr=False)


def new_session_id() -> str:
    """Return 256 random bits as text."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """Return what the database keeps of a session id or a state."""
    return sha256(secret.encode()).hexdigest()


def find(session: Session, session_id: str, now: Instant) -> Found | None:
    """Return a running session, or none if it ended, slept too long or never was."""
    row = WebSession.with_account(session, digest_of(session_id))
    if row is None or row[0].expires <= now:
        return None
    web_session, account, platform = row
    return Found(Instant(web_session.seen), dict(web_session.state), _signed_in(web_session, account, platform))


def start(session: Session, session_id: str, state: Mapping[str, Any], *, now: Instant) -> WebSession:
    """Begin a session of nobody in particular; what has expired is swept out on the way."""
    WebSession.forget_expired(session, now)
    row = WebSession(id_digest=digest_of(session_id), created=now, seen=now, expires=now + IDLE, state=dict(state))
    session.add(row)
    return row


def start_signed_in(session: Session, account: Account, auth_time: Instant | None, *, now: Instant) -> str:
    """Begin a session of an account and return its new id. Nothing of an earlier session is taken over."""
    session_id = new_session_id()
    row = start(session, session_id, {}, now=now)
    row.account_id, row.auth_time = account.id, auth_time
    return session_id


def keep(
    session: Session, session_id: str, changed: Mapping[str, Any], removed: frozenset[str], *, now: Instant
) -> bool:
    """Write what a request changed, and that the session was in use; false if the session is gone.

    Only the changes: two tabs of one browser must not undo each other's. A session that ended meanwhile
    stays ended.
    """
    row = WebSession.locked(session, digest_of(session_id))
    if row is None or row.expires <= now:
        return False
    row.state = {name: value for name, value in row.state.items() if name not in removed} | dict(changed)
    row.seen = now
    row.expires = min(row.created + LIFETIME, now + IDLE)
    return True


def end(session: Session, session_id: str) -> None:
    """End a session for good."""
    WebSession.forget(session, digest_of(session_id))


def depart(session: Session, departure: Departure, *, now: Instant) -> None:
    """Remember a sign-in that leaves for the forum, for 10 minutes and one return."""
    SignInAttempt.forget_expired(session, now)
    session.add(
        SignInAttempt(
            state_digest=digest_of(departure.state),
            session_digest=digest_of(departure.session_id),
            platform_id=departure.platform_id,
            expires=now + ATTEMPT_LIFETIME,
            data=dict(departure.data),
        )
    )


def come_back(
    session: Session, state: str, session_id: str, platform_id: UUID, *, now: Instant
) -> Mapping[str, Any] | None:
    """Return what a departure left, once; none if it is not this browser's, not this forum's, or too late.

    The state is used up in any case: who tries again starts again.
    """
    attempt = SignInAttempt.taken(session, digest_of(state))
    if attempt is None or not _belongs(attempt, session_id, platform_id, now):
        return None
    return attempt.data


def _belongs(attempt: SignInAttempt, session_id: str, platform_id: UUID, now: Instant) -> bool:
    same_browser = secrets.compare_digest(attempt.session_digest, digest_of(session_id))
    return same_browser and attempt.platform_id == platform_id and now < attempt.expires


def _signed_in(web_session: WebSession, account: Account | None, platform: Platform | None) -> SignedIn | None:
    if account is None or platform is None:
        return None
    auth_time = None if web_session.auth_time is None else Instant(web_session.auth_time)
    return SignedIn(account.id, account.key, platform.id, platform.name, auth_time, web_session.id_digest)
