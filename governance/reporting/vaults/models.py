"""Tables of vaults and duties: whose public key reports are sealed to, and for which forums."""

from collections.abc import Sequence
from typing import Self
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, LargeBinary, String, Uuid, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, instant_column
from governance.identity.staff.models import StaffMember


class Vault(Base):
    """The key pair of one member of staff. Deleted when they leave, unless nobody else reads what is sealed to it."""

    __tablename__ = "vault"

    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"), primary_key=True)
    around: Mapped[UUID] = mapped_column(Uuid)
    """Which key of ours is around it, of this vault alone: it is destroyed with it."""
    public: Mapped[bytes] = mapped_column(LargeBinary)
    by_passphrase: Mapped[bytes] = mapped_column(LargeBinary)
    """The private key, which the passphrase opens; sealed once more under a key that leaving destroys."""
    by_recovery: Mapped[bytes] = mapped_column(LargeBinary)
    """The same, which the printed recovery key opens."""
    made: Mapped[int] = instant_column()
    worked: Mapped[int] = instant_column()
    """The day on which the passphrase worked last."""
    guesses: Mapped[int] = mapped_column(Integer)
    """Passphrases and printed keys that were tried since it was opened last; counted before they are looked at."""
    guessed: Mapped[int] = instant_column()
    """When the first of them was tried."""

    @classmethod
    def locked(cls, session: Session, staff_id: UUID) -> Self | None:
        """Return a vault that nobody else changes until this transaction ends."""
        return session.scalars(select(cls).where(cls.staff_id == staff_id).with_for_update()).one_or_none()

    @classmethod
    def serving(cls, session: Session) -> Sequence[tuple[Self, StaffMember]]:
        """Return the vaults of all who work here, with their members, in the order in which they came."""
        query = select(cls, StaffMember).join(StaffMember, StaffMember.id == cls.staff_id)
        rows = session.execute(query.where(StaffMember.ended.is_(None)).order_by(cls.staff_id))
        return [(row[0], row[1]) for row in rows]


class Duty(Base):
    """One forum whose reports a member of staff reads. Who has no such row reads those of every forum."""

    __tablename__ = "duty"

    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"), primary_key=True)
    platform_id: Mapped[UUID] = mapped_column(ForeignKey("platform.id"), primary_key=True)

    @classmethod
    def of(cls, session: Session, staff_id: UUID) -> Sequence[Self]:
        """Return the forums that somebody's duty is narrowed to."""
        return session.scalars(select(cls).where(cls.staff_id == staff_id).order_by(cls.platform_id)).all()

    @classmethod
    def narrowed(cls, session: Session) -> Sequence[Self]:
        """Return every row."""
        return session.scalars(select(cls).order_by(cls.staff_id, cls.platform_id)).all()


class OutsideContact(Base):
    """The one named person outside of this desk: shown where the form is closed, and asked where officers cannot."""

    __tablename__ = "outside_contact"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    """Always 1."""
    name: Mapped[str] = mapped_column(String(200))
    """Published, as `reach` is: they say yes to that when they are named."""
    reach: Mapped[str] = mapped_column(String(200))
    since: Mapped[int] = instant_column()
