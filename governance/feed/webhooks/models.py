"""Tables of webhooks: where to, how an address fares, and each event on its way there."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Self
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Uuid,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, id_column, instant_column
from governance.decision.vocabulary import Instant
from governance.identity.models import Platform


class State(StrEnum):
    """Where an event is."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"
    """Nobody tries any more, unless somebody asks for it."""


class Webhook(Base):
    """An address of a forum, and which hints it wants. Its keys are derived: nothing here signs anything."""

    __tablename__ = "webhook"

    id: Mapped[UUID] = id_column()
    platform_id: Mapped[UUID] = mapped_column(ForeignKey("platform.id"), index=True)
    address_digest: Mapped[str] = mapped_column(String(64), unique=True)
    """Keyed, of forum and address: the same address once more is the same webhook."""
    sealed_address: Mapped[bytes] = mapped_column(LargeBinary)
    """Addresses of this kind often hold a password of the forum's."""
    hints: Mapped[str] = mapped_column(String(256))
    """Separated by spaces."""
    hmac: Mapped[bool] = mapped_column(Boolean)
    """Whether a shared secret signs beside our key, for receivers that know no other way."""
    generation: Mapped[int] = mapped_column(Integer)
    """Of its keys; the next one with every rotation."""
    overlap_until: Mapped[int | None] = instant_column(nullable=True)
    """Until when the keys before sign as well."""
    created: Mapped[int] = instant_column()

    @classmethod
    def wanting(cls, session: Session, hint: str, platform_id: UUID | None) -> list[Self]:
        """Return who wants a hint, of one forum or of all; in one order everywhere, as their rows are locked.

        Not of a forum that has ended: when somebody changes something is no business of theirs any more.
        """
        query = select(cls).join(Platform, cls.platform_id == Platform.id).where(Platform.ended.is_(None))
        query = query if platform_id is None else query.where(cls.platform_id == platform_id)
        return [one for one in session.scalars(query.order_by(cls.id)) if hint in one.hints.split()]

    @classmethod
    def of_platform(cls, session: Session, platform_id: UUID) -> Sequence[Self]:
        """Return a forum's webhooks, the oldest first."""
        return session.scalars(select(cls).where(cls.platform_id == platform_id).order_by(cls.id)).all()

    @classmethod
    def named(cls, session: Session, platform_id: UUID, webhook_id: UUID) -> Self | None:
        """Return a webhook of a forum; another forum's is none."""
        return session.scalars(select(cls).where(cls.id == webhook_id, cls.platform_id == platform_id)).one_or_none()

    @classmethod
    def at(cls, session: Session, address_digest: str) -> Self | None:
        """Return the webhook of an address."""
        return session.scalars(select(cls).where(cls.address_digest == address_digest)).one_or_none()

    @classmethod
    def all(cls, session: Session) -> Sequence[Self]:
        """Return every webhook."""
        return session.scalars(select(cls).order_by(cls.platform_id, cls.id)).all()


class WebhookPace(Base):
    """How a webhook fares. Apart from its address: this changes all the time, and a restore may well lose it."""

    __tablename__ = "webhook_pace"

    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhook.id"), primary_key=True)
    pump: Mapped[UUID | None] = mapped_column(Uuid)
    """The job that will look after its events next; none while there are none."""
    failures: Mapped[int] = mapped_column(Integer)
    """In a row."""
    rests_until: Mapped[int] = mapped_column(BigInteger)
    paused: Mapped[int | None] = instant_column(nullable=True)
    """Since when its forum said that it is gone."""
    delivered: Mapped[int | None] = instant_column(nullable=True)
    """When it last took an event."""
    trouble: Mapped[str | None] = mapped_column(String(32))
    """What went wrong last, as a code; none since something was delivered."""

    @classmethod
    def locked(cls, session: Session, webhook_id: UUID) -> Self | None:
        """Return a webhook's pace, which nobody else changes until this transaction ends.

        INVARIANT: events are written and taken under this lock alone. Who writes a hint while another one is being
        filled would otherwise leave it to that one, which has read the revision already.
        """
        query = select(cls).where(cls.webhook_id == webhook_id).with_for_update()
        return session.scalars(query.execution_options(populate_existing=True)).one_or_none()

    @classmethod
    def forget(cls, session: Session, webhook_id: UUID) -> None:
        """Delete it with all events."""
        session.execute(delete(WebhookEvent).where(WebhookEvent.webhook_id == webhook_id))
        session.execute(delete(cls).where(cls.webhook_id == webhook_id))


class WebhookEvent(Base):
    """One event on its way to one address."""

    __tablename__ = "webhook_event"

    id: Mapped[UUID] = id_column()
    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhook.id"))
    hint: Mapped[str] = mapped_column(String(32))
    data: Mapped[str | None] = mapped_column(String(512))
    """As JSON; none until it is first sent, where it stands for all that came until then."""
    at: Mapped[int] = instant_column()
    begun: Mapped[int] = instant_column()
    """From when its 24 hours count: when it was made, or asked for again."""
    due: Mapped[int] = instant_column()
    tries: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(16))
    ended: Mapped[int | None] = instant_column(nullable=True)
    """When it was delivered, or given up."""
    trouble: Mapped[str | None] = mapped_column(String(32))

    __table_args__ = (Index(None, "webhook_id", "state", "due"),)

    @classmethod
    def unsent(cls, session: Session, webhook_id: UUID, hint: str) -> Self | None:
        """Return a waiting event of which nothing was sent yet, and which stands for whatever comes until then."""
        waiting = (cls.webhook_id == webhook_id) & (cls.state == State.WAITING) & (cls.hint == hint)
        return session.scalars(select(cls).where(waiting, cls.data.is_(None)).limit(1)).one_or_none()

    @classmethod
    def due_now(cls, session: Session, webhook_id: UUID, now: Instant, most: int) -> Sequence[Self]:
        """Return what is to be sent now: first what was tried least, so that one that never arrives stops no other."""
        waiting = (cls.webhook_id == webhook_id) & (cls.state == State.WAITING) & (cls.due <= now)
        return session.scalars(select(cls).where(waiting).order_by(cls.tries, cls.id).limit(most)).all()

    @classmethod
    def next_due(cls, session: Session, webhook_id: UUID) -> int | None:
        """Return when the next of a webhook's events is to be sent; none if none waits."""
        waiting = (cls.webhook_id == webhook_id) & (cls.state == State.WAITING)
        return session.scalar(select(func.min(cls.due)).where(waiting))

    @classmethod
    def waiting_of(cls, session: Session, webhook_id: UUID) -> Sequence[Self]:
        """Return all that wait for a webhook."""
        return session.scalars(select(cls).where(cls.webhook_id == webhook_id, cls.state == State.WAITING)).all()

    @classmethod
    def in_state(cls, session: Session, webhook_id: UUID, state: str, most: int) -> Sequence[Self]:
        """Return a webhook's events in a state, the newest first."""
        query = select(cls).where(cls.webhook_id == webhook_id, cls.state == state)
        return session.scalars(query.order_by(cls.at.desc(), cls.id.desc()).limit(most)).all()

    @classmethod
    def named(cls, session: Session, webhook_id: UUID, event_id: UUID) -> Self | None:
        """Return an event of a webhook."""
        return session.scalars(select(cls).where(cls.id == event_id, cls.webhook_id == webhook_id)).one_or_none()

    @classmethod
    def waiting_among(cls, session: Session, webhook_id: UUID, event_ids: Iterable[UUID]) -> dict[UUID, Self]:
        """Return those of some events that wait still, by their ids."""
        waiting = (cls.webhook_id == webhook_id) & (cls.state == State.WAITING)
        found = session.scalars(select(cls).where(waiting, cls.id.in_(list(event_ids))))
        return {event.id: event for event in found}

    @classmethod
    def counts(cls, session: Session, webhook_id: UUID) -> dict[str, int]:
        """Return how many events of a webhook are in which state."""
        query = select(cls.state, func.count()).where(cls.webhook_id == webhook_id).group_by(cls.state)
        return {state: number for state, number in session.execute(query)}  # noqa: C416 - rows are no pairs

    @classmethod
    def hurry(cls, session: Session, webhook_id: UUID, now: Instant) -> None:
        """Have everything that waits sent now: its receiver answers again."""
        waiting = (cls.webhook_id == webhook_id) & (cls.state == State.WAITING) & (cls.due > now)
        session.execute(update(cls).where(waiting).values(due=now))

    @classmethod
    def forget_ended(cls, session: Session, state: str, before: int) -> None:
        """Delete what was over before an instant."""
        session.execute(delete(cls).where(cls.state == state, cls.ended < before))
