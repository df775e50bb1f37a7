"""Published records: every version that ever was in force, and every text that anybody may have read, by its hash."""

from collections.abc import Sequence
from typing import NamedTuple, Self
from uuid import UUID

from sqlalchemy import LargeBinary, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, instant_column

_SHA256 = String(64)


class PolicyVersion(Base):
    """One version of one record, as it was published. Never edited: what changes is how far it was carried out."""

    __tablename__ = "policy_version"

    record: Mapped[str] = mapped_column(String(32), primary_key=True)
    version: Mapped[str] = mapped_column(String(32), primary_key=True)
    since: Mapped[int] = instant_column()
    """From when it holds: as its header says, but never before it was published."""
    published: Mapped[int] = instant_column()
    document: Mapped[str] = mapped_column(Text)
    """The record's TOML, without the words."""
    upto: Mapped[UUID | None] = mapped_column(nullable=True)
    """The last patient whose row in force knows of this version; while it is carried out."""
    applied: Mapped[int | None] = instant_column(nullable=True)
    """When every patient's row knew of it; none while it is carried out."""

    @classmethod
    def all_of(cls, session: Session, record: str) -> Sequence[Self]:
        """Return every version of a record, in the order of publication."""
        return session.scalars(select(cls).where(cls.record == record).order_by(cls.published, cls.since)).all()

    @classmethod
    def unfinished(cls, session: Session, record: str) -> Self | None:
        """Return the version that is being carried out, if any; nobody else carries it out until this ends."""
        query = select(cls).where(cls.record == record, cls.applied.is_(None)).order_by(cls.published).limit(1)
        return session.scalars(query.with_for_update()).one_or_none()

    @classmethod
    def records(cls, session: Session) -> Sequence[str]:
        """Return the ids of all records of which anything was published."""
        return session.scalars(select(cls.record).distinct().order_by(cls.record)).all()


class PolicyText(Base):
    """The bytes of a text file, under their SHA-256. Kept for ever."""

    __tablename__ = "policy_text"

    sha256: Mapped[str] = mapped_column(_SHA256, primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Use(NamedTuple):
    """In which version, language and variant a text was approved, and since when it is shown."""

    version: str
    language: str
    variant: str
    sha256: str
    approved: int


class PolicyTextUse(Base):
    """An approved text of one version in one language and variant: each is published when it is ready."""

    __tablename__ = "policy_text_use"

    record: Mapped[str] = mapped_column(String(32), primary_key=True)
    version: Mapped[str] = mapped_column(String(32), primary_key=True)
    language: Mapped[str] = mapped_column(String(16), primary_key=True)
    variant: Mapped[str] = mapped_column(String(16), primary_key=True)
    sha256: Mapped[str] = mapped_column(_SHA256, index=True)
    approved: Mapped[int] = instant_column()

    @classmethod
    def all_of(cls, session: Session, record: str) -> list[Use]:
        """Return every approved text of a record."""
        columns = cls.version, cls.language, cls.variant, cls.sha256, cls.approved
        return [Use(*row) for row in session.execute(select(*columns).where(cls.record == record))]

    @classmethod
    def of_text(cls, session: Session, sha256: str) -> Self | None:
        """Return where a text was used first."""
        return session.scalars(select(cls).where(cls.sha256 == sha256).order_by(cls.approved).limit(1)).one_or_none()
