"""Tables of safe contacts, and of notices on a patient's page."""

from collections.abc import Sequence
from typing import Self
from uuid import UUID

from sqlalchemy import BigInteger, Integer, LargeBinary, String, Uuid, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, id_column, instant_column


class SafeContact(Base):
    """Where a patient may be written to, sealed; no row: nowhere.

    The journal keeps it, and a restore may bring it back before the patient's own row: so it points to none.
    """

    __tablename__ = "safe_contact"

    patient_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    sealed_contact: Mapped[bytes] = mapped_column(LargeBinary)
    """See `service.Contact`."""
    confirmed: Mapped[int | None] = instant_column(nullable=True)
    """When the code that was sent there came back; nothing is sent before but that code."""
    code_digest: Mapped[str] = mapped_column(String(64))
    """Keyed; empty once it was used."""
    code_until: Mapped[int] = mapped_column(BigInteger)
    tries: Mapped[int] = mapped_column(Integer)


class PatientNotice(Base):
    """Something new that a patient's page tells, by its kind alone."""

    __tablename__ = "patient_notice"

    id: Mapped[UUID] = id_column()
    patient_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    kind: Mapped[str] = mapped_column(String(32))
    at: Mapped[int] = instant_column()
    seen: Mapped[int | None] = instant_column(nullable=True)
    """When the patient put it away."""

    @classmethod
    def all_of(cls, session: Session, patient_id: UUID) -> Sequence[Self]:
        """Return every notice of a patient, the newest first."""
        query = select(cls).where(cls.patient_id == patient_id).order_by(cls.at.desc(), cls.id.desc())
        return session.scalars(query).all()

    @classmethod
    def unseen_of(cls, session: Session, patient_id: UUID) -> Sequence[Self]:
        """Return the notices that a patient has not put away, the newest first."""
        query = select(cls).where(cls.patient_id == patient_id, cls.seen.is_(None))
        return session.scalars(query.order_by(cls.at.desc(), cls.id.desc())).all()

    @classmethod
    def newest_of(cls, session: Session, patient_id: UUID, kind: str) -> Self | None:
        """Return the newest notice of a kind, put away or not."""
        query = select(cls).where(cls.patient_id == patient_id, cls.kind == kind)
        return session.scalars(query.order_by(cls.at.desc()).limit(1)).one_or_none()

    @classmethod
    def forget_of(cls, session: Session, patient_id: UUID) -> None:
        """Delete every row of a patient, for an erasure."""
        session.execute(delete(cls).where(cls.patient_id == patient_id))
