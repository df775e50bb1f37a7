"""Tables of guardians: their links, the codes that lead to them, what they ask for, and what staff have to hear."""

from collections.abc import Sequence
from typing import Final, Self
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, id_column, instant_column

_DIGEST: Final = String(64)


class Guardianship(Base):
    """One guardian's link to one patient. It does nothing before staff approved it and the patient saw it.

    INVARIANT: kept for ever, with its end: the patient can always see who was linked, and when.
    """

    __tablename__ = "guardianship"

    id: Mapped[UUID] = id_column()
    patient_id: Mapped[UUID] = mapped_column(index=True)
    """No foreign key: a restore may bring this back before the record it is about."""
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    asked: Mapped[int] = instant_column()
    sealed_terms: Mapped[bytes] = mapped_column(LargeBinary)
    """Who it is, on what basis, shown by what, and for what; under the patient's key."""
    approved: Mapped[int | None] = instant_column(nullable=True)
    seen: Mapped[int | None] = instant_column(nullable=True)
    ends: Mapped[int | None] = instant_column(nullable=True)
    """As stated; at 18 it ends in any case."""
    ended: Mapped[int | None] = instant_column(nullable=True)
    released: Mapped[int | None] = instant_column(nullable=True)
    """From when the guardian does not want their refusals any more, so that the patient may take them away."""

    @classmethod
    def of_patient(cls, session: Session, patient_id: UUID) -> Sequence[Self]:
        """Return every link to a patient, the oldest first."""
        return session.scalars(select(cls).where(cls.patient_id == patient_id).order_by(cls.asked, cls.id)).all()

    @classmethod
    def of_account(cls, session: Session, account_id: UUID) -> Sequence[Self]:
        """Return every link of a guardian's account, the oldest first."""
        return session.scalars(select(cls).where(cls.account_id == account_id).order_by(cls.asked, cls.id)).all()

    @classmethod
    def all_open(cls, session: Session) -> Sequence[Self]:
        """Return every link that nobody ended, the oldest first."""
        return session.scalars(select(cls).where(cls.ended.is_(None)).order_by(cls.asked, cls.id)).all()


class GuardianCode(Base):
    """The code that a young person gave to one guardian, as a keyed digest; one at a time, for one use."""

    __tablename__ = "guardian_code"

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"), primary_key=True)
    code_digest: Mapped[str] = mapped_column(_DIGEST, unique=True)
    expires: Mapped[int] = instant_column()

    @classmethod
    def taken(cls, session: Session, code_digest: str) -> Self | None:
        """Return a code that nobody else uses until this transaction ends."""
        return session.scalars(select(cls).where(cls.code_digest == code_digest).with_for_update()).one_or_none()


class GuardianRequest(Base):
    """What a guardian asks a young person for; nothing comes of it but by the young person's own yes."""

    __tablename__ = "guardian_request"

    id: Mapped[UUID] = id_column()
    guardianship_id: Mapped[UUID] = mapped_column(ForeignKey("guardianship.id"), index=True)
    sealed_wish: Mapped[bytes] = mapped_column(LargeBinary)
    asked: Mapped[int] = instant_column()
    answered: Mapped[int | None] = instant_column(nullable=True)

    @classmethod
    def open_of(cls, session: Session, links: Sequence[UUID]) -> Sequence[Self]:
        """Return what nobody answered yet, the oldest first."""
        query = select(cls).where(cls.guardianship_id.in_(links), cls.answered.is_(None))
        return session.scalars(query.order_by(cls.asked, cls.id)).all()

    @classmethod
    def all_of(cls, session: Session, links: Sequence[UUID]) -> Sequence[Self]:
        """Return everything that was asked by some links, answered or not, the oldest first."""
        return session.scalars(select(cls).where(cls.guardianship_id.in_(links)).order_by(cls.asked, cls.id)).all()

    @classmethod
    def locked(cls, session: Session, request_id: UUID) -> Self | None:
        """Return a request that nobody else answers until this transaction ends."""
        return session.scalars(select(cls).where(cls.id == request_id).with_for_update()).one_or_none()


class Hearing(Base):
    """Something that an officer hears a young person about, within a working day."""

    __tablename__ = "hearing"

    id: Mapped[UUID] = id_column()
    patient_id: Mapped[UUID] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(16))
    about: Mapped[str] = mapped_column(String(128))
    """The layer, the link or the change; of a country nothing: it is sealed with what else is known of somebody."""
    asked: Mapped[int] = instant_column()
    due: Mapped[int] = instant_column()
    heard: Mapped[int | None] = instant_column(nullable=True)
    outcome: Mapped[str | None] = mapped_column(String(16))

    @classmethod
    def all_open(cls, session: Session) -> Sequence[Self]:
        """Return what nobody heard yet, what is due first."""
        return session.scalars(select(cls).where(cls.heard.is_(None)).order_by(cls.due, cls.id)).all()

    @classmethod
    def open_of(cls, session: Session, patient_id: UUID) -> Sequence[Self]:
        """Return what nobody heard yet of one patient, what is due first."""
        query = select(cls).where(cls.patient_id == patient_id, cls.heard.is_(None))
        return session.scalars(query.order_by(cls.due, cls.id)).all()

    @classmethod
    def all_of(cls, session: Session, patient_id: UUID) -> Sequence[Self]:
        """Return everything that was to be heard of one patient, the oldest first."""
        return session.scalars(select(cls).where(cls.patient_id == patient_id).order_by(cls.asked, cls.id)).all()

    @classmethod
    def locked(cls, session: Session, hearing_id: UUID) -> Self | None:
        """Return one that nobody else decides until this transaction ends."""
        return session.scalars(select(cls).where(cls.id == hearing_id).with_for_update()).one_or_none()
