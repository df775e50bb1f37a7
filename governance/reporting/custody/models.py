"""Tables of who made a report, sealed apart from what it says, and of officers who ask for it."""

from collections.abc import Sequence
from typing import Self
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, id_column, instant_column


class ReporterIdentity(Base):
    """Who made a report, under a key of its own that custodians hold and officers do not."""

    __tablename__ = "reporter_identity"

    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"), primary_key=True)
    sealed_identity: Mapped[bytes] = mapped_column(LargeBinary)

    @classmethod
    def reports(cls, session: Session) -> frozenset[UUID]:
        """Return the reports that were made under a name."""
        return frozenset(session.scalars(select(cls.report_id)))


class IdentityRequest(Base):
    """An officer asks who made a report; a custodian, who is somebody else, answers."""

    __tablename__ = "identity_request"

    id: Mapped[UUID] = id_column()
    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"), index=True)
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    asked: Mapped[int] = instant_column()
    state: Mapped[str] = mapped_column(String(16))
    sealed_reason: Mapped[bytes] = mapped_column(LargeBinary)
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    answered: Mapped[int | None] = instant_column(nullable=True)
    sealed_answer: Mapped[bytes | None] = mapped_column(LargeBinary)

    @classmethod
    def locked(cls, session: Session, request_id: UUID) -> Self | None:
        """Return a request that nobody else changes until this transaction ends."""
        return session.scalars(select(cls).where(cls.id == request_id).with_for_update()).one_or_none()

    @classmethod
    def of_report(cls, session: Session, report_id: UUID) -> Sequence[Self]:
        """Return the requests about a report, the oldest first."""
        return session.scalars(select(cls).where(cls.report_id == report_id).order_by(cls.id)).all()

    @classmethod
    def in_state(cls, session: Session, state: str) -> Sequence[Self]:
        """Return the requests that stand so, the oldest first."""
        return session.scalars(select(cls).where(cls.state == state).order_by(cls.id)).all()
