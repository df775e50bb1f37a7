"""The one table of what was told us about a patient as a person, sealed."""

from uuid import UUID

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from governance.db.base import Base


class Circumstances(Base):
    """Country, zone, who said what of an age, and what ends somebody's own deciding. All of it sealed."""

    __tablename__ = "circumstances"

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    """No foreign key: a restore may bring this back before the record it is about."""
    sealed_data: Mapped[bytes] = mapped_column(LargeBinary)
