"""The queries of the audit: whole tables in their order, a thousand rows in memory at once."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final, cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from governance.effective.models import AccountVersion, Fragment, GovernedAccount, InForce

_AT_ONCE: Final = 1_000
Placed = Iterator[tuple[Any, Any]]
"""A key, and the row or the rows that stand under it; the keys come in their order."""


def rows(session: Session) -> Placed:
    """Yield every row in force under its kind and subject."""
    return (((row.kind, row.subject), row) for row in _streamed(session, InForce))


def fragments(session: Session) -> Placed:
    """Yield everything that was said about a subject, under its kind and subject."""
    grouped = groupby(_streamed(session, Fragment), key=lambda one: (one.kind, one.subject))
    return ((key, list(group)) for key, group in grouped)


def accounts(session: Session) -> Placed:
    """Yield every account under its key."""
    return ((row.key, row) for row in _streamed(session, GovernedAccount))


def account_versions(session: Session) -> Placed:
    """Yield everything that an account was ever bound to, under its key."""
    grouped = groupby(_streamed(session, AccountVersion), key=lambda one: one.key)
    return ((key, list(group)) for key, group in grouped)


def _streamed(session: Session, model: type[Any]) -> Iterator[Any]:
    """Yield a table by its primary key, which both databases order by its bytes, as Python does."""
    table = cast("Table", model.__table__)
    yield from session.execute(select(table).order_by(*table.primary_key).execution_options(yield_per=_AT_ONCE))
