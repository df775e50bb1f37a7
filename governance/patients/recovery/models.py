"""The table of recoveries that staff asked for, until another one of them agrees."""

from collections.abc import Sequence
from typing import Final, Self
from uuid import UUID

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, id_column, instant_column

GONE: Final = "account_gone"
"""How a recovery ends one of whose accounts got another holder meanwhile."""


class Recovery(Base):
    """That a patient's record is to have a new account, because the one they had is lost to them."""

    __tablename__ = "recovery"

    id: Mapped[UUID] = id_column()
    lost_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    new_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    asked: Mapped[int] = instant_column()
    agreed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    ended: Mapped[int | None] = instant_column(nullable=True)
    outcome: Mapped[str | None] = mapped_column(String(16))

    @classmethod
    def of_accounts(cls, session: Session, accounts: Sequence[UUID]) -> Sequence[Self]:
        """Return the recoveries from or to some accounts, the oldest first."""
        query = select(cls).where(cls.lost_id.in_(accounts) | cls.new_id.in_(accounts))
        return session.scalars(query.order_by(cls.asked, cls.id)).all()

    @classmethod
    def waiting_for(cls, session: Session, account_id: UUID) -> Sequence[Self]:
        """Return the recoveries from or to an account that nobody agreed to yet."""
        of_it = (cls.lost_id == account_id) | (cls.new_id == account_id)
        return session.scalars(select(cls).where(of_it, cls.ended.is_(None)).with_for_update()).all()

    @classmethod
    def locked(cls, session: Session, recovery_id: UUID) -> Self | None:
        """Return a recovery that nobody else decides until this transaction ends."""
        return session.scalars(select(cls).where(cls.id == recovery_id).with_for_update()).one_or_none()
