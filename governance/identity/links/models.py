"""Tables behind links from forums that are no provider: tokens on their way, PINs and passkeys of who comes by them."""

from collections.abc import Sequence
from typing import Self
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Integer, LargeBinary, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, id_column, instant_column
from governance.decision.vocabulary import Instant


class LinkToken(Base):
    """A link that a forum gave to one of its members. Neither the token nor the member is in it in the clear."""

    __tablename__ = "link_token"

    token_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    platform_id: Mapped[UUID] = mapped_column(ForeignKey("platform.id"))
    account_key: Mapped[str] = mapped_column(String(43), index=True)
    """The member's keyed digest: an id that gets another holder takes its links along."""
    expires: Mapped[int] = mapped_column(BigInteger, index=True)
    sealed_data: Mapped[bytes] = mapped_column(LargeBinary)
    """Whose link it is, and where it leads; under a key that needs the token too."""

    @classmethod
    def taken(cls, session: Session, token_digest: str) -> Self | None:
        """Delete a token and return it: of two who use it only the first gets it."""
        query = delete(cls).where(cls.token_digest == token_digest).returning(cls)
        return session.scalars(query, execution_options={"synchronize_session": False}).one_or_none()

    @classmethod
    def forget_of(cls, session: Session, account_key: str) -> None:
        """Delete every token that was made for an account."""
        session.execute(delete(cls).where(cls.account_key == account_key))

    @classmethod
    def forget_all(cls, session: Session) -> None:
        """Delete every token."""
        session.execute(delete(cls))

    @classmethod
    def forget_expired(cls, session: Session, now: Instant) -> None:
        """Delete every token that nobody used in time."""
        session.execute(delete(cls).where(cls.expires <= now))


class Pin(Base):
    """What somebody knows who comes by links, to prove who they are. It lets nobody in by itself."""

    __tablename__ = "pin"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    sealed_verifier: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Argon2id with a secret of ours, sealed for the person; none until the first one counts."""
    sealed_next: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The same for a new PIN that does not count yet."""
    next_from: Mapped[int | None] = instant_column(nullable=True)
    failures: Mapped[int] = mapped_column(Integer)
    """Since the last right one; counted before a guess is looked at."""
    locked_until: Mapped[int] = instant_column()

    @classmethod
    def locked(cls, session: Session, account_id: UUID) -> Self | None:
        """Return an account's PIN, which nobody else changes until this transaction ends."""
        return session.scalars(select(cls).where(cls.account_id == account_id).with_for_update()).one_or_none()


class Passkey(Base):
    """What somebody's own device holds who comes by links, to prove who they are. It lets nobody in by itself."""

    __tablename__ = "passkey"

    id: Mapped[UUID] = id_column()
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    credential_digest: Mapped[str] = mapped_column(String(43), unique=True)
    """Keyed: two people never have one passkey, and a dump finds none of them at another service."""
    sealed_data: Mapped[bytes | None] = mapped_column(LargeBinary)
    """See `passkeys.Kept`; none once it was removed: that there was one must not be forgotten."""
    created: Mapped[int] = instant_column()
    counts_from: Mapped[int] = instant_column()

    @classmethod
    def of_account(cls, session: Session, account_id: UUID) -> Sequence[Self]:
        """Return the passkeys of an account, the oldest first; with one that was removed, if any was."""
        return session.scalars(select(cls).where(cls.account_id == account_id).order_by(cls.created, cls.id)).all()

    @classmethod
    def is_taken(cls, session: Session, credential_digest: str) -> bool:
        """Say whether anybody has this passkey, or had it."""
        query = select(cls.id).where(cls.credential_digest == credential_digest)
        return session.scalars(query).one_or_none() is not None
