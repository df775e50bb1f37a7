"""Tables of professionals: who they are, what they said, what was found, the accounts tied to them."""

from collections.abc import Collection, Sequence
from typing import Self
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, LargeBinary, String, exists, func, or_, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from governance.db.base import Base, id_column, instant_column
from governance.decision.vocabulary import BEGINNING, Assurance
from governance.effective.models import GovernedAccount
from governance.identity.models import Account, SignIn


class HcpRecord(Base):
    """One professional. What decisions know of them is in force elsewhere; this is for lists and for people."""

    __tablename__ = "hcp"

    id: Mapped[UUID] = id_column()
    created: Mapped[int] = instant_column()
    profession: Mapped[str] = mapped_column(String(64))
    assurance: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(16))
    checked_until: Mapped[int] = instant_column()
    sealed_name: Mapped[bytes] = mapped_column(LargeBinary)
    """The badge; empty before anybody found the name on a register."""
    waiting_since: Mapped[int | None] = instant_column(nullable=True)
    """Since when somebody should look; none once somebody did."""
    ended: Mapped[int | None] = instant_column(nullable=True)

    @classmethod
    def locked(cls, session: Session, hcp_id: UUID) -> Self | None:
        """Return a record that nobody else changes until this transaction ends."""
        return session.scalars(select(cls).where(cls.id == hcp_id).with_for_update()).one_or_none()

    @classmethod
    def to_look_at(
        cls, session: Session, due_before: int, limit: int, *, file_before: int | None = None
    ) -> Sequence[Self]:
        """Return those who wait and those whose look grows old, who has waited longest first.

        `file_before`: the same for those whom a register's file shows, which comes again by itself.
        """
        limits = {"manual": due_before, "feed": due_before if file_before is None else file_before}
        held = exists().where(HeldRegistration.hcp_id == cls.id, HeldRegistration.ended.is_(None))
        old = (
            held.where(HeldRegistration.method == method, HeldRegistration.checked_until < end)
            for method, end in limits.items()
        )
        grows_old = (cls.assurance >= int(Assurance.A3)) & or_(*old, ~held & (cls.checked_until < due_before))
        query = select(cls).where(cls.ended.is_(None), or_(cls.waiting_since.is_not(None), grows_old))
        by_age = (cls.waiting_since.is_(None), cls.waiting_since, cls.checked_until, cls.id)
        return session.scalars(query.order_by(*by_age).limit(limit)).all()


class SaidRegistration(Base):
    """What a professional said of their registration; said anew, never edited."""

    __tablename__ = "registration"

    id: Mapped[UUID] = id_column()
    hcp_id: Mapped[UUID] = mapped_column(ForeignKey("hcp.id"), index=True)
    said: Mapped[int] = instant_column()
    register: Mapped[str] = mapped_column(String(16))
    profession: Mapped[str] = mapped_column(String(64))
    number_digest: Mapped[str] = mapped_column(String(43), index=True)
    sealed_number: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_name: Mapped[bytes] = mapped_column(LargeBinary)
    language: Mapped[str | None] = mapped_column(String(8))
    """Of the pages on which they said so: letters to them are written in it. None where nobody knows."""
    looked: Mapped[int | None] = instant_column(nullable=True)
    """When a verifier looked; none while it waits."""

    @classmethod
    def current(cls, session: Session, hcp_id: UUID) -> list[Self]:
        """Return what a professional says now, the newest first: the last word on each profession of each register."""
        query = select(cls).where(cls.hcp_id == hcp_id).order_by(cls.said.desc(), cls.id.desc())
        last: dict[tuple[str, str], Self] = {}
        for row in session.scalars(query):
            last.setdefault((row.register, row.profession), row)
        return list(last.values())

    @classmethod
    def latest(cls, session: Session, hcp_id: UUID) -> Self | None:
        """Return what a professional said last; none if a verifier entered them."""
        return next(iter(cls.current(session, hcp_id)), None)

    @classmethod
    def hcps_with(cls, session: Session, number_digests: Collection[str]) -> Sequence[UUID]:
        """Return every record that ever said one of these numbers is theirs."""
        query = select(cls.hcp_id).where(cls.number_digest.in_(number_digests))
        return session.scalars(query.distinct().order_by(cls.hcp_id)).all()

    @classmethod
    def others_with(cls, session: Session, number_digest: str, hcp_id: UUID) -> Sequence[UUID]:
        """Return the other records that say this number is theirs."""
        query = select(cls.hcp_id).where(cls.number_digest == number_digest, cls.hcp_id != hcp_id)
        return session.scalars(query.distinct().order_by(cls.hcp_id)).all()


class HeldRegistration(Base):
    """One number that somebody was matched with, and what the register says of it; ended, never deleted.

    One number has one row, whoever else says that it is theirs.
    """

    __tablename__ = "held_registration"

    number_digest: Mapped[str] = mapped_column(String(43), primary_key=True)
    hcp_id: Mapped[UUID] = mapped_column(ForeignKey("hcp.id"), index=True)
    said_id: Mapped[UUID] = mapped_column(ForeignKey("registration.id"))
    """The words that were matched: the number stands in them."""
    register: Mapped[str] = mapped_column(String(16), index=True)
    professions: Mapped[str] = mapped_column(String(200))
    """Words with spaces between: a register may list one number under two professions."""
    assurance: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(16))
    checked_until: Mapped[int] = instant_column()
    method: Mapped[str] = mapped_column(String(8))
    """Who looked last: a person (`manual`), or what the register sends (`feed`)."""
    seen: Mapped[int] = instant_column()
    """As of when the register said it: an older file says nothing about now."""
    renews: Mapped[int | None] = instant_column(nullable=True)
    """When the registration ends unless it is renewed, if the register says so."""
    first_held: Mapped[int] = instant_column()
    sealed_name: Mapped[bytes | None] = mapped_column(LargeBinary)
    """As the register has it; none where it is the badge."""
    ended: Mapped[int | None] = instant_column(nullable=True)

    @classmethod
    def of_hcp(cls, session: Session, hcp_id: UUID) -> Sequence[Self]:
        """Return what somebody holds and held, the first one first."""
        query = select(cls).where(cls.hcp_id == hcp_id)
        return session.scalars(query.order_by(cls.first_held, cls.number_digest)).all()

    @classmethod
    def live_on(cls, session: Session, register: str) -> Sequence[Self]:
        """Return every registration on one register that somebody holds."""
        query = select(cls).where(cls.register == register, cls.ended.is_(None)).order_by(cls.number_digest)
        return session.scalars(query).all()

    @classmethod
    def live_among(cls, session: Session, digests: Sequence[str]) -> Sequence[Self]:
        """Return those of some numbers that somebody holds."""
        return session.scalars(select(cls).where(cls.number_digest.in_(digests), cls.ended.is_(None))).all()

    @classmethod
    def live(cls, session: Session) -> Sequence[Self]:
        """Return every registration that somebody holds, what is due first coming first."""
        return session.scalars(
            select(cls).where(cls.ended.is_(None)).order_by(cls.checked_until, cls.number_digest)
        ).all()


class RegisterCheck(Base):
    """What a verifier did to a record, on what evidence; never edited and never deleted."""

    __tablename__ = "register_check"

    id: Mapped[UUID] = id_column()
    hcp_id: Mapped[UUID] = mapped_column(ForeignKey("hcp.id"), index=True)
    at: Mapped[int] = instant_column()
    act: Mapped[str] = mapped_column(String(16))
    by: Mapped[str] = mapped_column(String(36))
    """A member of staff, or `operator`."""
    assurance: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(16))
    checked_until: Mapped[int] = instant_column()
    sealed_findings: Mapped[bytes] = mapped_column(LargeBinary)
    said_id: Mapped[UUID | None] = mapped_column(ForeignKey("registration.id"))
    """Of which registration; none if it is about all of the record."""

    @classmethod
    def newest_first(cls, session: Session, hcp_id: UUID) -> Sequence[Self]:
        """Return everything that was done to a record."""
        query = select(cls).where(cls.hcp_id == hcp_id).order_by(cls.at.desc(), cls.id.desc())
        return session.scalars(query).all()

    @classmethod
    def last_end(cls, session: Session, hcp_id: UUID) -> int:
        """Return when all of a registration ended last; the beginning of time if it never did."""
        query = select(func.max(cls.at)).where(cls.hcp_id == hcp_id, cls.act == "end")
        return session.scalar(query) or BEGINNING

    @classmethod
    def is_doubted(cls, session: Session, hcp_id: UUID, said_id: UUID) -> bool:
        """Say whether a report asked for a look at a registration, and nobody has looked since."""
        looks = or_(cls.act == "doubt", (cls.act == "check") & (cls.said_id == said_id))
        query = select(cls.act).where(cls.hcp_id == hcp_id, looks).order_by(cls.at.desc(), cls.id.desc()).limit(1)
        return session.scalar(query) == "doubt"


class HcpAccount(Base):
    """An account ever tied to a professional; rows are never deleted, because refusals bind by them.

    Whose an account is now says what is in force: forums rename accounts, and give them to somebody else.
    """

    __tablename__ = "hcp_account"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    hcp_id: Mapped[UUID] = mapped_column(ForeignKey("hcp.id"), index=True)
    tied: Mapped[int] = instant_column()

    @classmethod
    def hcp_of(cls, session: Session, account_id: UUID) -> UUID | None:
        """Return the professional an account belongs to now; none whose record was lost."""
        account = session.get(Account, account_id)
        bound = None if account is None else session.get(GovernedAccount, account.key)
        if bound is None or bound.hcp is None:
            return None
        record = session.get(HcpRecord, UUID(bound.hcp))
        return None if record is None else record.id

    @classmethod
    def accounts_of(cls, session: Session, hcp_id: UUID) -> Sequence[Account]:
        """Return the accounts that are a professional's now, oldest first."""
        query = select(Account).join(GovernedAccount, GovernedAccount.key == Account.key)
        return session.scalars(query.where(GovernedAccount.hcp == str(hcp_id)).order_by(Account.id)).all()

    @classmethod
    def is_subject_of(cls, session: Session, hcp_id: UUID, subject_digest: str) -> bool:
        """Say whether an account that is, or was, the professional's is entered by this subject."""
        entered = session.get(SignIn, subject_digest)
        if entered is None:
            return False
        tied = session.get(cls, entered.account_id)
        return cls.hcp_of(session, entered.account_id) == hcp_id or (tied is not None and tied.hcp_id == hcp_id)


class Attestation(Base):
    """A professional's acceptance of one version of the conduct rules."""

    __tablename__ = "attestation"

    id: Mapped[UUID] = id_column()
    hcp_id: Mapped[UUID] = mapped_column(ForeignKey("hcp.id"), index=True)
    version: Mapped[str] = mapped_column(String(32))
    at: Mapped[int] = instant_column()
    until: Mapped[int] = instant_column()
    text_sha256: Mapped[str | None] = mapped_column(String(64))
    """Of the words they read; none where a verifier holds the proof."""

    @classmethod
    def latest(cls, session: Session, hcp_id: UUID) -> Self | None:
        """Return the last acceptance of a professional."""
        query = select(cls).where(cls.hcp_id == hcp_id).order_by(cls.at.desc(), cls.id.desc()).limit(1)
        return session.scalars(query).one_or_none()

    @classmethod
    def outliving(cls, session: Session, until: int) -> Sequence[Self]:
        """Return everybody's last acceptance that holds longer than until then."""
        newer = aliased(cls)
        later = exists().where(
            newer.hcp_id == cls.hcp_id, (newer.at > cls.at) | ((newer.at == cls.at) & (newer.id > cls.id))
        )
        return session.scalars(select(cls).where(cls.until > until, ~later).order_by(cls.id)).all()


class NamedPlace(Base):
    """A community as a professional typed it, sealed: decisions know its digest alone."""

    __tablename__ = "hcp_place"

    hcp_id: Mapped[UUID] = mapped_column(ForeignKey("hcp.id"), primary_key=True)
    place: Mapped[str] = mapped_column(String(43), primary_key=True)
    sealed_name: Mapped[bytes] = mapped_column(LargeBinary)

    @classmethod
    def of_hcp(cls, session: Session, hcp_id: UUID) -> Sequence[Self]:
        """Return every community that a professional named."""
        return session.scalars(select(cls).where(cls.hcp_id == hcp_id)).all()
