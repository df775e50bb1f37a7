"""A patient's choices, version by version; what waits to take effect; the receipts that were given."""

from collections.abc import Sequence
from typing import Final, Self
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, LargeBinary, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, id_column, instant_column
from governance.decision.vocabulary import Instant

_DIGEST: Final = String(64)
"""A SHA-256 in hex."""


class Directive(Base):
    """All choices of one patient at one time, sealed.

    INVARIANT: a directive is never edited, only superseded by the next version.
    """

    __tablename__ = "directive"
    __table_args__ = (UniqueConstraint("patient_id", "version"),)

    id: Mapped[UUID] = id_column()
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    version: Mapped[int] = mapped_column(Integer)
    at: Mapped[int] = instant_column()
    sealed_choices: Mapped[bytes] = mapped_column(LargeBinary)

    @classmethod
    def latest(cls, session: Session, patient_id: UUID) -> Self | None:
        """Return the newest directive of a patient."""
        query = select(cls).where(cls.patient_id == patient_id).order_by(cls.version.desc()).limit(1)
        return session.scalars(query).one_or_none()

    @classmethod
    def of_version(cls, session: Session, patient_id: UUID, version: int) -> Self | None:
        """Return one version of a patient's directive."""
        return session.scalars(select(cls).where(cls.patient_id == patient_id, cls.version == version)).one_or_none()

    @classmethod
    def all_of(cls, session: Session, patient_id: UUID) -> Sequence[Self]:
        """Return every version, the newest first."""
        return session.scalars(select(cls).where(cls.patient_id == patient_id).order_by(cls.version.desc())).all()

    @classmethod
    def forget_of(cls, session: Session, patient_id: UUID) -> None:
        """Delete every row of a patient, for an erasure."""
        session.execute(delete(cls).where(cls.patient_id == patient_id))


class WaitingChange(Base):
    """What a patient wants to open, until it is due; kept afterwards, with what became of it.

    The wish itself, its witness and its time are sealed together: a row that was moved or set forward does not open.
    """

    __tablename__ = "waiting_change"

    id: Mapped[UUID] = id_column()
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    base_version: Mapped[int] = mapped_column(Integer)
    """Of the directive on which the wish was built."""
    made: Mapped[int] = instant_column()
    due: Mapped[int] = instant_column()
    token_digest: Mapped[str] = mapped_column(_DIGEST)
    """Of what the one job holds that may put it in force; empty from the end on."""
    sealed_wish: Mapped[bytes] = mapped_column(LargeBinary)
    ended: Mapped[int | None] = instant_column(nullable=True)
    outcome: Mapped[str | None] = mapped_column(String(16))

    @classmethod
    def locked(cls, session: Session, change_id: UUID) -> Self | None:
        """Return a change that nobody else ends until this transaction does."""
        return session.scalars(select(cls).where(cls.id == change_id).with_for_update()).one_or_none()

    @classmethod
    def open_of(cls, session: Session, patient_id: UUID) -> Sequence[Self]:
        """Return what still waits for a patient, the next one first."""
        query = select(cls).where(cls.patient_id == patient_id, cls.ended.is_(None)).order_by(cls.due, cls.id)
        return session.scalars(query).all()

    @classmethod
    def ended_since(cls, session: Session, patient_id: UUID, since: Instant) -> Sequence[Self]:
        """Return what has ended since an instant, the last one first."""
        query = select(cls).where(cls.patient_id == patient_id, cls.ended >= since).order_by(cls.ended.desc(), cls.id)
        return session.scalars(query).all()

    @classmethod
    def all_of(cls, session: Session, patient_id: UUID) -> Sequence[Self]:
        """Return everything that a patient ever asked for, the newest first."""
        return session.scalars(select(cls).where(cls.patient_id == patient_id).order_by(cls.made.desc(), cls.id)).all()

    @classmethod
    def forget_of(cls, session: Session, patient_id: UUID) -> None:
        """Delete every row of a patient, for an erasure."""
        session.execute(delete(cls).where(cls.patient_id == patient_id))


class Receipt(Base):
    """The signed receipt of one version of a patient's choices, sealed; given once, never made anew."""

    __tablename__ = "receipt"
    __table_args__ = (UniqueConstraint("patient_id", "version"),)

    id: Mapped[UUID] = id_column()
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    version: Mapped[int] = mapped_column(Integer)
    """Of the directive that it is about."""
    issued: Mapped[int] = instant_column()
    sealed_jws: Mapped[bytes] = mapped_column(LargeBinary)

    @classmethod
    def of_version(cls, session: Session, patient_id: UUID, version: int) -> Self | None:
        """Return the receipt of one version of a patient's choices."""
        return session.scalars(select(cls).where(cls.patient_id == patient_id, cls.version == version)).one_or_none()

    @classmethod
    def all_of(cls, session: Session, patient_id: UUID) -> Sequence[Self]:
        """Return every receipt of a patient, the newest first."""
        return session.scalars(select(cls).where(cls.patient_id == patient_id).order_by(cls.version.desc())).all()

    @classmethod
    def forget_of(cls, session: Session, patient_id: UUID) -> None:
        """Delete every row of a patient, for an erasure."""
        session.execute(delete(cls).where(cls.patient_id == patient_id))


class ChosenPlace(Base):
    """A place of a rule, or an organisation, as the patient typed it, sealed: decisions know its digest alone."""

    __tablename__ = "chosen_place"

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"), primary_key=True)
    place: Mapped[str] = mapped_column(String(43), primary_key=True)
    sealed_name: Mapped[bytes] = mapped_column(LargeBinary)

    @classmethod
    def of_patient(cls, session: Session, patient_id: UUID) -> Sequence[Self]:
        """Return every place that a patient named."""
        return session.scalars(select(cls).where(cls.patient_id == patient_id)).all()
