"""The table of what professionals were told of looks that grow old."""

from collections.abc import Sequence
from typing import Self
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, id_column, instant_column


class HcpNotice(Base):
    """One thing that a professional finds on their page: once for each look that it is about."""

    __tablename__ = "hcp_notice"
    __table_args__ = (UniqueConstraint("hcp_id", "kind", "about"),)

    id: Mapped[UUID] = id_column()
    hcp_id: Mapped[UUID] = mapped_column(ForeignKey("hcp.id"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    at: Mapped[int] = instant_column()
    about: Mapped[int] = instant_column()
    """When the look ends, or ended."""

    @classmethod
    def of_hcp(cls, session: Session, hcp_id: UUID) -> Sequence[Self]:
        """Return what somebody was told, newest first."""
        return session.scalars(select(cls).where(cls.hcp_id == hcp_id).order_by(cls.at.desc(), cls.id.desc())).all()

    @classmethod
    def told(cls, session: Session, kind: str, since: int) -> set[tuple[UUID, int]]:
        """Return who was told of which look that ends no earlier than then."""
        query = select(cls.hcp_id, cls.about).where(cls.kind == kind, cls.about >= since)
        return {(hcp_id, about) for hcp_id, about in session.execute(query)}
