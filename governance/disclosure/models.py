"""Who was told what, when and in which words."""

from collections.abc import Sequence
from typing import Self
from uuid import UUID

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, id_column, instant_column


class Acknowledgement(Base):
    """One person's "I was told": the exact text by its hash. Never edited, only followed by a newer one."""

    __tablename__ = "acknowledgement"

    id: Mapped[UUID] = id_column()
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    version: Mapped[str] = mapped_column(String(32))
    language: Mapped[str] = mapped_column(String(16))
    variant: Mapped[str] = mapped_column(String(16))
    text_sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[int] = instant_column()

    @classmethod
    def latest(cls, session: Session, patient_id: UUID) -> Self | None:
        """Return the newest acknowledgement of a patient."""
        query = select(cls).where(cls.patient_id == patient_id).order_by(cls.at.desc(), cls.id.desc()).limit(1)
        return session.scalars(query).one_or_none()

    @classmethod
    def all_of(cls, session: Session, patient_id: UUID) -> Sequence[Self]:
        """Return everything that a patient acknowledged, the newest first."""
        return session.scalars(select(cls).where(cls.patient_id == patient_id).order_by(cls.at.desc(), cls.id)).all()

    @classmethod
    def forget_of(cls, session: Session, patient_id: UUID) -> None:
        """Delete every row of a patient, for an erasure."""
        session.execute(delete(cls).where(cls.patient_id == patient_id))
