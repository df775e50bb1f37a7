"""Tables of patients and the accounts that are theirs."""

from collections.abc import Sequence
from typing import Self
from uuid import UUID

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, id_column, instant_column


class Patient(Base):
    """A person whose writing is governed. Holds no name: names stay with the forum."""

    __tablename__ = "patient"

    id: Mapped[UUID] = id_column()
    created: Mapped[int] = instant_column()
    adult_from: Mapped[int | None] = instant_column(nullable=True)
    """When the person turns 18; none while nobody told us, and unknown counts as a minor."""

    @classmethod
    def of_account(cls, session: Session, account_id: UUID) -> Self | None:
        """Return the patient whose account this is."""
        query = select(cls).join(PatientAccount).where(PatientAccount.account_id == account_id)
        return session.scalars(query).one_or_none()


class PatientAccount(Base):
    """A forum account that belongs to a patient; one account belongs to one patient alone."""

    __tablename__ = "patient_account"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    linked: Mapped[int] = instant_column()

    @classmethod
    def of_patient(cls, session: Session, patient_id: UUID) -> Sequence[Self]:
        """Return every account of a patient, in the order they were linked."""
        query = select(cls).where(cls.patient_id == patient_id).order_by(cls.linked, cls.account_id)
        return session.scalars(query).all()
