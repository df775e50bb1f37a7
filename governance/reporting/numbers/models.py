"""Tables of what is published: the figures of years that are over, and who looked at a month's overrides."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, instant_column
from governance.effective.models import Measure


class YearFigures(Base):
    """The figures of one year as they are published; kept, because cases are deleted when their time is over."""

    __tablename__ = "year_figures"

    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    figures: Mapped[bytes] = mapped_column(LargeBinary)
    """JSON, with nothing in it that may not be shown."""
    made: Mapped[int] = instant_column()

    @classmethod
    def years(cls, session: Session) -> Sequence[int]:
        """Return the years that are published, the newest first."""
        return session.scalars(select(cls.year).order_by(cls.year.desc())).all()


class OverrideLook(Base):
    """That somebody looked at every override of a month who had made none of them."""

    __tablename__ = "override_look"

    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    """As in 2026-05."""
    looked_by: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    looked: Mapped[int] = instant_column()

    @classmethod
    def months(cls, session: Session) -> frozenset[str]:
        """Return the months that somebody looked at."""
        return frozenset(session.scalars(select(cls.month)))


def measures_taken(session: Session, since: int, until: int) -> Sequence[Measure]:
    """Return every measure that was taken in a time, for counting."""
    query = select(Measure).where(Measure.since >= since, Measure.since < until)
    return session.scalars(query.order_by(Measure.since, Measure.id)).all()
