"""The table of replicas: what each said of itself when it last asked."""

from collections.abc import Sequence
from typing import Self
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, instant_column
from governance.effective.models import PlatformChange


class KnownReplica(Base):
    """A program of a forum's that decides by itself, under a name it made up when it started."""

    __tablename__ = "replica"

    platform_id: Mapped[UUID] = mapped_column(ForeignKey("platform.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    ledger_epoch: Mapped[int] = mapped_column(Integer)
    """Of which epoch its revision is: after a declared restore the same numbers mean other things."""
    applied: Mapped[int | None] = mapped_column(Integer)
    """The revision that it answers by; none while it answers nobody yet."""
    lease_ms: Mapped[int] = mapped_column(Integer)
    """For so long after a question it may go on by what it knows then."""
    heard: Mapped[int] = instant_column()

    @classmethod
    def named(cls, session: Session, platform_id: UUID, name: str) -> Self | None:
        """Return a forum's replica by its name."""
        return session.get(cls, (platform_id, name))

    @classmethod
    def heard_since(cls, session: Session, platform_id: UUID, since: int) -> Sequence[Self]:
        """Return a forum's replicas that asked since an instant."""
        return session.scalars(select(cls).where(cls.platform_id == platform_id, cls.heard >= since)).all()

    @classmethod
    def count(cls, session: Session, platform_id: UUID) -> int:
        """Return how many replicas of a forum are known."""
        return session.scalar(select(func.count()).select_from(cls).where(cls.platform_id == platform_id)) or 0

    @classmethod
    def forget_silent(cls, session: Session, platform_id: UUID, before: int) -> None:
        """Delete a forum's replicas that were not heard since an instant."""
        session.execute(delete(cls).where(cls.platform_id == platform_id, cls.heard < before))


def newest_about(session: Session, platform_id: UUID, kind: str, subject: str) -> int:
    """Return the last revision of a forum at which its decisions felt a change of a subject; 0 if none ever did."""
    about = (PlatformChange.platform_id == platform_id) & (PlatformChange.kind == kind)
    query = select(func.max(PlatformChange.revision)).where(about, PlatformChange.subject == subject)
    return session.scalar(query) or 0
