"""Tables of pictures that belong to reports: sealed parts, and what each of them is, sealed too."""

from collections.abc import Sequence
from typing import Self
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Integer, LargeBinary, Uuid, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, instant_column


class Evidence(Base):
    """One picture. Before its report is sent nobody but the browser has its key; afterwards the report's readers do.

    Its id is random: a number that grows with time would say when it came.
    """

    __tablename__ = "report_evidence"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    report_id: Mapped[UUID | None] = mapped_column(ForeignKey("report.id"), index=True)
    waits_until: Mapped[int | None] = instant_column(nullable=True)
    """When it is forgotten if its report is never sent; to the hour."""
    sealed_about: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Its key, name, kind and hash, under the report's key."""

    @classmethod
    def of_report(cls, session: Session, report_id: UUID) -> Sequence[Self]:
        """Return the pictures of a report; their order says nothing."""
        return session.scalars(select(cls).where(cls.report_id == report_id).order_by(cls.id)).all()

    @classmethod
    def reports(cls, session: Session) -> frozenset[UUID | None]:
        """Return the reports that have pictures."""
        return frozenset(session.scalars(select(cls.report_id).where(cls.report_id.is_not(None))))

    @classmethod
    def waiting(cls, session: Session) -> int:
        """Return how many pictures wait for their reports to be sent."""
        return session.scalar(select(func.count()).select_from(cls).where(cls.report_id.is_(None))) or 0

    @classmethod
    def waiting_ones(cls, session: Session, ids: Sequence[UUID]) -> Sequence[Self]:
        """Return those of some pictures that wait, and that nobody else changes until this transaction ends."""
        query = select(cls).where(cls.id.in_(ids), cls.report_id.is_(None))
        return session.scalars(query.order_by(cls.id).with_for_update()).all()

    @classmethod
    def never_sent(cls, session: Session, now: int) -> Sequence[UUID]:
        """Return the pictures whose reports were not sent in time."""
        query = select(cls.id).where(cls.report_id.is_(None), cls.waits_until <= now)
        return session.scalars(query.order_by(cls.id)).all()

    @classmethod
    def delete_all(cls, session: Session, ids: Sequence[UUID]) -> None:
        """Delete pictures with all their parts."""
        session.execute(delete(EvidencePart).where(EvidencePart.evidence_id.in_(ids)))
        session.execute(delete(cls).where(cls.id.in_(ids)))


class EvidencePart(Base):
    """A part of a picture; without the key it says nothing but that it is one."""

    __tablename__ = "report_evidence_part"

    evidence_id: Mapped[UUID] = mapped_column(ForeignKey("report_evidence.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)

    @classmethod
    def of(cls, session: Session, evidence_id: UUID) -> Sequence[bytes]:
        """Return the parts of a picture, in their order."""
        return session.scalars(select(cls.sealed).where(cls.evidence_id == evidence_id).order_by(cls.number)).all()

    @classmethod
    def rows_of(cls, session: Session, evidence_id: UUID) -> Sequence[Self]:
        """Return the parts of a picture as rows, in their order."""
        return session.scalars(select(cls).where(cls.evidence_id == evidence_id).order_by(cls.number)).all()
