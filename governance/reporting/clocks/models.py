"""The table of clocks: one row for each that runs or ran in a case."""

from collections.abc import Sequence
from typing import Self
from uuid import UUID, uuid4

from sqlalchemy import Boolean, ForeignKey, Index, String, Uuid, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, instant_column


class CaseClock(Base):
    """One clock. While it runs it holds its times; once it stopped, the days alone."""

    __tablename__ = "case_clock"
    __table_args__ = (Index(None, "due", "stopped"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("report_case.id"), index=True)
    name: Mapped[str] = mapped_column(String(48))
    """Regime and code, as `policies/reporting/desk.toml` has them."""
    calendar: Mapped[str] = mapped_column(String(8))
    started: Mapped[int] = instant_column()
    due: Mapped[int] = instant_column()
    paused: Mapped[int | None] = instant_column(nullable=True)
    cause: Mapped[str | None] = mapped_column(String(24))
    """Why it stands still, or stood still last."""
    stopped: Mapped[int | None] = instant_column(nullable=True)
    missed: Mapped[bool] = mapped_column(Boolean)
    """Whether it ran out; said once, when the worker saw it."""

    @classmethod
    def of_case(cls, session: Session, case_id: UUID) -> Sequence[Self]:
        """Return every clock of a case, what is due first coming first."""
        return session.scalars(select(cls).where(cls.case_id == case_id).order_by(cls.due, cls.name)).all()

    @classmethod
    def running(cls, session: Session, case_id: UUID) -> list[Self]:
        """Return the clocks of a case that did not stop."""
        return [one for one in cls.of_case(session, case_id) if one.stopped is None]

    @classmethod
    def run_out(cls, session: Session, now: int) -> Sequence[Self]:
        """Return the clocks that ran out and of which nobody was told yet."""
        over = (cls.due <= now) & cls.stopped.is_(None) & cls.paused.is_(None) & cls.missed.is_(False)
        return session.scalars(select(cls).where(over).order_by(cls.due, cls.id).with_for_update()).all()

    @classmethod
    def soonest(cls, session: Session, case_ids: Sequence[UUID]) -> dict[UUID, Self]:
        """Return of each case the running clock that is due first; what stands still is left out."""
        query = select(cls).where(cls.case_id.in_(case_ids), cls.stopped.is_(None), cls.paused.is_(None))
        found: dict[UUID, Self] = {}
        for row in session.scalars(query.order_by(cls.due, cls.name)):
            found.setdefault(row.case_id, row)
        return found

    @classmethod
    def last_stops(cls, session: Session) -> dict[UUID, int | None]:
        """Return of each case the day on which a clock stopped last."""
        query = select(cls.case_id, func.max(cls.stopped)).group_by(cls.case_id)
        return {row[0]: row[1] for row in session.execute(query)}

    @classmethod
    def late_cases(cls, session: Session) -> frozenset[UUID]:
        """Return the cases in which a clock ran out."""
        return frozenset(session.scalars(select(cls.case_id).where(cls.missed.is_(True))))
