"""Tables of the guard: what is usual on a forum in an hour, and alarms that staff have not looked at yet."""

from collections.abc import Sequence
from typing import Self
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, ForeignKey, Integer, LargeBinary, String, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, id_column, instant_column


class ProbingHour(Base):
    """What professionals asked about on one forum in one hour, in numbers alone."""

    __tablename__ = "probing_hour"

    platform_id: Mapped[UUID] = mapped_column(ForeignKey("platform.id"), primary_key=True)
    hour: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    viewers: Mapped[int] = mapped_column(Integer)
    usual: Mapped[int] = mapped_column(Integer)
    """The middle of how many people each asked about."""
    named: Mapped[int] = mapped_column(Integer)
    """Pairs of a professional and a patient whose answer a choice by name decided."""

    @classmethod
    def last(cls, session: Session, before: int) -> int | None:
        """Return the last hour that was counted, of those before then: a clock may have been ahead."""
        return session.scalar(select(func.max(cls.hour)).where(cls.hour < before))

    @classmethod
    def named_before(cls, session: Session, platform_id: UUID, since: int, until: int) -> Sequence[int]:
        """Return how many pairs by name there were in each hour of a time."""
        query = select(cls.named).where(cls.platform_id == platform_id, cls.hour >= since, cls.hour < until)
        return session.scalars(query).all()


class ProbingAlarm(Base):
    """Somebody asked about far more people than is usual there."""

    __tablename__ = "probing_alarm"

    id: Mapped[UUID] = id_column()
    platform_id: Mapped[UUID] = mapped_column(ForeignKey("platform.id"))
    hour: Mapped[int] = instant_column()
    kind: Mapped[str] = mapped_column(String(16))
    """`authors`: one account asked about many people; `named`: a forum asked about many pairs that are named."""
    account: Mapped[str] = mapped_column(String(64))
    """The digest of the professional's account; empty where it is about the forum."""
    counted: Mapped[int] = mapped_column(Integer)
    usual: Mapped[int] = mapped_column(Integer)
    closed: Mapped[int | None] = instant_column(nullable=True)
    """When staff had looked."""

    @classmethod
    def open(cls, session: Session) -> Sequence[Self]:
        """Return the alarms that nobody closed, the newest first."""
        query = select(cls).where(cls.closed.is_(None))
        return session.scalars(query.order_by(cls.hour.desc(), cls.id.desc())).all()


class ProbingShare(Base):
    """What all processes together counted of one account in one hour, for an hour or two."""

    __tablename__ = "probing_share"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    """A keyed digest of the hour, the forum and the account."""
    hour: Mapped[int] = mapped_column(BigInteger, index=True)
    """Since 1970."""
    sealed_bits: Mapped[bytes] = mapped_column(LargeBinary)
    told: Mapped[bool] = mapped_column(Boolean)
    """Whether a process said that this account is beyond its quota."""

    @classmethod
    def locked(cls, session: Session, names: Sequence[str], hour: int) -> Sequence[Self]:
        """Return the rows of these names, which nobody else changes until this transaction ends; new ones are empty."""
        if not names:
            return ()
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        # In one order everywhere: two processes that begin the same rows must not wait for each other.
        fresh = [{"name": name, "hour": hour, "sealed_bits": b"", "told": False} for name in names]
        session.execute(dialect.insert(cls).values(fresh).on_conflict_do_nothing())
        return session.scalars(select(cls).where(cls.name.in_(names)).order_by(cls.name).with_for_update()).all()

    @classmethod
    def forget_before(cls, session: Session, hour: int) -> None:
        """Delete what was counted before an hour."""
        session.execute(delete(cls).where(cls.hour < hour))
