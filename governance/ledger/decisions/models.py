"""The table of decisions and exposures."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, Self
from uuid import UUID

from sqlalchemy import Boolean, ForeignKey, Index, LargeBinary, String, delete, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, id_column, instant_column

_PART: Final = 1_000
"""Rows that are read at once."""


class LoggedDecision(Base):
    """What was asked, or shown, about one author's words. Whom it is about is a digest, all else is sealed."""

    __tablename__ = "decision_log"

    id: Mapped[UUID] = id_column()
    platform_id: Mapped[UUID] = mapped_column(ForeignKey("platform.id"))
    kind: Mapped[str] = mapped_column(String(8))
    author: Mapped[str] = mapped_column(String(64))
    at: Mapped[int] = instant_column()
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    held: Mapped[bool] = mapped_column(Boolean, default=False)
    """Kept for a case, whatever its age."""

    __table_args__ = (Index(None, "author", "at"), Index(None, "at"))

    @classmethod
    def add_all(cls, session: Session, rows: Sequence[dict[str, Any]]) -> None:
        """Insert rows, as one statement."""
        session.execute(insert(cls), list(rows))

    @classmethod
    def about(cls, session: Session, authors: Sequence[str], since: int) -> list[Self]:
        """Return what there is about some accounts from an instant on, newest first."""
        query = select(cls).where(cls.author.in_(authors), cls.at >= since)
        return list(session.scalars(query.order_by(cls.at.desc(), cls.id.desc())))

    @classmethod
    def walk_about(cls, session: Session, authors: Sequence[str], since: int) -> Iterator[Self]:
        """Walk what there is about some accounts from an instant on, newest first, without holding all of it."""
        query = select(cls).where(cls.author.in_(authors), cls.at >= since)
        ordered = query.order_by(cls.at.desc(), cls.id.desc()).execution_options(yield_per=_PART)
        yield from session.scalars(ordered)

    @classmethod
    def is_any(cls, session: Session, authors: Sequence[str], since: int, kind: str) -> bool:
        """Say whether there is anything of a kind about some accounts from an instant on."""
        query = select(cls.id).where(cls.author.in_(authors), cls.at >= since, cls.kind == kind)
        return session.scalar(query.limit(1)) is not None

    @classmethod
    def walk_between(cls, session: Session, since: int, until: int) -> Iterator[Self]:
        """Walk all there is of a time, oldest first, without holding all of it."""
        query = select(cls).where(cls.at >= since, cls.at < until)
        yield from session.scalars(query.order_by(cls.at).execution_options(yield_per=_PART))

    @classmethod
    def hold(cls, session: Session, authors: Sequence[str], since: int) -> None:
        """Keep what there is about some accounts from an instant on."""
        session.execute(update(cls).where(cls.author.in_(authors), cls.at >= since).values(held=True))

    @classmethod
    def release(cls, session: Session, authors: Sequence[str]) -> None:
        """End what `hold` began."""
        session.execute(update(cls).where(cls.author.in_(authors)).values(held=False))

    @classmethod
    def forget_about(cls, session: Session, authors: Sequence[str]) -> None:
        """Delete what there is about some accounts and nobody holds."""
        session.execute(delete(cls).where(cls.author.in_(authors), cls.held.is_(False)))

    @classmethod
    def forget_before(cls, session: Session, instant: int, most: int) -> int:
        """Delete the oldest rows that nobody holds, at most so many; return how many they were."""
        old = select(cls.id).where(cls.at < instant, cls.held.is_(False)).order_by(cls.at).limit(most)
        ids = list(session.scalars(old))
        session.execute(delete(cls).where(cls.id.in_(ids)))
        return len(ids)
