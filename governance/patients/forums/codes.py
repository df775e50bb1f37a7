"""The short code that joins two forums: both ends have proved who they are, and both have seen the other's name.

THREAT: somebody makes a code and talks another person into typing it. Who types it reads whose it is, and who made it
reads who typed it; nothing is joined before both said yes. No HTTP, no clock.
"""

from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.crypto.spoken import code_digest, new_code
from governance.decision.vocabulary import Instant
from governance.identity.models import Account, Platform
from governance.identity.service import account_name
from governance.patients.forums.errors import CodeSpentError, NotJoinableError
from governance.patients.forums.joining import join
from governance.patients.forums.models import ForumCode
from governance.patients.forums.records import Work

LIFETIME: Final = 15 * 60 * 1_000_000
_BITS: Final = 50
_PURPOSE: Final = "forum"


class OtherEnd(NamedTuple):
    """The account at the other end, as its forum calls it."""

    account_id: UUID
    name: str
    forum: str


def make_forum_code(session: Session, keyring: Keyring, account_id: UUID, now: Instant) -> str:
    """Return a code for an account, good for 15 minutes and one use; an older one is worth nothing any more."""
    ForumCode.forget(session, account_id, now)
    code = new_code(_BITS)
    session.add(
        ForumCode(digest=code_digest(keyring, _PURPOSE, code), account_id=account_id, other_id=None, expires=_end(now))
    )
    return code


def maker_of(session: Session, keyring: Keyring, typed: str, account_id: UUID, now: Instant) -> OtherEnd:
    """Return who made a code, for who typed it with another account. Raises `CodeSpentError`, `NotJoinableError`."""
    return _end_of(session, keyring, _unused(session, keyring, typed, account_id, now).account_id)


def answer_code(session: Session, keyring: Keyring, typed: str, account_id: UUID, now: Instant) -> None:
    """Say yes at the end where a code was typed; its maker is asked next. Raises as `maker_of` does."""
    _unused(session, keyring, typed, account_id, now).other_id = account_id


def typed_by(session: Session, keyring: Keyring, account_id: UUID, now: Instant) -> OtherEnd | None:
    """Return who typed an account's code and said yes, if anybody did."""
    found = ForumCode.answered(session, account_id, now)
    return None if found is None or found.other_id is None else _end_of(session, keyring, found.other_id)


def finish(work: Work, account_id: UUID, other_id: UUID) -> UUID:
    """Say yes at the end where the code was made, to who was shown there: the two are one patient's from now on.

    Raises `CodeSpentError`, `NotJoinableError`.
    """
    if not ForumCode.taken(work.session, account_id, other_id, work.now):
        raise _spent()
    made, typed = (work.session.get_one(Account, one) for one in (account_id, other_id))
    return join(work, made, typed)


def drop_code(session: Session, account_id: UUID, now: Instant) -> None:
    """Say no at the end where a code was made."""
    ForumCode.forget(session, account_id, now)


def _unused(session: Session, keyring: Keyring, typed: str, account_id: UUID, now: Instant) -> ForumCode:
    found = ForumCode.locked(session, code_digest(keyring, _PURPOSE, typed))
    if found is None or found.expires <= now or found.other_id is not None or found.account_id == account_id:
        raise _spent()
    mine, theirs = (session.get_one(Account, one) for one in (account_id, found.account_id))
    if mine.platform_id == theirs.platform_id:
        raise NotJoinableError("both accounts are on one forum; ask that forum to merge them")
    return found


def _spent() -> CodeSpentError:
    # One and the same thing, whatever is wrong.
    return CodeSpentError("this code does not work; make a new one at your other forum and type it again")


def _end_of(session: Session, keyring: Keyring, account_id: UUID) -> OtherEnd:
    account = session.get_one(Account, account_id)
    forum = session.get_one(Platform, account.platform_id).shown
    return OtherEnd(account_id, account_name(session, keyring, account), forum)


def _end(now: Instant) -> int:
    return now + LIFETIME
