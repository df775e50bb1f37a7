"""Tables of reports: a readable header, and sealed columns that open for nobody who has the database and our keys."""

from collections.abc import Collection, Sequence
from typing import Self
from uuid import UUID, uuid4

from sqlalchemy import Boolean, ForeignKey, Integer, LargeBinary, String, Uuid, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, instant_column

TEXT = "text"
"""Of a seal: it opens the report."""
IDENTITY = "identity"
"""Of a seal: it opens who made the report."""


class Report(Base):
    """A report. Its id is random: a number that grows with time would say to the millisecond when it came."""

    __tablename__ = "report"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    platform_id: Mapped[UUID | None] = mapped_column(ForeignKey("platform.id"), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    """One of the types of `policies/reporting`."""
    danger_now: Mapped[bool] = mapped_column(Boolean)
    minor: Mapped[bool] = mapped_column(Boolean)
    filed: Mapped[int] = instant_column()
    """The day alone; to the minute it is sealed with the body, and with the clocks while they run."""
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    """Of the receipt code, under a key of ours; another derivation of the code opens the reporter's key."""
    reporter_public: Mapped[bytes] = mapped_column(LargeBinary)
    reporter_private: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_body: Mapped[bytes] = mapped_column(LargeBinary)
    entered: Mapped[bool] = mapped_column(Boolean, index=True)
    """Whether the ledger has its entry, which follows later, together with others and in no order."""

    @classmethod
    def of_code(cls, session: Session, code_digest: str) -> Self | None:
        """Return the report with that code."""
        return session.scalars(select(cls).where(cls.code_digest == code_digest)).one_or_none()

    @classmethod
    def locked(cls, session: Session, report_id: UUID) -> Self | None:
        """Return a report that nobody else changes until this transaction ends."""
        return session.scalars(select(cls).where(cls.id == report_id).with_for_update()).one_or_none()

    @classmethod
    def not_entered(cls, session: Session) -> Sequence[Self]:
        """Return those of which the ledger knows nothing yet; their ids are in no order of time."""
        return session.scalars(select(cls).where(cls.entered.is_(False)).order_by(cls.id).with_for_update()).all()

    @classmethod
    def ids(cls, session: Session) -> Sequence[UUID]:
        """Return the ids of all reports."""
        return session.scalars(select(cls.id).order_by(cls.id)).all()


class ReportSeal(Base):
    """The key to a report's text, to who made it, or to the reason of a request: sealed to one recipient."""

    __tablename__ = "report_seal"

    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"), primary_key=True)
    opens: Mapped[str] = mapped_column(String(36), primary_key=True)
    """`text`, `identity`, or the id of an `IdentityRequest`."""
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    """`officer`, `custodian` or `reporter`."""
    recipient: Mapped[str] = mapped_column(String(36), primary_key=True, index=True)
    """A member of staff; empty for the reporter."""
    sealed_key: Mapped[bytes] = mapped_column(LargeBinary)

    @classmethod
    def to_staff(cls, session: Session, staff_id: UUID) -> Sequence[Self]:
        """Return every seal to a member of staff."""
        return session.scalars(select(cls).where(cls.recipient == str(staff_id)).order_by(cls.report_id)).all()

    @classmethod
    def recipients(cls, session: Session, report_id: UUID, opens: str) -> Sequence[Self]:
        """Return the seals of one report that open the same."""
        query = select(cls).where(cls.report_id == report_id, cls.opens == opens)
        return session.scalars(query.order_by(cls.kind, cls.recipient)).all()

    @classmethod
    def opening(cls, session: Session, opens: str, recipients: Collection[str]) -> dict[UUID, int]:
        """Return how many of these recipients each report is sealed to; those sealed to none are left out."""
        query = select(cls.report_id, func.count()).where(cls.opens == opens, cls.recipient.in_(recipients))
        return {report_id: many for report_id, many in session.execute(query.group_by(cls.report_id))}  # noqa: C416

    @classmethod
    def of(cls, session: Session, report_id: UUID) -> Sequence[Self]:
        """Return every seal of a report."""
        return session.scalars(select(cls).where(cls.report_id == report_id)).all()


class ReportMessage(Base):
    """One message between the reporter and those who work on the report."""

    __tablename__ = "report_message"

    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    by: Mapped[str] = mapped_column(String(8))
    """`reporter` or `officer`; which officer is sealed with the words."""
    day: Mapped[int] = instant_column()
    sealed_words: Mapped[bytes] = mapped_column(LargeBinary)

    @classmethod
    def of(cls, session: Session, report_id: UUID) -> Sequence[Self]:
        """Return the messages of a report, the first one first."""
        return session.scalars(select(cls).where(cls.report_id == report_id).order_by(cls.number)).all()

    @classmethod
    def last_days(cls, session: Session) -> dict[UUID, int]:
        """Return of each report with messages the day of the last one."""
        query = select(cls.report_id, func.max(cls.day)).group_by(cls.report_id)
        return {row[0]: row[1] for row in session.execute(query)}

    @classmethod
    def last_number(cls, session: Session, report_id: UUID) -> int:
        """Return the number of the last message; 0 before the first."""
        return session.scalar(select(func.max(cls.number)).where(cls.report_id == report_id)) or 0
