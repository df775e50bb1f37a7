"""Tables of sanctions: what was decided against a professional, and every step after it. Nothing is ever deleted."""

from collections.abc import Sequence
from typing import Self
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.conduct.sanctions.states import GONE, State
from governance.db.base import Base, id_column, instant_column


class Sanction(Base):
    """One sanction. What it closes is in force elsewhere, as measures; this says why, and where it stands."""

    __tablename__ = "sanction"

    id: Mapped[UUID] = id_column()
    hcp_id: Mapped[UUID] = mapped_column(ForeignKey("hcp.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    actions: Mapped[list[str]] = mapped_column(JSON)
    rule: Mapped[str] = mapped_column(String(8))
    rules_version: Mapped[str] = mapped_column(String(32))
    """Of the rules that are cited, whose words stay readable."""
    since: Mapped[int] = instant_column()
    until: Mapped[int | None] = instant_column(nullable=True)
    """None for a warning, and for a removal, which has no end of its own."""
    review: Mapped[int] = instant_column()
    """When somebody looks at it again."""
    by: Mapped[str] = mapped_column(String(36))
    """Who of staff decided."""
    state: Mapped[str] = mapped_column(String(16))

    @classmethod
    def locked(cls, session: Session, sanction_id: UUID) -> Self | None:
        """Return a sanction that nobody else changes until this transaction ends."""
        return session.scalars(select(cls).where(cls.id == sanction_id).with_for_update()).one_or_none()

    @classmethod
    def against(cls, session: Session, hcp_id: UUID) -> Sequence[Self]:
        """Return every sanction against a professional, the newest first."""
        query = select(cls).where(cls.hcp_id == hcp_id)
        return session.scalars(query.order_by(cls.since.desc(), cls.id.desc())).all()

    @classmethod
    def open(cls, session: Session, now: int) -> Sequence[Self]:
        """Return those that staff still have to do with, what is to be reviewed first."""
        over = (cls.until.is_not(None)) & (cls.until <= now) & (cls.state != State.APPEALED)
        query = select(cls).where(cls.state.not_in([one.value for one in GONE]), ~over)
        return session.scalars(query.order_by(cls.review, cls.id)).all()


class SanctionStep(Base):
    """One thing that was done to a sanction, with its sealed words; never edited."""

    __tablename__ = "sanction_step"

    id: Mapped[UUID] = id_column()
    hcp_id: Mapped[UUID] = mapped_column(ForeignKey("hcp.id"), index=True)
    sanction_id: Mapped[UUID] = mapped_column(ForeignKey("sanction.id"), index=True)
    at: Mapped[int] = instant_column()
    act: Mapped[str] = mapped_column(String(16))
    by: Mapped[str] = mapped_column(String(36))
    """A member of staff; empty for the professional."""
    sealed_words: Mapped[bytes] = mapped_column(LargeBinary)

    @classmethod
    def of(cls, session: Session, sanction_id: UUID) -> Sequence[Self]:
        """Return the steps of a sanction, the oldest first."""
        return session.scalars(select(cls).where(cls.sanction_id == sanction_id).order_by(cls.at, cls.id)).all()
