"""Tables of organisations and of who works there."""

from collections.abc import Sequence
from typing import Self
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, id_column, instant_column


class Organisation(Base):
    """A place of care that tells us who works there.

    THREAT: choices of patients name it by its digest; with its name beside it, a dump would say who goes there.
    """

    __tablename__ = "organisation"

    id: Mapped[UUID] = id_column()
    key: Mapped[str] = mapped_column(String(43), unique=True)
    """The digest by which choices of patients name it."""
    sealed_name: Mapped[bytes] = mapped_column(LargeBinary)
    """Under a key of the service, as it is nobody's own."""
    created: Mapped[int] = instant_column()
    listed: Mapped[int | None] = instant_column(nullable=True)
    """As of when its last list of employees was."""

    @classmethod
    def known_as(cls, session: Session, key: str) -> Self | None:
        """Return the organisation of a digest, which nobody else changes until this transaction ends."""
        return session.scalars(select(cls).where(cls.key == key).with_for_update()).one_or_none()

    @classmethod
    def locked(cls, session: Session, organisation_id: UUID) -> Self | None:
        """Return an organisation that nobody else changes until this transaction ends."""
        return session.scalars(select(cls).where(cls.id == organisation_id).with_for_update()).one_or_none()

    @classmethod
    def all(cls, session: Session) -> Sequence[Self]:
        """Return every organisation, the oldest first."""
        return session.scalars(select(cls).order_by(cls.created, cls.id)).all()


class Affiliation(Base):
    """That somebody works, or worked, at an organisation; ended, never deleted, because refusals bind by it."""

    __tablename__ = "affiliation"
    __table_args__ = (UniqueConstraint("hcp_id", "organisation_key"),)

    id: Mapped[UUID] = id_column()
    hcp_id: Mapped[UUID] = mapped_column(ForeignKey("hcp.id"))
    organisation_key: Mapped[str] = mapped_column(String(43), index=True)
    sealed_name: Mapped[bytes] = mapped_column(LargeBinary)
    """What the professional, or the organisation, calls it."""
    said: Mapped[int | None] = instant_column(nullable=True)
    """When the professional said so; none if only the organisation did."""
    verified: Mapped[int | None] = instant_column(nullable=True)
    verified_until: Mapped[int | None] = instant_column(nullable=True)
    ended: Mapped[int | None] = instant_column(nullable=True)

    @classmethod
    def of_hcp(cls, session: Session, hcp_id: UUID) -> Sequence[Self]:
        """Return where somebody works and worked."""
        return session.scalars(select(cls).where(cls.hcp_id == hcp_id).order_by(cls.id)).all()

    @classmethod
    def between(cls, session: Session, hcp_id: UUID, organisation_key: str) -> Self | None:
        """Return what is known of somebody at an organisation."""
        query = select(cls).where(cls.hcp_id == hcp_id, cls.organisation_key == organisation_key)
        return session.scalars(query.with_for_update()).one_or_none()

    @classmethod
    def at(cls, session: Session, organisation_key: str) -> Sequence[Self]:
        """Return who works, or says they work, at an organisation now."""
        query = select(cls).where(cls.organisation_key == organisation_key, cls.ended.is_(None))
        return session.scalars(query.order_by(cls.id)).all()
