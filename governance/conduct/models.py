"""Tables of professionals, the accounts tied to them, and what they accepted."""

from uuid import UUID

from sqlalchemy import ForeignKey, Integer, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, id_column, instant_column


class HcpRecord(Base):
    """One professional, as a verifier entered them."""

    __tablename__ = "hcp"

    id: Mapped[UUID] = id_column()
    created: Mapped[int] = instant_column()
    profession: Mapped[str] = mapped_column(String(64))
    assurance: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(16))
    checked_until: Mapped[int] = instant_column()
    sealed_name: Mapped[bytes] = mapped_column(LargeBinary)


class HcpAccount(Base):
    """An account ever tied to a professional; rows are never deleted, because refusals bind by them."""

    __tablename__ = "hcp_account"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    hcp_id: Mapped[UUID] = mapped_column(ForeignKey("hcp.id"), index=True)
    tied: Mapped[int] = instant_column()

    @classmethod
    def hcp_of(cls, session: Session, account_id: UUID) -> UUID | None:
        """Return the professional an account is tied to."""
        return session.scalar(select(cls.hcp_id).where(cls.account_id == account_id))


class Attestation(Base):
    """A professional's acceptance of one version of the conduct rules."""

    __tablename__ = "attestation"

    id: Mapped[UUID] = id_column()
    hcp_id: Mapped[UUID] = mapped_column(ForeignKey("hcp.id"), index=True)
    version: Mapped[str] = mapped_column(String(32))
    at: Mapped[int] = instant_column()
    until: Mapped[int] = instant_column()
