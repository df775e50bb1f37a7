"""The table of who can write private messages as a professional, as far as they themselves are concerned."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Boolean, Uuid, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, instant_column


class Messaging(Base):
    """Whether one professional could, when somebody looked last: when it turns, their patients are told."""

    __tablename__ = "hcp_messaging"

    hcp_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    can: Mapped[bool] = mapped_column(Boolean)
    at: Mapped[int] = instant_column()

    @classmethod
    def known(cls, session: Session) -> set[UUID]:
        """Return everybody who was looked at."""
        return set(session.scalars(select(cls.hcp_id)))

    @classmethod
    def able(cls, session: Session) -> Sequence[UUID]:
        """Return everybody who could."""
        return session.scalars(select(cls.hcp_id).where(cls.can).order_by(cls.hcp_id)).all()
