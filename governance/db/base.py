"""What every table shares: names of constraints, ids, instants. Plain SQLAlchemy: services import this."""

import secrets
import time
from contextlib import suppress
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, Column, Enum, MetaData, String, Uuid, event
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column

_NAMES: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The base of all tables; constraints are named, so that migrations can find them."""

    metadata = MetaData(naming_convention=_NAMES)


@event.listens_for(Column, "after_parent_attach")
def _compare_as_bytes(column: Column[Any], _table: object) -> None:
    """Let PostgreSQL compare and order every text as SQLite does, by its bytes, wherever its database was made.

    Of tables in migrations as well. A language's order changes with the system's libraries, and breaks indexes then.
    """
    kind = column.type
    if isinstance(kind, String) and not isinstance(kind, Enum) and kind.collation is None:
        # A copied column carries it already.
        with suppress(ArgumentError):
            column.type = kind.with_variant(type(kind)(kind.length, collation="C"), "postgresql")


_RANDOM: Final = (1 << 74) - 1


def new_id() -> UUID:
    """Return a UUID version 7 (RFC 9562, section 5.7): 48 bits of milliseconds, then 74 random bits."""
    return new_ids(1)[0]


def new_ids(many: int) -> list[UUID]:
    """Return several, for which the system is asked once."""
    milliseconds = time.time_ns() // 1_000_000
    bits = secrets.randbits(74 * many)
    return [_uuid7(milliseconds, (bits >> 74 * number) & _RANDOM) for number in range(many)]


def _uuid7(milliseconds: int, random_bits: int) -> UUID:
    high = (milliseconds << 16) | (0x7 << 12) | (random_bits >> 62)
    low = (0b10 << 62) | (random_bits & ((1 << 62) - 1))
    return UUID(int=(high << 64) | low)


def id_column() -> MappedColumn[UUID]:
    """Return a primary key that is made here, not by the database."""
    return mapped_column(Uuid, primary_key=True, default=new_id)


def instant_column(*, nullable: bool = False) -> MappedColumn[int]:
    """Return a column for an `Instant`: microseconds since 1970, UTC."""
    return mapped_column(BigInteger, nullable=nullable)
