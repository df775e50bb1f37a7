"""Tables of cases: what the server must read so that clocks run and lists are in order; all else is sealed.

INVARIANT: no column says whom a case is about, what was told, or when something was done to it; while clocks run they
hold their times, afterwards days. A block of the same minute is a row that nothing here leads to.
"""

from collections.abc import Collection, Sequence
from typing import Self
from uuid import UUID, uuid4

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, LargeBinary, String, Uuid, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, instant_column
from governance.reporting.cases.states import OVER
from governance.reporting.keeping.models import Report


class Case(Base):
    """One case. Its id is random, as a report's is; its days say no time of day."""

    __tablename__ = "report_case"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    platform_id: Mapped[UUID | None] = mapped_column(ForeignKey("platform.id"), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    also: Mapped[list[str]] = mapped_column(JSON)
    """Further types that it counts under, such as what its merged reports were, or `platform_failure`."""
    danger_now: Mapped[bool] = mapped_column(Boolean)
    minor: Mapped[bool] = mapped_column(Boolean)
    severity: Mapped[str] = mapped_column(String(2))
    harm_body: Mapped[str] = mapped_column(String(8))
    harm_mind: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(16))
    assigned: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    calendar: Mapped[str] = mapped_column(String(8))
    regimes: Mapped[list[str]] = mapped_column(JSON)
    """Those that an officer picked; others apply by themselves."""
    outcome: Mapped[str | None] = mapped_column(String(16))
    outcome_told: Mapped[bool] = mapped_column(Boolean)
    appealed: Mapped[bool] = mapped_column(Boolean)
    appealed_by: Mapped[str | None] = mapped_column(String(16))
    """Which side asked for another look, or `both`; of an older case nobody knows any more."""
    appeal_changed: Mapped[bool] = mapped_column(Boolean)
    filed: Mapped[int] = instant_column()
    acknowledged: Mapped[int | None] = instant_column(nullable=True)
    decided: Mapped[int | None] = instant_column(nullable=True)
    closed: Mapped[int | None] = instant_column(nullable=True)
    """Days, all four."""
    holds_log: Mapped[bool] = mapped_column(Boolean)
    """Whether decisions from before it was filed must not be forgotten yet: nobody has copied those it is about."""
    public: Mapped[bytes] = mapped_column(LargeBinary)
    """To this key everybody can add something to the case, and members alone can read it."""
    merged_into: Mapped[UUID | None] = mapped_column(Uuid)
    """The case that it went on in, with which it is kept and forgotten."""
    emptied: Mapped[int | None] = instant_column(nullable=True)
    """The day on which everything but this row and its clocks was deleted."""

    @classmethod
    def locked(cls, session: Session, case_id: UUID) -> Self | None:
        """Return a case that nobody else changes until this transaction ends."""
        return session.scalars(select(cls).where(cls.id == case_id).with_for_update()).one_or_none()

    @classmethod
    def of_member(cls, session: Session, officer_id: UUID, *, over: bool = False) -> Sequence[Self]:
        """Return the cases that an officer may open, in no order; `over`: those that ended instead of the others."""
        theirs = select(CaseMember.case_id).where(CaseMember.officer_id == officer_id, CaseMember.ended.is_(None))
        ended = cls.state.in_([one.value for one in OVER])
        query = select(cls).where(cls.id.in_(theirs), ended if over else ~ended)
        return session.scalars(query.order_by(cls.id)).all()

    @classmethod
    def open(cls, session: Session) -> Sequence[Self]:
        """Return every case that is not over, for the worker."""
        ended = [one.value for one in OVER]
        return session.scalars(select(cls).where(cls.state.not_in(ended)).order_by(cls.id)).all()

    @classmethod
    def over(cls, session: Session) -> Sequence[Self]:
        """Return every case that is over; in no order of time."""
        ended = [one.value for one in OVER]
        return session.scalars(select(cls).where(cls.state.in_(ended)).order_by(cls.id)).all()

    @classmethod
    def oldest_hold(cls, session: Session) -> int | None:
        """Return the day of the oldest report of which nobody has copied the decisions."""
        return session.scalar(select(func.min(cls.filed)).where(cls.holds_log.is_(True)))

    @classmethod
    def all_of(cls, session: Session) -> Sequence[Self]:
        """Return every case, for counting; in no order of time."""
        return session.scalars(select(cls).order_by(cls.id)).all()


class CaseReport(Base):
    """A report that a case is about; a report belongs to one case, and to another one once the two are merged."""

    __tablename__ = "case_report"

    report_id: Mapped[UUID] = mapped_column(ForeignKey("report.id"), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("report_case.id"), index=True)

    @classmethod
    def of_case(cls, session: Session, case_id: UUID) -> Sequence[Self]:
        """Return the reports of a case."""
        return session.scalars(select(cls).where(cls.case_id == case_id).order_by(cls.report_id)).all()

    @classmethod
    def pairs(cls, session: Session) -> Sequence[tuple[UUID, UUID]]:
        """Return every report with its case."""
        return [(row[0], row[1]) for row in session.execute(select(cls.report_id, cls.case_id))]

    @classmethod
    def without_case(cls, session: Session) -> Sequence[Report]:
        """Return the reports that nobody opened a case for yet."""
        query = select(Report).where(Report.id.not_in(select(cls.report_id)))
        return session.scalars(query.order_by(Report.id)).all()


class CaseMember(Base):
    """An officer who may open a case, with its key sealed to them. Who is not in it cannot find or count the case."""

    __tablename__ = "case_member"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("report_case.id"), primary_key=True)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"), primary_key=True, index=True)
    sealed_key: Mapped[bytes] = mapped_column(LargeBinary)
    """Empty once it ended."""
    acted: Mapped[bool] = mapped_column(Boolean)
    """Whether they did anything to it: then somebody else answers an appeal."""
    ended: Mapped[str | None] = mapped_column(String(16))
    """Why they are out of it: `recused`, `left`, or none while they are in."""

    @classmethod
    def of_case(cls, session: Session, case_id: UUID) -> Sequence[Self]:
        """Return everybody who is or was in a case."""
        return session.scalars(select(cls).where(cls.case_id == case_id).order_by(cls.officer_id)).all()

    @classmethod
    def serving(cls, session: Session, case_id: UUID) -> list[Self]:
        """Return who may open a case now."""
        return [one for one in cls.of_case(session, case_id) if one.ended is None]

    @classmethod
    def is_in(cls, session: Session, case_id: UUID, officer_id: UUID) -> bool:
        """Say whether an officer may open a case."""
        row = session.get(cls, (case_id, officer_id))
        return row is not None and row.ended is None

    @classmethod
    def of_officer(cls, session: Session, officer_id: UUID) -> Sequence[Self]:
        """Return every membership of an officer that goes on."""
        query = select(cls).where(cls.officer_id == officer_id, cls.ended.is_(None))
        return session.scalars(query.order_by(cls.case_id)).all()


class CaseEvent(Base):
    """One thing that was done to a case or told in it, sealed to the case; never edited."""

    __tablename__ = "case_event"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("report_case.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    day: Mapped[int] = instant_column()
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    entered: Mapped[bool] = mapped_column(Boolean, index=True)
    """Whether the ledger has its digest, which follows later, together with others."""

    @classmethod
    def of(cls, session: Session, case_id: UUID) -> Sequence[Self]:
        """Return what was done to a case, the first one first."""
        return session.scalars(select(cls).where(cls.case_id == case_id).order_by(cls.number)).all()

    @classmethod
    def last_number(cls, session: Session, case_id: UUID) -> int:
        """Return the number of the last one; 0 before the first."""
        return session.scalar(select(func.max(cls.number)).where(cls.case_id == case_id)) or 0

    @classmethod
    def not_entered(cls, session: Session) -> Sequence[Self]:
        """Return those of which the ledger knows nothing yet, in no order of time."""
        query = select(cls).where(cls.entered.is_(False)).order_by(cls.case_id, cls.number)
        return session.scalars(query.with_for_update()).all()


class Tie(Base):
    """What an officer declared: whom they know, where they work. By it they are kept out of cases."""

    __tablename__ = "officer_tie"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    digest: Mapped[str] = mapped_column(String(64))
    """Of what was declared, keyed, to compare with; the words themselves are sealed to the officer's record."""
    sealed_words: Mapped[bytes] = mapped_column(LargeBinary)
    declared: Mapped[int] = instant_column()
    ended: Mapped[int | None] = instant_column(nullable=True)

    @classmethod
    def of_officer(cls, session: Session, officer_id: UUID) -> Sequence[Self]:
        """Return what an officer declared and did not end, the oldest first."""
        query = select(cls).where(cls.officer_id == officer_id, cls.ended.is_(None))
        return session.scalars(query.order_by(cls.declared, cls.id)).all()

    @classmethod
    def tied(cls, session: Session, digests: Collection[str]) -> frozenset[UUID]:
        """Return who is tied to any of these."""
        query = select(cls.officer_id).where(cls.digest.in_(list(digests)), cls.ended.is_(None))
        return frozenset(session.scalars(query))


class Proposal(Base):
    """What needs two people: proposed by one officer, answered by another; what it is about is sealed."""

    __tablename__ = "case_proposal"
    __table_args__ = (Index(None, "case_id", "state"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("report_case.id"))
    by: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(8))
    """`open`, `yes` or `no`."""
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))

    @classmethod
    def locked(cls, session: Session, proposal_id: UUID) -> Self | None:
        """Return a proposal that nobody else changes until this transaction ends."""
        return session.scalars(select(cls).where(cls.id == proposal_id).with_for_update()).one_or_none()

    @classmethod
    def of_case(cls, session: Session, case_id: UUID) -> Sequence[Self]:
        """Return everything that was proposed in a case."""
        return session.scalars(select(cls).where(cls.case_id == case_id).order_by(cls.id)).all()

    @classmethod
    def open_of(cls, session: Session, case_id: UUID) -> Sequence[Self]:
        """Return what waits for a second person."""
        return session.scalars(select(cls).where(cls.case_id == case_id, cls.state == OPEN).order_by(cls.id)).all()


OPEN = "open"


class CaseHearing(Base):
    """What a professional is told of a case and may answer, found and opened by a code that they were given."""

    __tablename__ = "case_hearing"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("report_case.id"), index=True)
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    public: Mapped[bytes] = mapped_column(LargeBinary)
    private: Mapped[bytes] = mapped_column(LargeBinary)
    """Opened by the code alone."""

    @classmethod
    def of_code(cls, session: Session, code_digest: str) -> Self | None:
        """Return the hearing with that code."""
        return session.scalars(select(cls).where(cls.code_digest == code_digest)).one_or_none()

    @classmethod
    def of_case(cls, session: Session, case_id: UUID) -> Sequence[Self]:
        """Return the hearings of a case."""
        return session.scalars(select(cls).where(cls.case_id == case_id).order_by(cls.id)).all()


class HearingLetter(Base):
    """One letter to a professional who is heard, sealed to their code; never edited."""

    __tablename__ = "hearing_letter"

    hearing_id: Mapped[UUID] = mapped_column(ForeignKey("case_hearing.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)

    @classmethod
    def of(cls, session: Session, hearing_id: UUID) -> Sequence[Self]:
        """Return the letters of a hearing, the first one first."""
        return session.scalars(select(cls).where(cls.hearing_id == hearing_id).order_by(cls.number)).all()
