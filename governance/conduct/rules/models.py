"""The table of rules that a professional accepted one by one."""

from collections.abc import Sequence
from typing import Self
from uuid import UUID

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, id_column, instant_column


class AcceptedRule(Base):
    """One rule, accepted by itself at an instant, in the words that were shown; never edited."""

    __tablename__ = "accepted_rule"

    id: Mapped[UUID] = id_column()
    hcp_id: Mapped[UUID] = mapped_column(ForeignKey("hcp.id"), index=True)
    rule: Mapped[str] = mapped_column(String(8))
    version: Mapped[str] = mapped_column(String(32))
    at: Mapped[int] = instant_column()
    text_sha256: Mapped[str] = mapped_column(String(64))
    """Of the rule's title and words, in the language that was shown."""

    @classmethod
    def of_hcp(cls, session: Session, hcp_id: UUID) -> Sequence[Self]:
        """Return every rule that a professional accepted, the newest first."""
        query = select(cls).where(cls.hcp_id == hcp_id).order_by(cls.at.desc(), cls.id.desc())
        return session.scalars(query).all()
