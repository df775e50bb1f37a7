"""Tables of staff: where they sign in, who they are, what they are trusted with."""

from collections.abc import Sequence
from typing import Self
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, delete, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, id_column, instant_column
from governance.identity.models import WebSession


class StaffProvider(Base):
    """An OIDC provider at which members of staff sign in."""

    __tablename__ = "staff_provider"

    id: Mapped[UUID] = id_column()
    name: Mapped[str] = mapped_column(String(64), unique=True)
    issuer: Mapped[str] = mapped_column(String(512), unique=True)
    oidc_client_id: Mapped[str] = mapped_column(String(256))
    oidc_client_secret_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created: Mapped[int] = instant_column()

    @classmethod
    def named(cls, session: Session, name: str) -> Self | None:
        """Return the provider of that name, compared exactly."""
        return session.scalars(select(cls).where(cls.name == name)).one_or_none()

    @classmethod
    def of_issuer(cls, session: Session, issuer: str) -> Self | None:
        """Return the provider with that issuer."""
        return session.scalars(select(cls).where(cls.issuer == issuer)).one_or_none()

    @classmethod
    def all_by_name(cls, session: Session) -> Sequence[Self]:
        """Return every provider."""
        return session.scalars(select(cls).order_by(cls.name)).all()


_SERVING = text("ended IS NULL")


class StaffMember(Base):
    """A member of staff. Never deleted: what they did stays theirs; who comes back is a new row."""

    __tablename__ = "staff_member"
    __table_args__ = (
        Index(
            "uq_staff_member_subject_digest_serving",
            "subject_digest",
            unique=True,
            sqlite_where=_SERVING,
            postgresql_where=_SERVING,
        ),
    )

    id: Mapped[UUID] = id_column()
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("staff_provider.id"))
    subject_digest: Mapped[str] = mapped_column(String(43))
    """Issuer and subject together, keyed."""
    sealed_name: Mapped[bytes] = mapped_column(LargeBinary)
    roles: Mapped[str] = mapped_column(String(128))
    """Separated by spaces."""
    created: Mapped[int] = instant_column()
    ended: Mapped[int | None] = instant_column(nullable=True)

    @classmethod
    def serving(cls, session: Session, subject_digest: str) -> Self | None:
        """Return who signs in by that subject, unless they ended."""
        query = select(cls).where(cls.subject_digest == subject_digest, cls.ended.is_(None))
        return session.scalars(query).one_or_none()

    @classmethod
    def all_oldest_first(cls, session: Session) -> Sequence[Self]:
        """Return everybody, those who ended too."""
        return session.scalars(select(cls).order_by(cls.id)).all()

    @classmethod
    def locked(cls, session: Session, staff_id: UUID) -> Self | None:
        """Return a member whom nobody else changes until this transaction ends."""
        return session.scalars(select(cls).where(cls.id == staff_id).with_for_update()).one_or_none()

    def forget_sessions(self, session: Session) -> None:
        """End every session of this member."""
        session.execute(delete(WebSession).where(WebSession.staff_id == self.id))
