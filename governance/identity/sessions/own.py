"""Where somebody is signed in, and ending that. No HTTP, no clock."""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.data_keys import DataKey, DataKeys, owner_of
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.identity.errors import SessionNotFoundError
from governance.identity.models import WebSession
from governance.identity.sessions.service import SignedIn, digest_of

_WHERE: Final = ("web_session", "sealed_where")
_NAME_LENGTH: Final = 16


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One of somebody's sessions, as they see it."""

    name: str
    """By which a form says which one; good for its owner alone."""
    where: str = field(repr=False)
    since: Instant
    seen: Instant
    is_this: bool


def note_where(session: Session, keyring: Keyring, session_id: str, where: str) -> None:
    """Remember on what kind of device a session began, sealed for the person it is of."""
    row = session.get(WebSession, digest_of(session_id))
    if row is not None and row.account_id is not None:
        key = DataKeys(session, keyring).known(owner_of("account", row.account_id))
        row.sealed_where = key.seal(where.encode(), *_WHERE, row.id_digest)


def own_sessions(session: Session, keyring: Keyring, person: SignedIn, now: Instant) -> list[OwnSession]:
    """Return every running session of a person, the one in use first."""
    return sessions_of(session, keyring, person.account_id, now, this=person.session_digest)


def sessions_of(
    session: Session, keyring: Keyring, account_id: UUID, now: Instant, *, this: str = ""
) -> list[OwnSession]:
    """Return every running session of an account, the one with this digest first. Raises `KeyGoneError`."""
    key = DataKeys(session, keyring).known(owner_of("account", account_id))
    found = [_own(row, key, this) for row in WebSession.of_account(session, account_id, now)]
    return sorted(found, key=lambda one: (not one.is_this, -one.seen))


def end_own(session: Session, person: SignedIn, name: str, now: Instant) -> bool:
    """End one of a person's sessions, at once; say whether it was the one in use. Raises `SessionNotFoundError`.

    Another person's session answers like one that never was.
    """
    for row in WebSession.of_account(session, person.account_id, now):
        if row.id_digest[:_NAME_LENGTH] == name:
            session.delete(row)
            return row.id_digest == person.session_digest
    raise SessionNotFoundError("this sign-in has ended already")


def end_others(session: Session, account_id: UUID, kept: str) -> None:
    """End every session of an account but one, at once."""
    WebSession.forget_of_account(session, account_id, kept)


def _own(row: WebSession, key: DataKey, this: str) -> OwnSession:
    where = "" if row.sealed_where is None else key.unseal(row.sealed_where, *_WHERE, row.id_digest).decode()
    is_this = row.id_digest == this
    return OwnSession(row.id_digest[:_NAME_LENGTH], where, Instant(row.created), Instant(row.seen), is_this)
