"""A patient's choices, version by version."""

from typing import Self
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, LargeBinary, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, id_column, instant_column


class Directive(Base):
    """All choices of one patient at one time, sealed.

    INVARIANT: a directive is never edited, only superseded by the next version.
    """

    __tablename__ = "directive"
    __table_args__ = (UniqueConstraint("patient_id", "version"),)

    id: Mapped[UUID] = id_column()
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    version: Mapped[int] = mapped_column(Integer)
    at: Mapped[int] = instant_column()
    sealed_choices: Mapped[bytes] = mapped_column(LargeBinary)

    @classmethod
    def latest(cls, session: Session, patient_id: UUID) -> Self | None:
        """Return the newest directive of a patient."""
        query = select(cls).where(cls.patient_id == patient_id).order_by(cls.version.desc()).limit(1)
        return session.scalars(query).one_or_none()
