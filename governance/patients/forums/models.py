"""Tables of patients on several forums: codes on their way, accounts that were joined, accounts that ended."""

from collections.abc import Sequence
from typing import Self
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Integer, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, id_column, instant_column
from governance.decision.vocabulary import Instant
from governance.identity.models import Account, Platform
from governance.patients.models import PatientAccount


class ForumCode(Base):
    """A short code that somebody carries from one forum's session to another's, as a keyed digest."""

    __tablename__ = "forum_code"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    """Who asked for it."""
    other_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    """Who typed it, at another forum, and said that both are theirs."""
    expires: Mapped[int] = mapped_column(BigInteger, index=True)

    @classmethod
    def locked(cls, session: Session, digest: str) -> Self | None:
        """Return a code that nobody else uses until this transaction ends."""
        return session.scalars(select(cls).where(cls.digest == digest).with_for_update()).one_or_none()

    @classmethod
    def answered(cls, session: Session, account_id: UUID, now: Instant) -> Self | None:
        """Return the code of an account that somebody typed elsewhere and that has not expired."""
        query = select(cls).where(cls.account_id == account_id, cls.other_id.is_not(None), cls.expires > now)
        return session.scalars(query).one_or_none()

    @classmethod
    def taken(cls, session: Session, account_id: UUID, other_id: UUID, now: Instant) -> bool:
        """Delete the code between two accounts; of two who say yes at once only the first one gets true."""
        between = (cls.account_id == account_id) & (cls.other_id == other_id) & (cls.expires > now)
        query = delete(cls).where(between).returning(cls.digest)
        return session.scalars(query).one_or_none() is not None

    @classmethod
    def of_accounts(cls, session: Session, accounts: Sequence[UUID]) -> Sequence[Self]:
        """Return the codes that some accounts made or typed."""
        query = select(cls).where(cls.account_id.in_(accounts) | cls.other_id.in_(accounts))
        return session.scalars(query.order_by(cls.expires)).all()

    @classmethod
    def forget(cls, session: Session, account_id: UUID, now: Instant) -> None:
        """Delete the codes of an account, and all that have expired."""
        session.execute(delete(cls).where((cls.account_id == account_id) | (cls.expires <= now)))

    @classmethod
    def forget_both(cls, session: Session, account_id: UUID) -> None:
        """Delete the codes that an account made, and those to which it said yes."""
        session.execute(delete(cls).where((cls.account_id == account_id) | (cls.other_id == account_id)))


class Joined(Base):
    """That an account came to a patient's record from another one, or from none; kept, so that it can be undone.

    Several accounts that came together have the same `at`.
    """

    __tablename__ = "joined_account"

    id: Mapped[UUID] = id_column()
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    from_id: Mapped[UUID | None] = mapped_column(ForeignKey("patient.id"), index=True)
    """The record it had before, which rests meanwhile; none if it had none."""
    version: Mapped[int] = mapped_column(Integer)
    """Of the patient's row in force just before."""
    at: Mapped[int] = instant_column()
    ended: Mapped[int | None] = instant_column(nullable=True)

    @classmethod
    def of_account(cls, session: Session, account_id: UUID) -> Self | None:
        """Return how an account came to the record it belongs to now, if it was joined."""
        query = select(cls).where(cls.account_id == account_id, cls.ended.is_(None))
        return session.scalars(query.order_by(cls.at.desc()).limit(1).with_for_update()).one_or_none()

    @classmethod
    def standing(cls, session: Session, patient_id: UUID) -> Sequence[Self]:
        """Return what was joined to a record and still is, the last one first."""
        query = select(cls).where(cls.patient_id == patient_id, cls.ended.is_(None))
        return session.scalars(query.order_by(cls.at.desc(), cls.id)).all()

    @classmethod
    def all_of(cls, session: Session, patient_id: UUID) -> Sequence[Self]:
        """Return what was ever joined to a record, the oldest first."""
        return session.scalars(select(cls).where(cls.patient_id == patient_id).order_by(cls.at, cls.id)).all()

    @classmethod
    def all_from(cls, session: Session, patient_id: UUID) -> Sequence[Self]:
        """Return every row that would give an account back to a record."""
        return session.scalars(select(cls).where(cls.from_id == patient_id).order_by(cls.at, cls.id)).all()

    @classmethod
    def ever_of_account(cls, session: Session, account_id: UUID) -> Sequence[Self]:
        """Return every time an account was joined to a record, the oldest first."""
        return session.scalars(select(cls).where(cls.account_id == account_id).order_by(cls.at, cls.id)).all()

    @classmethod
    def resting_in(cls, session: Session, patient_id: UUID) -> list[UUID]:
        """Return the records that rest in another one, and those that rest in them."""
        found, new = dict.fromkeys([patient_id]), [patient_id]
        while new:
            query = select(cls.from_id).where(cls.patient_id.in_(new), cls.ended.is_(None)).order_by(cls.from_id)
            new = [one for one in dict.fromkeys(session.scalars(query)) if one is not None and one not in found]
            found |= dict.fromkeys(new)
        return list(found)[1:]

    @classmethod
    def into(cls, session: Session, patient_id: UUID) -> UUID | None:
        """Return the record that a resting one went into; None if it does not rest."""
        query = select(cls.patient_id).where(cls.from_id == patient_id, cls.ended.is_(None)).limit(1)
        return session.scalars(query).one_or_none()


class YesWish(Base):
    """That what a patient permits to groups is to count on one more forum, when its wait is over."""

    __tablename__ = "yes_wish"

    id: Mapped[UUID] = id_column()
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    platform_id: Mapped[UUID] = mapped_column(ForeignKey("platform.id"))
    made: Mapped[int] = instant_column()
    due: Mapped[int] = instant_column()
    proof: Mapped[str] = mapped_column(String(64))
    """A keyed digest over all of it and what its one job holds: a row that was moved or set forward opens nothing."""
    ended: Mapped[int | None] = instant_column(nullable=True)
    outcome: Mapped[str | None] = mapped_column(String(16))

    @classmethod
    def locked(cls, session: Session, wish_id: UUID) -> Self | None:
        """Return a wish that nobody else ends until this transaction does."""
        return session.scalars(select(cls).where(cls.id == wish_id).with_for_update()).one_or_none()

    @classmethod
    def all_of(cls, session: Session, patient_id: UUID) -> Sequence[Self]:
        """Return every wish of a patient, the newest first."""
        return session.scalars(select(cls).where(cls.patient_id == patient_id).order_by(cls.made.desc(), cls.id)).all()

    @classmethod
    def open_of(cls, session: Session, patient_id: UUID) -> Sequence[Self]:
        """Return what waits for a patient, the next one first."""
        query = select(cls).where(cls.patient_id == patient_id, cls.ended.is_(None))
        return session.scalars(query.order_by(cls.due, cls.id)).all()


class AccountEnd(Base):
    """That a forum said of an account that it is not its holder's any more."""

    __tablename__ = "account_end"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    event: Mapped[str] = mapped_column(String(16))
    at: Mapped[int] = instant_column()


def accounts_of(session: Session, patient_id: UUID) -> Sequence[tuple[Account, Platform]]:
    """Return a patient's accounts with their platforms, the oldest first."""
    query = (
        select(Account, Platform)
        .join(PatientAccount, PatientAccount.account_id == Account.id)
        .join(Platform, Platform.id == Account.platform_id)
        .where(PatientAccount.patient_id == patient_id)
    )
    return [(row[0], row[1]) for row in session.execute(query.order_by(PatientAccount.linked, Account.id))]
