"""Two tables: the entries, and one row that knows where they end."""

from collections.abc import Iterator
from typing import Final, NamedTuple, cast

from sqlalchemy import (
    BigInteger,
    Dialect,
    Integer,
    LargeBinary,
    String,
    Table,
    bindparam,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from governance.db.base import Base, instant_column
from governance.ledger.tree import HASH_BYTES, Subtree

_THE_HEAD: Final = 1
_AT_ONCE: Final = 2_000


class LedgerEntry(Base):
    """One entry. Never changed, never deleted."""

    __tablename__ = "ledger_entry"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[int] = instant_column()
    kind: Mapped[str] = mapped_column(String(32))
    document: Mapped[bytes] = mapped_column(LargeBinary)
    leaf: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES))
    above: Mapped[bytes] = mapped_column(LargeBinary)
    """The larger subtrees of the tree that this entry completed, the smallest first: proofs need no other entries."""


class LedgerHead(Base):
    """Where the entries end; one row, also the lock for which writers wait."""

    __tablename__ = "ledger_head"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(BigInteger)
    epoch: Mapped[int] = mapped_column(Integer)
    frontier: Mapped[bytes] = mapped_column(LargeBinary)
    kept_epoch: Mapped[int] = mapped_column(Integer)
    kept_size: Mapped[int] = mapped_column(BigInteger)
    journalled: Mapped[int] = mapped_column(BigInteger)
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))


class Entry(NamedTuple):
    """A row of the entries, as stored."""

    number: int
    at: int
    kind: str
    document: bytes
    leaf: bytes
    above: bytes


class HeadRow(NamedTuple):
    """The row of the head, as stored."""

    size: int
    epoch: int
    frontier: bytes
    kept_epoch: int
    kept_size: int
    journalled: int
    mac: bytes


_entries = cast("Table", LedgerEntry.__table__)
_heads = cast("Table", LedgerHead.__table__)
_HEAD = select(*(_heads.c[name] for name in HeadRow._fields)).where(_heads.c.id == _THE_HEAD)
_LOCKED_HEAD = _HEAD.with_for_update()
_FROM = (
    select(*(_entries.c[name] for name in Entry._fields))
    .where(_entries.c.number >= bindparam("first"))
    .order_by(_entries.c.number)
    .limit(bindparam("most"))
)
_NODES = select(_entries.c.leaf, _entries.c.above).where(_entries.c.number == bindparam("wanted"))
_LAST = select(func.max(_entries.c.number))
_LAST_OF_KIND = (
    select(*(_entries.c[name] for name in Entry._fields))
    .where(_entries.c.kind == bindparam("wanted"))
    .order_by(_entries.c.number.desc())
    .limit(1)
)
_MAKE_HEAD = insert(_heads)
_MOVE_HEAD = update(_heads).where(_heads.c.id == _THE_HEAD)
_ADD = insert(_entries)


def find_head(session: Session, *, lock: bool = False) -> HeadRow | None:
    """Return the head; with `lock` no other writer reads it until the transaction ends."""
    row = session.execute(_LOCKED_HEAD if lock else _HEAD).one_or_none()
    return None if row is None else HeadRow(*row)


def plain_head(dialect: Dialect) -> str:
    """Return the statement that reads the head, for a driver alone."""
    return str(_HEAD.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def make_head(session: Session, head: HeadRow) -> None:
    """Write the head for the first time."""
    session.execute(_MAKE_HEAD, {"id": _THE_HEAD, **head._asdict()})


def move_head(session: Session, head: HeadRow) -> None:
    """Write the head anew."""
    session.execute(_MOVE_HEAD, head._asdict())


def add_entry(session: Session, entry: Entry) -> None:
    """Write an entry."""
    session.execute(_ADD, entry._asdict())


def entries_from(session: Session, first: int) -> Iterator[Entry]:
    """Yield the entries from a number on, in their order, a few thousand in memory at once."""
    while True:
        rows = session.execute(_FROM, {"first": first, "most": _AT_ONCE}).all()
        yield from (Entry(*row) for row in rows)
        if len(rows) < _AT_ONCE:
            return
        first = rows[-1].number + 1


def last_number(session: Session) -> int | None:
    """Return the highest number there is."""
    last: int | None = session.scalar(_LAST)
    return last


def last_of_kind(session: Session, kind: str) -> Entry | None:
    """Return the newest entry of a kind; it looks at all entries."""
    row = session.execute(_LAST_OF_KIND, {"wanted": kind}).one_or_none()
    return None if row is None else Entry(*row)


def subtrees(session: Session) -> Subtree:
    """Return what gives the hash of any complete subtree: one row is read for each, whatever its size.

    It raises `LookupError` if the entry that completed the subtree is missing or lacks it.
    """

    def subtree(level: int, index: int) -> bytes:
        row = session.execute(_NODES, {"wanted": ((index + 1) << level) - 1}).one_or_none()
        nodes = b"" if row is None else row.leaf + row.above
        node = nodes[level * HASH_BYTES : (level + 1) * HASH_BYTES]
        if len(node) != HASH_BYTES:
            raise LookupError("the ledger lacks a hash that a proof needs")
        return node

    return subtree
