"""Rows that no decision is read from, kept in the journal outside as they are: a restored database has them again.

Such as: which account is whose, who is a professional and who works here. A forum that came back under another id would
bring members for whom nothing was ever refused; staff who were sent away would be staff again.
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.db.base import Base
from governance.ledger.service import journal


class RowKept(msgspec.Struct, frozen=True, tag_field="what", tag="kept"):
    """A row as it was written, or that it was deleted."""

    table: str
    values: dict[str, Any]
    there: bool = True


BroughtBack = Literal["known", "said again", "in the place of another"]


def keep(session: Session, keyring: Keyring, row: Base, *, of: str | None = None) -> None:
    """Write a new or changed row and have the journal keep it, in the caller's transaction.

    `of`: whose key closes it, as `owner_of` names them. Journals are open to nobody without our keys, but of a person
    nothing may open once they are erased.
    """
    session.add(row)
    # The row gets its id, and others refer to it in this transaction.
    session.flush()
    _say(session, keyring, row, of, there=True)


def forget(session: Session, keyring: Keyring, row: Base) -> None:
    """Delete a row and have the journal know which one, in the caller's transaction; what it held is not said again."""
    _say(session, keyring, row, None, there=False)
    session.delete(row)


def bring_back(session: Session, tables: Mapping[str, type[Base]], kept: RowKept) -> BroughtBack:
    """Make a restored database's row what it was at last; another one that is in its place stays.

    Raises `KeyError` if there is no such table, `msgspec.ValidationError` if the values are none of its own.
    """
    model = tables[kept.table]
    values = _values(model, kept.values)
    key = tuple(values[column.name] for column in inspect(model).primary_key)
    row = session.get(model, key)
    if not kept.there:
        return _without(session, row)
    if row is not None and all(getattr(row, name) == value for name, value in values.items()):
        return "known"
    try:
        with session.begin_nested():
            session.merge(model(**values))
            session.flush()
    except IntegrityError:
        return "in the place of another"
    return "said again"


def _without(session: Session, row: Base | None) -> BroughtBack:
    if row is None:
        return "known"
    session.delete(row)
    session.flush()
    return "said again"


def _say(session: Session, keyring: Keyring, row: Base, of: str | None, *, there: bool) -> None:
    names = [column.key for column in row.__table__.columns if there or column.primary_key]
    values = {name: getattr(row, name) for name in names}
    said = RowKept(row.__tablename__, values, there)
    journal(session, keyring, msgspec.json.encode(said), of=of)


def _values(model: type[Base], said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was read as the values of a row; columns that the table got or lost since are left out."""
    types = {column.key: column.type.python_type for column in model.__table__.columns}
    return {name: msgspec.convert(value, types[name] | None) for name, value in said.items() if name in types}
