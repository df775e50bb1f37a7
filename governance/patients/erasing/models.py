"""The table of erasures that wait."""

from collections.abc import Sequence
from typing import Self
from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary, Uuid, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base


class ErasureRequest(Base):
    """A patient's wish to be deleted, until it is done or stopped; there is no row afterwards.

    The journal keeps it, and a restore may bring it back before the patient's own row: so it points to none.
    """

    __tablename__ = "erasure_request"

    patient_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    due: Mapped[int] = mapped_column(BigInteger, index=True)
    sealed_wish: Mapped[bytes] = mapped_column(LargeBinary)
    """The same time once more, under the patient's key: a row of another hand erases nobody."""

    @classmethod
    def due_by(cls, session: Session, now: int, most: int) -> Sequence[Self]:
        """Return those whose wait is over, the oldest first."""
        return session.scalars(select(cls).where(cls.due <= now).order_by(cls.due, cls.patient_id).limit(most)).all()
