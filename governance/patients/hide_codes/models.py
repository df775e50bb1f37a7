"""The table of printed hide codes."""

from collections.abc import Sequence
from typing import Self
from uuid import UUID

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, instant_column


class HideCode(Base):
    """A code that hides its owner, as a keyed digest: neither a dump nor we can print it again."""

    __tablename__ = "hide_code"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    made: Mapped[int] = instant_column()

    @classmethod
    def of_patient(cls, session: Session, patient_id: UUID) -> Sequence[Self]:
        """Return the codes that hide a patient: their own, and none that came with a record that rests."""
        return session.scalars(select(cls).where(cls.patient_id == patient_id)).all()
