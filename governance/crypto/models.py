"""Two tables of wrapped keys: a data key for every person, and the epochs that were ever used here."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple, Self

from sqlalchemy import Integer, LargeBinary, String, bindparam, func, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base


class WrappedKey(Base):
    """The data key of one owner, wrapped by an epoch's key that the database does not hold."""

    __tablename__ = "data_key"

    owner: Mapped[str] = mapped_column(String(64), primary_key=True)
    """`patient:`, `hcp:` or `account:` and an id."""
    epoch: Mapped[str | None] = mapped_column(String(16), index=True)
    """None once destroyed: the row stays, so that nobody makes the owner a new key without noticing."""
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)

    @classmethod
    def of_owners(cls, session: Session, owners: Collection[str]) -> Sequence[Self]:
        """Return the keys of some owners, by one query; those without one are left out."""
        return session.scalars(select(cls).where(cls.owner.in_(owners))).all()

    @classmethod
    def put_back(cls, session: Session, rows: Sequence[Mapping[str, object]]) -> None:
        """Write keys that a restored database lost; as objects they would go outside anew."""
        session.execute(insert(cls), rows)

    @classmethod
    def counts(cls, session: Session) -> dict[str | None, int]:
        """Return how many data keys are under each epoch; under none are those destroyed."""
        rows = session.execute(select(cls.epoch, func.count()).group_by(cls.epoch))
        return {epoch: count for epoch, count in rows}  # noqa: C416 - a row is no tuple to mypy

    @classmethod
    def page_under(cls, session: Session, epochs: Iterable[str], after: str, limit: int) -> list["StoredKey"]:
        """Return keys under some epochs, by owner, after one; nobody else changes them meanwhile."""
        query = (
            select(cls.owner, cls.epoch, cls.wrapped)
            .where(cls.epoch.in_(list(epochs)), cls.owner > after)
            .order_by(cls.owner)
            .limit(limit)
            .with_for_update()
        )
        return [StoredKey(owner, str(epoch), wrapped or b"") for owner, epoch, wrapped in session.execute(query)]


class StoredKey(NamedTuple):
    """A wrapped data key as a rotation reads it."""

    owner: str
    epoch: str
    wrapped: bytes


_REWRAP = (
    update(WrappedKey)
    # A key that was destroyed or wrapped anew in between stays as it is.
    .where(WrappedKey.owner == bindparam("of"), WrappedKey.epoch == bindparam("under"))
    .values(epoch=bindparam("to"), wrapped=bindparam("now"))
)


def write_rewrapped(session: Session, rows: Sequence[Mapping[str, object]]) -> None:
    """Write keys that were wrapped anew: `of` whom, `under` which epoch before, `to` which, and what it is `now`."""
    session.connection().execute(_REWRAP, rows)


class UsedEpoch(Base):
    """An epoch that data keys here were ever wrapped under.

    INVARIANT: data keys are wrapped under the newest one alone, also by a process that read its keys before the
    rotation; so an epoch without data keys gets none again, and can be retired.
    """

    __tablename__ = "key_epoch"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    proof: Mapped[bytes] = mapped_column(LargeBinary(16))
    """Of the epoch's key: two machines that each made an epoch of this number are told apart."""

    @classmethod
    def newest(cls, session: Session) -> Self | None:
        """Return the epoch used last."""
        return session.scalars(select(cls).order_by(cls.number.desc()).limit(1)).one_or_none()
