"""Tables of a forum's life: where it is, which of its communities are live, its probe and the probe's reports."""

from collections.abc import Collection, Sequence
from typing import Self
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String, Text, select
from sqlalchemy.orm import Mapped, Session, defer, mapped_column

from governance.db.base import Base, id_column, instant_column


class Probe(Base):
    """Whose reports count for a forum: the address that is walked, and the key that signs."""

    __tablename__ = "probe"

    platform_id: Mapped[UUID] = mapped_column(ForeignKey("platform.id"), primary_key=True)
    forum: Mapped[str] = mapped_column(String(512))
    """A clean report of another address, such as a copy to try things on, proves nothing of this one."""
    public_key: Mapped[str] = mapped_column(String(64))
    """Its `x`. The key in a report's own header proves nothing: whoever forges a report brings one."""
    said: Mapped[int] = instant_column()


class ProbeReport(Base):
    """A report that was taken. Kept at least while what a forum's members were told rests on it (`life/keeping.py`)."""

    __tablename__ = "probe_report"

    id: Mapped[UUID] = id_column()
    platform_id: Mapped[UUID] = mapped_column(ForeignKey("platform.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    """Of the report as it was signed: sent twice it is taken once."""
    kind: Mapped[str] = mapped_column(String(16))
    """`walk`: before and after a no; `canary`: afterwards, again and again, and what finds nothing under a hold."""
    result: Mapped[str] = mapped_column(String(16))
    """`clean`, `leaks`, or `proves_nothing`."""
    leaks: Mapped[int] = mapped_column(Integer)
    made: Mapped[int] = instant_column()
    """When the probe says it walked."""
    taken: Mapped[int] = instant_column()
    signed: Mapped[str] = mapped_column(Text)

    @classmethod
    def of_digest(cls, session: Session, digest: str) -> Self | None:
        """Return the report that was signed so."""
        return session.scalars(select(cls).where(cls.digest == digest)).one_or_none()

    @classmethod
    def newest(cls, session: Session, platform_id: UUID, kind: str | None = None) -> Self | None:
        """Return the report of a forum that was made last, of a kind if one is named."""
        query = select(cls).where(cls.platform_id == platform_id)
        if kind is not None:
            query = query.where(cls.kind == kind)
        return session.scalars(query.order_by(cls.made.desc(), cls.id.desc()).limit(1)).one_or_none()

    @classmethod
    def last_taken(cls, session: Session, platform_id: UUID, until: int) -> Self | None:
        """Return the report of a forum that came in last, not after an instant."""
        query = select(cls).where(cls.platform_id == platform_id, cls.taken <= until)
        return session.scalars(query.order_by(cls.taken.desc(), cls.id.desc()).limit(1)).one_or_none()

    @classmethod
    def platforms_before(cls, session: Session, before: int) -> Sequence[UUID]:
        """Return the forums of which a report came in before an instant."""
        return session.scalars(select(cls.platform_id).where(cls.taken < before).distinct()).all()

    @classmethod
    def taken_before(
        cls, session: Session, platform_id: UUID, before: int, *, but: Collection[UUID], most: int
    ) -> Sequence[Self]:
        """Return reports of a forum that came in before an instant, the oldest first, without their long text."""
        query = select(cls).where(cls.platform_id == platform_id, cls.taken < before, cls.id.not_in(but))
        return session.scalars(query.options(defer(cls.signed)).order_by(cls.taken, cls.id).limit(most)).all()


class PlatformStage(Base):
    """Where a forum is in its life; without a row it is being tried out."""

    __tablename__ = "platform_stage"

    platform_id: Mapped[UUID] = mapped_column(ForeignKey("platform.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    since: Mapped[int] = instant_column()
    why: Mapped[str] = mapped_column(String(16), default="")
    """A `Why`, or nothing."""
    ends: Mapped[int | None] = instant_column(nullable=True)
    """When it will end, as its members were told."""

    @classmethod
    def locked(cls, session: Session, platform_id: UUID) -> Self | None:
        """Return a forum's row, which nobody else changes until this transaction ends."""
        query = select(cls).where(cls.platform_id == platform_id)
        return session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()

    @classmethod
    def owing(cls, session: Session, why: str, since: int) -> Sequence[Self]:
        """Return the rows that have had such a reason since an instant, or for longer."""
        query = select(cls).where(cls.why == why, cls.since <= since)
        return session.scalars(query.order_by(cls.platform_id)).all()


class LiveCommunity(Base):
    """A community of which staff said that it is live, on the ground of a report."""

    __tablename__ = "live_community"

    platform_id: Mapped[UUID] = mapped_column(ForeignKey("platform.id"), primary_key=True)
    community: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Its digest, as rows in force have it."""
    report_id: Mapped[UUID] = mapped_column(ForeignKey("probe_report.id"))
    since: Mapped[int] = instant_column()

    @classmethod
    def of_platform(cls, session: Session, platform_id: UUID) -> Sequence[Self]:
        """Return a forum's live communities."""
        return session.scalars(select(cls).where(cls.platform_id == platform_id).order_by(cls.community)).all()
