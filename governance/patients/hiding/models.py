"""The table of histories that begin late."""

from uuid import UUID

from sqlalchemy import Uuid
from sqlalchemy.orm import Mapped, mapped_column

from governance.db.base import Base, instant_column


class HiddenHistory(Base):
    """Before which instant a patient's pages tell nothing. It says neither why nor by whose wish.

    The journal keeps it, and a restore may bring it back before the patient's own row: so it points to none.
    """

    __tablename__ = "hidden_history"

    patient_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    before: Mapped[int] = instant_column()
