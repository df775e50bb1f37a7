"""Sessions of people's browsers, kept here; the browser holds a random id and nothing else.

What a session holds says how far somebody is on the way to which choice, so it is sealed under a key that needs the
browser's id as well as ours: a dump with all our keys opens none of it.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.data_keys import DataKey
from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import AccountKey, Instant
from governance.identity.errors import Guard, ProofFailedError
from governance.identity.models import Account, Platform, WebSession
from governance.identity.permissions import Role, roles_of
from governance.identity.staff.models import StaffMember

_MINUTE: Final = 60_000_000
LIFETIME: Final = 12 * 60 * _MINUTE
STAFF_LIFETIME: Final = 8 * 60 * _MINUTE
IDLE: Final = 30 * _MINUTE
SEEN_EVERY: Final = _MINUTE
"""A session in use is written at most this often; so it ends 29 to 30 minutes after its last use."""
_STATE: Final = ("web_session", "sealed_state")


@dataclass(frozen=True, slots=True)
class Secret:
    """The id that a browser holds, with our keys: both together open what is kept for it."""

    value: str = field(repr=False)
    keyring: Keyring

    @property
    def digest(self) -> str:
        """What the database knows it by."""
        return digest_of(self.value)

    def seal(self, said: Mapping[str, Any], place: tuple[str, str], row: str) -> bytes:
        """Return values that JSON can hold, sealed for a row."""
        return self._key(place).seal(json.dumps(said).encode(), *place, row)

    def unseal(self, sealed: bytes, place: tuple[str, str], row: str) -> dict[str, Any]:
        """Return what was sealed for a row. Raises `EnvelopeError`."""
        said: dict[str, Any] = json.loads(self._key(place).unseal(sealed, *place, row))
        return said

    def _key(self, place: tuple[str, str]) -> DataKey:
        return DataKey(place[0], self.keyring.bound(place[0], self.value))


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person behind a request, as their forum vouched for them."""

    account_id: UUID
    account_key: AccountKey
    platform_id: UUID
    platform_name: str
    """Its short name, as addresses and commands have it."""
    forum: str
    """What its members call it."""
    auth_time: Instant | None
    """When they proved who they are; none if the forum did not say, which counts as never fresh."""
    session_digest: str = field(repr=False)
    proved: Instant | None = None
    """When they last proved it to us, in this session; none if never."""


@dataclass(frozen=True, slots=True)
class SignedInStaff:
    """The member of staff behind a request."""

    staff_id: UUID
    roles: frozenset[Role]
    auth_time: Instant | None
    """When they proved who they are; none if the provider did not say, which counts as never fresh."""
    session_digest: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Found:
    """A running session as it was read: of a person, of staff, or of nobody in particular."""

    seen: Instant
    state: Mapping[str, Any] = field(repr=False)
    signed_in: SignedIn | None
    staff: SignedInStaff | None = None


def new_session_id() -> str:
    """Return 256 random bits as text."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """Return what the database keeps of a session id."""
    return sha256(secret.encode()).hexdigest()


def find(session: Session, browser: Secret, now: Instant) -> Found | None:
    """Return a running session, or none if it ended, slept too long, was changed by another hand or never was."""
    row = WebSession.with_account(session, browser.digest)
    if row is None or row[0].expires <= now:
        return None
    web_session, account, platform = row
    state = _state(web_session, browser)
    if state is None:
        return None
    seen, staff = Instant(web_session.seen), _staff(session, web_session)
    return Found(seen, state, _signed_in(web_session, account, platform), staff)


def start(session: Session, browser: Secret, state: Mapping[str, Any], *, now: Instant) -> WebSession:
    """Begin a session of nobody in particular; what has expired is swept out on the way."""
    WebSession.forget_expired(session, now)
    sealed = browser.seal(state, _STATE, browser.digest)
    row = WebSession(id_digest=browser.digest, created=now, seen=now, expires=now + IDLE, sealed_state=sealed)
    session.add(row)
    return row


def start_signed_in(
    session: Session, keyring: Keyring, account: Account, auth_time: Instant | None, *, now: Instant
) -> str:
    """Begin a session of an account and return its new id. Nothing of an earlier session is taken over."""
    session_id = new_session_id()
    row = start(session, Secret(session_id, keyring), {}, now=now)
    row.account_id, row.auth_time = account.id, auth_time
    return session_id


def start_staff(
    session: Session, keyring: Keyring, member: StaffMember, auth_time: Instant | None, *, now: Instant
) -> str:
    """Begin a session of a member of staff and return its new id. Nothing of an earlier session is taken over."""
    session_id = new_session_id()
    row = start(session, Secret(session_id, keyring), {}, now=now)
    row.staff_id, row.auth_time = member.id, auth_time
    return session_id


def keep(
    session: Session, browser: Secret, changed: Mapping[str, Any], removed: frozenset[str], *, now: Instant
) -> bool:
    """Write what a request changed, and that the session was in use; false if the session is gone.

    Only the changes: two tabs of one browser must not undo each other's. A session that ended meanwhile
    stays ended.
    """
    row = WebSession.locked(session, browser.digest)
    before = None if row is None or row.expires <= now else _state(row, browser)
    if row is None or before is None:
        return False
    state = {name: value for name, value in before.items() if name not in removed} | dict(changed)
    row.sealed_state = browser.seal(state, _STATE, browser.digest)
    row.seen = now
    lifetime = LIFETIME if row.staff_id is None else STAFF_LIFETIME
    row.expires = min(row.created + lifetime, now + IDLE)
    return True


def take(session: Session, browser: Secret, name: str, *, now: Instant) -> object:
    """Return a value and forget it; of two requests that take it one gets it, the other gets none."""
    row = WebSession.locked(session, browser.digest)
    state = None if row is None or row.expires <= now else _state(row, browser)
    if row is None or state is None or name not in state:
        return None
    value: object = state.pop(name)
    row.sealed_state = browser.seal(state, _STATE, browser.digest)
    return value


def end(session: Session, session_id: str) -> None:
    """End a session for good."""
    WebSession.forget(session, digest_of(session_id))


def prove(session: Session, browser: Secret, proof: Instant, *, now: Instant) -> str:
    """Note that the person behind a session proved who they are; return its new id.

    All else goes on as it was. The old id opens nothing any more: who had a copy of it has proved nothing.
    Raises `ProofFailedError` if the session has ended.
    """
    row = WebSession.locked(session, browser.digest)
    state = None if row is None or row.expires <= now else _state(row, browser)
    if row is None or state is None:
        raise ProofFailedError(Guard.OTHER_PERSON)
    session_id = new_session_id()
    renewed = Secret(session_id, browser.keyring)
    session.add(
        WebSession(
            id_digest=renewed.digest,
            account_id=row.account_id,
            auth_time=proof,
            proved=proof,
            created=row.created,
            seen=now,
            expires=min(row.created + LIFETIME, now + IDLE),
            sealed_state=renewed.seal(state, _STATE, renewed.digest),
        )
    )
    session.delete(row)
    return session_id


def _state(web_session: WebSession, browser: Secret) -> dict[str, Any] | None:
    try:
        return browser.unseal(web_session.sealed_state, _STATE, web_session.id_digest)
    except EnvelopeError:
        return None


def _signed_in(web_session: WebSession, account: Account | None, platform: Platform | None) -> SignedIn | None:
    if account is None or platform is None:
        return None
    return SignedIn(
        account_id=account.id,
        account_key=account.key,
        platform_id=platform.id,
        platform_name=platform.name,
        forum=platform.shown,
        auth_time=_instant(web_session.auth_time),
        session_digest=web_session.id_digest,
        proved=_instant(web_session.proved),
    )


def _staff(session: Session, web_session: WebSession) -> SignedInStaff | None:
    member = None if web_session.staff_id is None else session.get(StaffMember, web_session.staff_id)
    # Their sessions went when they ended; one that began in the same moment must not outlive them.
    if member is None or member.ended is not None:
        return None
    return SignedInStaff(member.id, roles_of(member.roles), _instant(web_session.auth_time), web_session.id_digest)


def _instant(stored: int | None) -> Instant | None:
    return None if stored is None else Instant(stored)
