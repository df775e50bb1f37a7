"""The named queries of the feed: everything it sends is in force, and read where that is. And whose keys are out."""

from collections.abc import Collection, Iterator
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, instant_column
from governance.effective.models import (
    Found,
    GovernedAccount,
    InForce,
    Place,
    PlatformChange,
    find_accounts,
    find_places,
)

_AT_ONCE: Final = 1_000
"""Accounts read by one query; a page of memory instead of a forum's."""


class HandedKeys(Base):
    """Keys of the feed that a forum was given, by a digest of them that opens nothing."""

    __tablename__ = "handed_keys"

    platform_id: Mapped[UUID] = mapped_column(ForeignKey("platform.id"), primary_key=True)
    keys_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[int] = instant_column()


class Changed(NamedTuple):
    """A subject that a platform's decisions felt a change of, and the last revision at which they did."""

    kind: str
    subject: str
    revision: int


def changed_between(session: Session, platform_id: UUID, after: int, upto: int) -> list[Changed]:
    """Return what changed on a platform after one revision and up to another, each once, oldest change first."""
    change = PlatformChange
    last = func.max(change.revision).label("last")
    query = (
        select(change.kind, change.subject, last)
        .where(change.platform_id == platform_id, change.revision > after, change.revision <= upto)
        .group_by(change.kind, change.subject)
        .order_by(last)
    )
    return [Changed._make(row) for row in session.execute(query)]


def accounts_of(session: Session, platform_id: UUID, kind: str, subjects: Collection[str]) -> list[tuple[str, str]]:
    """Return the accounts on a platform of some patients or professionals, each with whose it is."""
    whose = GovernedAccount.patient if kind == "patient" else GovernedAccount.hcp
    query = select(GovernedAccount.key, whose).where(
        GovernedAccount.platform_id == platform_id, whose.in_(list(subjects))
    )
    return [(key, str(subject)) for key, subject in session.execute(query)]


def every_account(session: Session, platform_id: UUID) -> Iterator[Found]:
    """Yield all that is known of each account of a platform, by key."""
    query = select(GovernedAccount.key).where(GovernedAccount.platform_id == platform_id).order_by(GovernedAccount.key)
    keys = list(session.scalars(query))
    for start in range(0, len(keys), _AT_ONCE):
        yield from sorted(find_accounts(session, keys[start : start + _AT_ONCE]))


def every_place(session: Session, platform_id: UUID) -> list[Place]:
    """Return the rows of a platform and of all its communities."""
    platform = str(platform_id)
    subjects = [f"{platform}/{community}" for community in InForce.communities_of(session, platform_id)]
    return find_places(session, platform, subjects)
