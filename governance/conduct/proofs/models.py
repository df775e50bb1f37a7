"""Tables of proofs of control, begun, perhaps proven, never deleted, and of providers whose word is one."""

from collections.abc import Sequence
from typing import Self
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.conduct.models import RegisterCheck
from governance.db.base import Base, id_column, instant_column


class ControlProof(Base):
    """One attempt of somebody to prove that a number on a register is theirs."""

    __tablename__ = "control_proof"

    id: Mapped[UUID] = id_column()
    hcp_id: Mapped[UUID] = mapped_column(ForeignKey("hcp.id"), index=True)
    number_digest: Mapped[str] = mapped_column(String(43))
    kind: Mapped[str] = mapped_column(String(16))
    begun: Mapped[int] = instant_column()
    proven: Mapped[int | None] = instant_column(nullable=True)
    by: Mapped[str] = mapped_column(String(36))
    """Who began it: a member of staff, `operator`, or `self`."""
    sealed_detail: Mapped[bytes] = mapped_column(LargeBinary)
    """What was seen, where a code went, or which provider vouched."""
    code_digest: Mapped[str] = mapped_column(String(64))
    """Of a code that may still be typed; empty if there is none."""
    code_until: Mapped[int] = instant_column()
    tries: Mapped[int] = mapped_column(Integer)

    @classmethod
    def standing(cls, session: Session, hcp_id: UUID, number_digest: str) -> Self | None:
        """Return the newest proof that holds for a number; none if control was never proven, or not since an end."""
        since = RegisterCheck.last_end(session, hcp_id)
        theirs = cls.hcp_id == hcp_id, cls.number_digest == number_digest
        query = select(cls).where(*theirs, cls.proven > since)
        return session.scalars(query.order_by(cls.proven.desc(), cls.id.desc()).limit(1)).one_or_none()

    @classmethod
    def of_hcp(cls, session: Session, hcp_id: UUID) -> Sequence[Self]:
        """Return every attempt of somebody, newest first."""
        return session.scalars(select(cls).where(cls.hcp_id == hcp_id).order_by(cls.begun.desc(), cls.id.desc())).all()

    @classmethod
    def awaited(cls, session: Session, hcp_id: UUID) -> Self | None:
        """Return the code that somebody may type now: the one sent last. Nobody else tries one meanwhile."""
        waits = cls.code_digest != "", cls.proven.is_(None), cls.begun > RegisterCheck.last_end(session, hcp_id)
        query = select(cls).where(cls.hcp_id == hcp_id, *waits)
        return session.scalars(query.order_by(cls.begun.desc(), cls.id.desc()).limit(1).with_for_update()).one_or_none()


class ProfessionalProvider(Base):
    """An OIDC provider that knows the numbers of one register."""

    __tablename__ = "professional_provider"

    id: Mapped[UUID] = id_column()
    name: Mapped[str] = mapped_column(String(64), unique=True)
    shown: Mapped[str] = mapped_column(String(100))
    issuer: Mapped[str] = mapped_column(String(512), unique=True)
    oidc_client_id: Mapped[str] = mapped_column(String(256))
    oidc_client_secret_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    register: Mapped[str] = mapped_column(String(16))
    number_claim: Mapped[str] = mapped_column(String(64))
    """Which claim of its ID token is the number."""
    created: Mapped[int] = instant_column()

    @classmethod
    def named(cls, session: Session, name: str) -> Self | None:
        """Return the provider of that name."""
        return session.scalars(select(cls).where(cls.name == name)).one_or_none()

    @classmethod
    def all_by_name(cls, session: Session) -> Sequence[Self]:
        """Return every provider."""
        return session.scalars(select(cls).order_by(cls.name)).all()
