"""The table of legal holds. Why one was set is sealed among the events of its case."""

from collections.abc import Sequence
from typing import Self
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Uuid, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, instant_column


class CaseHold(Base):
    """That nothing of a case is deleted: who said so, and who lifted it, on which days."""

    __tablename__ = "case_hold"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("report_case.id"), index=True)
    set_by: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    set_on: Mapped[int] = instant_column()
    lifted_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    lifted: Mapped[int | None] = instant_column(nullable=True)

    @classmethod
    def of_case(cls, session: Session, case_id: UUID) -> Sequence[Self]:
        """Return every hold of a case, those that were lifted too."""
        return session.scalars(select(cls).where(cls.case_id == case_id).order_by(cls.set_on, cls.id)).all()

    @classmethod
    def standing(cls, session: Session, case_id: UUID) -> Self | None:
        """Return the hold of a case that nobody lifted."""
        return next((one for one in cls.of_case(session, case_id) if one.lifted is None), None)

    @classmethod
    def held(cls, session: Session) -> frozenset[UUID]:
        """Return the cases of which nothing is deleted."""
        return frozenset(session.scalars(select(cls.case_id).where(cls.lifted.is_(None))))
