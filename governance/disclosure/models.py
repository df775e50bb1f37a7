"""Who was told what, when and in which words, and what ended that."""

from collections.abc import Sequence
from typing import NamedTuple, Self
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Integer, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from governance.db.base import Base, id_column, instant_column
from governance.patients.contact.models import SafeContact


class Acknowledgement(Base):
    """One person's "I was told": the exact text by its hash. Never edited, only followed by a newer one."""

    __tablename__ = "acknowledgement"

    id: Mapped[UUID] = id_column()
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    version: Mapped[str] = mapped_column(String(32))
    language: Mapped[str] = mapped_column(String(16))
    variant: Mapped[str] = mapped_column(String(16))
    text_sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[int] = instant_column()
    understood: Mapped[bool | None] = mapped_column(nullable=True)
    """Whether every question of the check was answered right in the end; the answers are kept nowhere."""
    tries: Mapped[int | None] = mapped_column(Integer, nullable=True)

    @classmethod
    def latest(cls, session: Session, patient_id: UUID) -> Self | None:
        """Return the newest acknowledgement of a patient."""
        query = select(cls).where(cls.patient_id == patient_id).order_by(cls.at.desc(), cls.id.desc()).limit(1)
        return session.scalars(query).one_or_none()

    @classmethod
    def all_of(cls, session: Session, patient_id: UUID) -> Sequence[Self]:
        """Return every acknowledgement of a patient, the newest first."""
        query = select(cls).where(cls.patient_id == patient_id).order_by(cls.at.desc(), cls.id.desc())
        return session.scalars(query).all()

    @classmethod
    def forget_of(cls, session: Session, patient_id: UUID) -> None:
        """Delete every row of a patient, for an erasure."""
        session.execute(delete(cls).where(cls.patient_id == patient_id))

    @classmethod
    def patients(cls, session: Session, after: UUID | None, most: int) -> Sequence[UUID]:
        """Return whoever was ever told anything, in the order of their ids."""
        query = select(cls.patient_id).distinct().order_by(cls.patient_id).limit(most)
        return session.scalars(query if after is None else query.where(cls.patient_id > after)).all()

    @classmethod
    def told_before(cls, session: Session, before: int, after: UUID | None, most: int) -> Sequence[UUID]:
        """Return who was told last before then and confirmed a safe contact, in the order of their ids."""
        query = select(cls.patient_id).join(SafeContact, SafeContact.patient_id == cls.patient_id)
        query = query.outerjoin(Reader, Reader.patient_id == cls.patient_id).where(SafeContact.confirmed.is_not(None))
        query = query.where(Reader.reminded.is_(None) | (Reader.reminded <= before))
        query = query.group_by(cls.patient_id).having(func.max(cls.at) <= before).order_by(cls.patient_id).limit(most)
        return session.scalars(query if after is None else query.where(cls.patient_id > after)).all()

    @classmethod
    def how_many_patients(cls, session: Session, after: UUID | None = None) -> int:
        """Return how many people were ever told anything."""
        query = select(func.count(cls.patient_id.distinct()))
        return session.scalar(query if after is None else query.where(cls.patient_id > after)) or 0

    @classmethod
    def newest_by_version(cls, session: Session) -> "list[Counted]":
        """Return how many people acknowledged which version last, and in which language."""
        later = aliased(cls)
        is_newer = (later.at > cls.at) | ((later.at == cls.at) & (later.id > cls.id))
        newer = select(later.id).where(later.patient_id == cls.patient_id, is_newer).exists()
        columns = cls.version, cls.language
        query = select(*columns, func.count()).where(~newer).group_by(*columns).order_by(*columns)
        return [Counted(*row) for row in session.execute(query)]


class Counted(NamedTuple):
    """How many people acknowledged a version in a language last."""

    version: str
    language: str
    people: int


class Reader(Base):
    """When a person was seen last, and which notices they have read."""

    __tablename__ = "disclosure_reader"

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"), primary_key=True)
    seen: Mapped[int] = instant_column()
    """When they signed in last, to the day."""
    informed: Mapped[str] = mapped_column(String(32), default="")
    """The version of which a notice was read."""
    reminded: Mapped[int | None] = instant_column(nullable=True)
    """When the yearly reminder was read."""


class AskAgain(Base):
    """From when what a person was told before counts no more: they came of an age, or were away too long."""

    __tablename__ = "disclosure_ask_again"

    # No foreign key: a restored database has this again before the person's record.
    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)

    @classmethod
    def all_of(cls, session: Session, patient_id: UUID) -> Sequence[Self]:
        """Return every row of a person."""
        return session.scalars(select(cls).where(cls.patient_id == patient_id)).all()

    @classmethod
    def instants(cls, session: Session, patient_id: UUID) -> Sequence[int]:
        """Return every such instant of a person, past or to come."""
        return session.scalars(select(cls.at).where(cls.patient_id == patient_id).order_by(cls.at)).all()
