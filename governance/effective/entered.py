"""No row in force without its entry in the ledger: whoever writes one beside `Chronicle` cannot commit.

Events of SQLAlchemy's sessions. What many other writers store has no entry and needs none: sessions, sign-ins, tokens,
jobs, logged decisions, wrapped keys.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from governance.effective.models import AccountVersion, Fragment, GovernedAccount, InForce, PlatformChange

_NOTED: Final = "governance.effective"
_ROWS: Final = (InForce, Fragment)
_ACCOUNTS: Final = (GovernedAccount, AccountVersion)
_GUARDED: Final = (*_ROWS, *_ACCOUNTS, PlatformChange)
Version = tuple[str, str, int]
"""Kind, subject and version of a row; kind `account`, key and version of an account."""


@dataclass(slots=True)
class _Noted:
    """What one transaction wrote of rows in force, and what it entered."""

    written: set[Version] = field(default_factory=set)
    otherwise: bool = False
    """Whether rows were deleted, changed by a statement, or revisions counted: beside any entry at all."""
    entered: set[Version] = field(default_factory=set)

    def is_whole(self) -> bool:
        return self.written <= self.entered and (bool(self.entered) or not self.otherwise)


def note_entered(session: Session, version: Version) -> None:
    """Note that an entry was written for a version."""
    _noted(session).entered.add(version)


@event.listens_for(Session, "after_flush")
def _note_written(session: Session, _context: object) -> None:
    changed = [one for one in _guarded(session) if one in session.new or session.is_modified(one)]
    if not changed and not any(isinstance(one, _GUARDED) for one in session.deleted):
        return
    noted = _noted(session)
    noted.written |= {version for one in changed for version in _version(one)}
    noted.otherwise = True


@event.listens_for(Session, "do_orm_execute")
def _note_statement(state: ORMExecuteState) -> None:
    writes = state.is_insert or state.is_update or state.is_delete
    if writes and state.bind_mapper is not None and state.bind_mapper.class_ in _GUARDED:
        _noted(state.session).otherwise = True


def _refuse_half(session: Session) -> None:
    """Raise `RuntimeError` if rows in force would be committed without their entries."""
    if session.in_nested_transaction():
        return
    session.flush()
    noted: _Noted | None = session.info.get(_NOTED)
    if noted is not None and not noted.is_whole():
        raise RuntimeError("a row in force was written without its entry in the ledger; write it through `Register`")


# Before the ledger's own: what cannot be committed must not reach the journal.
event.listen(Session, "before_commit", _refuse_half, insert=True)


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:
        session.info.pop(_NOTED, None)


def _noted(session: Session) -> _Noted:
    noted: _Noted = session.info.setdefault(_NOTED, _Noted())
    return noted


def _guarded(session: Session) -> Iterator[object]:
    return (one for one in (*session.new, *session.dirty) if isinstance(one, _GUARDED))


def _version(one: object) -> Iterator[Version]:
    if isinstance(one, _ROWS):
        yield one.kind, one.subject, one.version
    elif isinstance(one, _ACCOUNTS):
        yield "account", one.key, one.version
