"""Tables of platforms, their OAuth clients, their accounts, and who is signed in."""

from collections.abc import Sequence
from typing import Self
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, LargeBinary, String, Text, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, id_column, instant_column
from governance.decision.vocabulary import AccountKey, Instant

_DIGEST = String(64)
"""A SHA-256 in hex."""


class Platform(Base):
    """A forum, a tenant of ours, with the OIDC provider its members sign in at, if it is one."""

    __tablename__ = "platform"

    id: Mapped[UUID] = id_column()
    name: Mapped[str] = mapped_column(String(64), unique=True)
    display_name: Mapped[str | None] = mapped_column(String(100))
    """What its members call it, where that is not its short name."""
    issuer: Mapped[str | None] = mapped_column(String(512), unique=True)
    """Pinned: what the provider says of itself must equal this, byte for byte. None: members come by links alone."""
    oidc_client_id: Mapped[str | None] = mapped_column(String(256))
    oidc_client_secret_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    account_claim: Mapped[str] = mapped_column(String(64))
    """Which claim of the sign-in is the id that the platform uses in its requests."""
    created: Mapped[int] = instant_column()
    ended: Mapped[int | None] = instant_column(nullable=True)
    """From when it gets no token and nobody signs in through it; its name and issuer stay taken."""

    @property
    def shown(self) -> str:
        """Return what pages for people call it."""
        return self.display_name or self.name

    @classmethod
    def named(cls, session: Session, name: str) -> Self | None:
        """Return the platform of that name, compared exactly."""
        return session.scalars(select(cls).where(cls.name == name)).one_or_none()

    @classmethod
    def of_issuer(cls, session: Session, issuer: str) -> Self | None:
        """Return the platform whose members sign in there."""
        return session.scalars(select(cls).where(cls.issuer == issuer)).one_or_none()

    @classmethod
    def signing_in(cls, session: Session) -> Sequence[Self]:
        """Return every platform whose members sign in there."""
        query = select(cls).where(cls.issuer.is_not(None), cls.ended.is_(None))
        return session.scalars(query.order_by(cls.name)).all()

    @classmethod
    def all_by_name(cls, session: Session) -> Sequence[Self]:
        """Return every platform."""
        return session.scalars(select(cls).order_by(cls.name)).all()


class Client(Base):
    """An OAuth client of a platform. Only a digest of its secret is kept: 256 random bits need no slow hash."""

    __tablename__ = "client"

    id: Mapped[UUID] = id_column()
    platform_id: Mapped[UUID] = mapped_column(ForeignKey("platform.id"), index=True)
    client_id: Mapped[str] = mapped_column(String(64), unique=True)
    secret_digest: Mapped[str] = mapped_column(_DIGEST)
    scopes: Mapped[str] = mapped_column(String(512))
    """Separated by spaces, as in OAuth."""
    public_keys: Mapped[str | None] = mapped_column(Text)
    """A JWK set; where there is one, the client proves itself by its keys and by no secret."""
    created: Mapped[int] = instant_column()

    @classmethod
    def called(cls, session: Session, client_id: str) -> Self | None:
        """Return the client with that `client_id`."""
        return session.scalars(select(cls).where(cls.client_id == client_id)).one_or_none()

    @classmethod
    def of_platform(cls, session: Session, platform_id: UUID) -> Sequence[Self]:
        """Return a platform's clients, oldest first."""
        return session.scalars(select(cls).where(cls.platform_id == platform_id).order_by(cls.id)).all()


class SpentAssertion(Base):
    """A client's signed proof that was used; the same one once more is somebody else's."""

    __tablename__ = "spent_assertion"

    digest: Mapped[str] = mapped_column(_DIGEST, primary_key=True)
    expires: Mapped[int] = mapped_column(BigInteger, index=True)

    @classmethod
    def forget_expired(cls, session: Session, now: Instant) -> None:
        """Delete every proof that would be too old by now."""
        session.execute(delete(cls).where(cls.expires <= now))


class Account(Base):
    """An id on a platform. Known by a keyed digest; the id itself is sealed, for display only."""

    __tablename__ = "account"

    id: Mapped[UUID] = id_column()
    platform_id: Mapped[UUID] = mapped_column(ForeignKey("platform.id"), index=True)
    key: Mapped[AccountKey] = mapped_column(String(43), unique=True)
    sealed_name: Mapped[bytes] = mapped_column(LargeBinary)
    created: Mapped[int] = instant_column()
    """When it came to us, or to its holder of now: whatever is older may be about somebody else."""

    @classmethod
    def of_key(cls, session: Session, key: AccountKey) -> Self | None:
        """Return the account with that key."""
        return session.scalars(select(cls).where(cls.key == key)).one_or_none()

    @classmethod
    def count_on(cls, session: Session, platform_id: UUID) -> int:
        """Return how many accounts of a platform are known."""
        return session.scalar(select(func.count()).where(cls.platform_id == platform_id)) or 0


class SignIn(Base):
    """Who may come in as an account: one (issuer, subject), kept as a keyed digest.

    INVARIANT: one subject has one account and one account one subject. A forum that gives an old name to
    somebody new must not hand them the choices of whoever had it before.
    """

    __tablename__ = "sign_in"

    subject_digest: Mapped[str] = mapped_column(String(43), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), unique=True)
    created: Mapped[int] = instant_column()

    @classmethod
    def of_account(cls, session: Session, account_id: UUID) -> Self | None:
        """Return who may come in as this account, if anybody ever did."""
        return session.scalars(select(cls).where(cls.account_id == account_id)).one_or_none()


class WebSession(Base):
    """A browser's session. The cookie holds a random id, this row its digest: the table opens no session."""

    __tablename__ = "web_session"
    # INVARIANT: a session of staff is never a patient's.
    __table_args__ = (CheckConstraint("account_id IS NULL OR staff_id IS NULL", name="one_person"),)

    id_digest: Mapped[str] = mapped_column(_DIGEST, primary_key=True)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"), index=True)
    auth_time: Mapped[int | None] = instant_column(nullable=True)
    """When the platform says the person proved who they are; none while it does not say."""
    proved: Mapped[int | None] = instant_column(nullable=True)
    """When the person last proved to us who they are, in this session; none if never."""
    created: Mapped[int] = instant_column()
    seen: Mapped[int] = instant_column()
    expires: Mapped[int] = mapped_column(BigInteger, index=True)
    sealed_state: Mapped[bytes] = mapped_column(LargeBinary)
    """Under a key that needs the cookie too; see `sessions.Secret`."""
    sealed_where: Mapped[bytes | None] = mapped_column(LargeBinary)
    """On what kind of device, in words, for the person alone; see `own_sessions`."""

    @classmethod
    def with_account(cls, session: Session, id_digest: str) -> tuple[Self, Account | None, Platform | None] | None:
        """Return a session with its account and platform, in one query."""
        query = (
            select(cls, Account, Platform)
            .outerjoin(Account, cls.account_id == Account.id)
            .outerjoin(Platform, Account.platform_id == Platform.id)
            .where(cls.id_digest == id_digest)
        )
        row = session.execute(query).one_or_none()
        return None if row is None else (row[0], row[1], row[2])

    @classmethod
    def locked(cls, session: Session, id_digest: str) -> Self | None:
        """Return a session that nobody else changes until this transaction ends."""
        return session.scalars(select(cls).where(cls.id_digest == id_digest).with_for_update()).one_or_none()

    @classmethod
    def of_account(cls, session: Session, account_id: UUID, now: Instant) -> Sequence[Self]:
        """Return an account's running sessions."""
        return session.scalars(select(cls).where(cls.account_id == account_id, cls.expires > now)).all()

    @classmethod
    def forget_of_account(cls, session: Session, account_id: UUID, kept: str) -> None:
        """Delete every session of an account but one."""
        session.execute(delete(cls).where(cls.account_id == account_id, cls.id_digest != kept))

    @classmethod
    def forget(cls, session: Session, id_digest: str) -> None:
        """Delete a session."""
        session.execute(delete(cls).where(cls.id_digest == id_digest))

    @classmethod
    def forget_all(cls, session: Session) -> None:
        """Delete every session."""
        session.execute(delete(cls))

    @classmethod
    def forget_expired(cls, session: Session, now: Instant) -> None:
        """Delete every session that has ended."""
        session.execute(delete(cls).where(cls.expires <= now))


class SpentState(Base):
    """The state of a sign-in that came back, as a digest: it lets nobody in a second time."""

    __tablename__ = "spent_state"

    state_digest: Mapped[str] = mapped_column(_DIGEST, primary_key=True)
    expires: Mapped[int] = mapped_column(BigInteger, index=True)

    @classmethod
    def forget_expired(cls, session: Session, now: Instant) -> None:
        """Delete every state that is too old to come back again."""
        session.execute(delete(cls).where(cls.expires <= now))


class SigningKey(Base):
    """A private key that signs access tokens, sealed; the newest generation signs, all are published."""

    __tablename__ = "signing_key"

    generation: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    sealed_key: Mapped[bytes] = mapped_column(LargeBinary)
    created: Mapped[int] = instant_column()

    @classmethod
    def newest_first(cls, session: Session) -> Sequence[Self]:
        """Return all keys."""
        return session.scalars(select(cls).order_by(cls.generation.desc())).all()
