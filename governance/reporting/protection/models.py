"""Tables of protection: what somebody looks at again, and what a patient is offered when a block ends.

INVARIANT: neither leads to a case. Why something was closed stands in the case's sealed events alone.
"""

from collections.abc import Sequence
from typing import Self
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, LargeBinary, String, Uuid, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, instant_column
from governance.effective.models import GovernedAccount


class MeasureReview(Base):
    """That somebody looks at a measure again: at a wide block on its day, at an emergency view within days."""

    __tablename__ = "measure_review"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    measure_id: Mapped[UUID] = mapped_column(Uuid, unique=True)
    """No foreign key: these rows come back after a restore whether or not the measure does."""
    kind: Mapped[str] = mapped_column(String(32))
    taken_by: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    due: Mapped[int] = instant_column()
    reviewed: Mapped[int | None] = instant_column(nullable=True)
    reviewed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    result: Mapped[str | None] = mapped_column(String(16))
    """`right`, `wrong`, or `renewed`."""
    sealed_words: Mapped[bytes] = mapped_column(LargeBinary)
    """Why it was right or not, sealed to the reviewer's own record; never about a person."""

    @classmethod
    def open(cls, session: Session) -> Sequence[Self]:
        """Return what nobody looked at again, what is due first coming first."""
        return session.scalars(select(cls).where(cls.reviewed.is_(None)).order_by(cls.due, cls.id)).all()

    @classmethod
    def locked(cls, session: Session, review_id: UUID) -> Self | None:
        """Return a review that nobody else changes until this transaction ends."""
        return session.scalars(select(cls).where(cls.id == review_id).with_for_update()).one_or_none()

    @classmethod
    def between(cls, session: Session, since: int, until: int) -> Sequence[Self]:
        """Return what was due in a time, for the monthly look at every override."""
        query = select(cls).where(cls.due >= since, cls.due < until)
        return session.scalars(query.order_by(cls.due, cls.id)).all()

    @classmethod
    def all_of(cls, session: Session) -> Sequence[Self]:
        """Return every one, for counting."""
        return session.scalars(select(cls).order_by(cls.due, cls.id)).all()


class RefusalOffer(Base):
    """A pair block that ends: the patient is asked whether to go on by a refusal of their own."""

    __tablename__ = "refusal_offer"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    measure_id: Mapped[UUID] = mapped_column(Uuid, unique=True)
    """No foreign key: these rows come back after a restore whether or not the measure does."""
    account: Mapped[str] = mapped_column(String(64))
    """Of the professional, as a digest."""
    made: Mapped[int] = instant_column()
    answer: Mapped[str | None] = mapped_column(String(8))
    """`yes` or `no`."""

    @classmethod
    def of_patient(cls, session: Session, patient_id: UUID) -> Sequence[Self]:
        """Return everything a patient was asked."""
        return session.scalars(select(cls).where(cls.patient_id == patient_id).order_by(cls.made, cls.id)).all()

    @classmethod
    def open_of(cls, session: Session, patient_id: UUID) -> list[Self]:
        """Return what a patient did not answer yet."""
        return [one for one in cls.of_patient(session, patient_id) if one.answer is None]

    @classmethod
    def offered(cls, session: Session) -> frozenset[UUID]:
        """Return the measures that somebody was asked about already."""
        return frozenset(session.scalars(select(cls.measure_id)))


def accounts_of(session: Session, hcp: str) -> list[tuple[str, UUID]]:
    """Return every account of a professional with its platform."""
    query = select(GovernedAccount.key, GovernedAccount.platform_id).where(GovernedAccount.hcp == hcp)
    return [(row[0], row[1]) for row in session.execute(query)]
