"""What every table shares: names of constraints, ids, instants. Plain SQLAlchemy: services import this."""

import secrets
import time
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, MetaData, Uuid
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


def new_id() -> UUID:
    """Return a UUID version 7 (RFC 9562, section 5.7): 48 bits of milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random_bits = secrets.randbits(74)
    high = (milliseconds << 16) | (0x7 << 12) | (random_bits >> 62)
    low = (0b10 << 62) | (random_bits & ((1 << 62) - 1))
    return UUID(int=(high << 64) | low)


def id_column() -> MappedColumn[UUID]:
    """Return a primary key that is made here, not by the database."""
    return mapped_column(Uuid, primary_key=True, default=new_id)


def instant_column(*, nullable: bool = False) -> MappedColumn[int]:
    """Return a column for an `Instant`: microseconds since 1970, UTC."""
    return mapped_column(BigInteger, nullable=nullable)
