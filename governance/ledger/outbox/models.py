"""Two tables: the jobs, and how each kind of them fares."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple, Self
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    LargeBinary,
    String,
    Uuid,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, id_column, instant_column
from governance.decision.vocabulary import Instant
from governance.ledger.outbox.backoff import LONGEST_WAIT

LONGEST_KIND: Final = 32
_CODE: Final = String(64)


class Job(Base):
    """Something to be done when it is due. Once done its row is gone, and with it what it was about."""

    __tablename__ = "job"

    id: Mapped[UUID] = id_column()
    kind: Mapped[str] = mapped_column(String(LONGEST_KIND))
    due: Mapped[int] = mapped_column(BigInteger, index=True)
    sealed_payload: Mapped[bytes] = mapped_column(LargeBinary)
    lease_until: Mapped[int | None] = instant_column(nullable=True)
    lease_token: Mapped[UUID | None] = mapped_column(Uuid)
    """Who holds it: a new one with every lease, so that an old holder is recognised however the clocks were set."""
    tries: Mapped[int] = mapped_column(Integer, default=0)
    """Counted when a lease is given: a job that kills its worker is counted too."""
    every: Mapped[int | None] = mapped_column(BigInteger)
    """For recurring jobs, in microseconds."""
    dead: Mapped[int | None] = instant_column(nullable=True)
    """Since when nobody tries any more."""
    last_error: Mapped[str | None] = mapped_column(_CODE)


class JobKind(Base):
    """How one kind of job fares; made when there is something to say about it."""

    __tablename__ = "job_kind"

    kind: Mapped[str] = mapped_column(String(LONGEST_KIND), primary_key=True)
    failing_since: Mapped[int | None] = instant_column(nullable=True)
    """Since when every try has failed; none while things go well."""
    alarmed: Mapped[int | None] = instant_column(nullable=True)
    """When somebody was last told."""

    @classmethod
    def all(cls, session: Session) -> Sequence[Self]:
        """Return every kind of which there was something to say."""
        return session.scalars(select(cls).order_by(cls.kind)).all()


class Leased(NamedTuple):
    """A job as a worker gets it, with its lease."""

    id: UUID
    kind: str
    due: int
    sealed_payload: bytes
    lease_token: UUID
    tries: int
    every: int | None


class DeadLetter(NamedTuple):
    """A job nobody tries any more."""

    id: UUID
    kind: str
    dead: int
    tries: int
    last_error: str | None


class Lease(NamedTuple):
    """What a lease is given by: from when, for how long, under which token."""

    now: Instant
    length: int
    """In microseconds."""
    token: UUID


def lease_next(session: Session, kinds: Sequence[str], lease: Lease) -> Leased | None:
    """Give the job of these kinds that is due longest to whoever holds the token; none if none is due."""
    next_one = (
        select(Job.id)
        .where(_waiting(lease.now, lease.length), Job.kind.in_(kinds))
        .order_by(Job.due)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    changed = (
        update(Job)
        # One value, not IN: PostgreSQL may run a sub-query of IN again for other rows, and lock more than one.
        .where(Job.id == next_one)
        .values(lease_until=lease.now + lease.length, lease_token=lease.token, tries=Job.tries + 1)
        .returning(*(getattr(Job, name) for name in Leased._fields))
    )
    row = session.execute(changed, execution_options={"synchronize_session": False}).one_or_none()
    return None if row is None else Leased(*row)


def is_any_due(session: Session, kinds: Sequence[str], now: Instant, length: int) -> bool:
    """Say whether a job of these kinds waits for a worker; asking takes no writer's turn."""
    return session.scalar(select(Job.id).where(_waiting(now, length), Job.kind.in_(kinds)).limit(1)) is not None


def change_leased(session: Session, job: Leased, **values: Any) -> bool:  # noqa: ANN401 - columns of several types
    """Change a job if its lease is still this one; say whether it was. The row stays locked until the commit."""
    changed = update(Job).where(_held(job)).values(**values).returning(Job.id)
    return session.scalar(changed, execution_options={"synchronize_session": False}) is not None


def forget_leased(session: Session, job: Leased) -> None:
    """Delete a job whose lease was proven in this transaction."""
    session.execute(delete(Job).where(Job.id == job.id))


def add_job(session: Session, **values: Any) -> None:  # noqa: ANN401 - columns of several types
    """Write a job. At once: an object left in the session could be lost with it unnoticed."""
    session.execute(insert(Job), values)


def find_every(session: Session, job_id: UUID) -> tuple[int | None] | None:
    """Return how often a job recurs, or none if there is no such job."""
    row = session.execute(select(Job.every).where(Job.id == job_id)).one_or_none()
    return None if row is None else (row[0],)


def set_every(session: Session, job_id: UUID, every: int) -> None:
    """Let a job recur in another rhythm."""
    session.execute(update(Job).where(Job.id == job_id).values(every=every))


def dead_letters(session: Session, most: int) -> Sequence[DeadLetter]:
    """Return the oldest dead letters."""
    columns = (getattr(Job, name) for name in DeadLetter._fields)
    rows = session.execute(select(*columns).where(Job.dead.is_not(None)).order_by(Job.dead).limit(most))
    return [DeadLetter(*row) for row in rows]


def revive(session: Session, job_id: UUID, now: Instant) -> bool:
    """Make a dead letter a job that is due now; say whether it was one."""
    fresh = {"due": now, "dead": None, "tries": 0, "lease_until": None, "lease_token": None}
    changed = update(Job).where(Job.id == job_id, Job.dead.is_not(None)).values(**fresh).returning(Job.id)
    return session.scalar(changed, execution_options={"synchronize_session": False}) is not None


def drop_dead(session: Session, job_id: UUID) -> bool:
    """Delete a dead letter; say whether it was one."""
    gone = delete(Job).where(Job.id == job_id, Job.dead.is_not(None)).returning(Job.id)
    return session.scalar(gone, execution_options={"synchronize_session": False}) is not None


def count_dead(session: Session) -> dict[str, int]:
    """Return how many dead letters each kind has."""
    rows = session.execute(select(Job.kind, func.count()).where(Job.dead.is_not(None)).group_by(Job.kind))
    return {kind: number for kind, number in rows}  # noqa: C416 - rows are no pairs to the type checker


def count_waiting(session: Session) -> dict[str, int]:
    """Return how many jobs of each kind are still to be done, those in hand included."""
    rows = session.execute(select(Job.kind, func.count()).where(Job.dead.is_(None)).group_by(Job.kind))
    return {kind: number for kind, number in rows}  # noqa: C416 - rows are no pairs to the type checker


def count_in_hand(session: Session, now: Instant) -> int:
    """Return how many jobs are under a lease that has not run out."""
    return session.scalar(select(func.count()).where(Job.lease_until > now)) or 0


def overdue_kinds(session: Session, before: Instant, now: Instant) -> set[str]:
    """Return the kinds with a job due before an instant that nobody has in hand: no worker takes them."""
    left = or_(Job.lease_until.is_(None), Job.lease_until <= now)
    return set(session.scalars(select(Job.kind).where(Job.dead.is_(None), Job.due <= before, left).distinct()))


def note_failure(session: Session, kind: str, now: Instant) -> None:
    """Remember since when a kind fails."""
    row = _kind(session, kind)
    if row.failing_since is None:
        row.failing_since = now


def note_success(session: Session, kind: str) -> None:
    """Remember that a kind works."""
    works = update(JobKind).where(JobKind.kind == kind, JobKind.failing_since.is_not(None))
    session.execute(works.values(failing_since=None), execution_options={"synchronize_session": False})


def take_alarm(session: Session, kind: str, now: Instant, pause: int) -> bool:
    """Take it on oneself to tell about a kind; false if somebody did within the pause (microseconds)."""
    _kind(session, kind)
    # An instant in the future was written by a clock that has been set back since.
    quiet = or_(JobKind.alarmed.is_(None), JobKind.alarmed <= now - pause, JobKind.alarmed > now)
    taken = update(JobKind).where(JobKind.kind == kind, quiet).values(alarmed=now).returning(JobKind.kind)
    return session.scalar(taken, execution_options={"synchronize_session": False}) is not None


def _kind(session: Session, kind: str) -> JobKind:
    row = session.get(JobKind, kind)
    if row is None:
        row = JobKind(kind=kind)
        session.add(row)
        session.flush()  # what follows may be a statement of its own
    return row


def _held(job: Leased) -> ColumnElement[bool]:
    return and_(Job.id == job.id, Job.lease_token == job.lease_token)


def _waiting(now: Instant, length: int) -> ColumnElement[bool]:
    """What a worker may take: due, not dead, in nobody's hand.

    Nothing lawful lies further ahead than a lease, a recurring job's rhythm or the longest wait: such instants
    were written by a clock that was wrong, and a job must not rest for a year because of it.
    """
    # Twice: who reads the clock and then waits for a writer's turn finds leases that were begun after that reading.
    free = or_(Job.lease_until.is_(None), Job.lease_until <= now, Job.lease_until > now + 2 * length)
    early = or_(Job.due > now + Job.every, and_(Job.tries > 0, Job.due > now + LONGEST_WAIT))
    return and_(Job.dead.is_(None), free, or_(Job.due <= now, early))
