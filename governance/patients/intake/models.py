"""The table of what staff took for a patient by phone or on paper."""

from collections.abc import Sequence
from typing import Self
from uuid import UUID

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, id_column, instant_column


class Intake(Base):
    """One request that staff entered; shown to the patient until they say that they saw it."""

    __tablename__ = "intake"

    id: Mapped[UUID] = id_column()
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    asked: Mapped[str] = mapped_column(String(16))
    how: Mapped[str] = mapped_column(String(16))
    taken_by: Mapped[str] = mapped_column(String(64))
    """Who took it, as the ledger knows them; no name."""
    at: Mapped[int] = instant_column()
    seen: Mapped[int | None] = instant_column(nullable=True)

    @classmethod
    def all_of(cls, session: Session, patient_id: UUID) -> Sequence[Self]:
        """Return everything that staff took for a patient, the oldest first."""
        return session.scalars(select(cls).where(cls.patient_id == patient_id).order_by(cls.at, cls.id)).all()

    @classmethod
    def unseen(cls, session: Session, patient_id: UUID) -> Sequence[Self]:
        """Return what a patient has not seen yet, the oldest first."""
        query = select(cls).where(cls.patient_id == patient_id, cls.seen.is_(None))
        return session.scalars(query.order_by(cls.at, cls.id)).all()
