"""One way to a database, whichever of the two it is: its address, its engine, its one-writer rule."""

from typing import Any, Final

from sqlalchemy import URL, Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError

from governance.db import failures, postgresql, sqlite
from governance.db.errors import DatabaseUrlError

_PSYCOPG: Final = "postgresql+psycopg"
_DRIVERS: Final = {
    "sqlite": "sqlite",
    "postgres": _PSYCOPG,
    "postgresql": _PSYCOPG,
    _PSYCOPG: _PSYCOPG,
}


def database_url(text: str | URL) -> URL:
    """Return the address as SQLAlchemy must read it; what hosts hand out (`postgres://`) gets its driver's name.

    Raises `DatabaseUrlError`.
    """
    try:
        url = make_url(text)
    except ArgumentError:
        raise _unknown() from None
    driver = _DRIVERS.get(url.drivername)
    if driver is None:
        raise _unknown()
    if driver == _PSYCOPG:
        _require_psycopg()
    return url.set(drivername=driver)


def engine_options(url: URL) -> dict[str, Any]:
    """Return how an engine for this address is made."""
    return {"hide_parameters": True, **(postgresql.options(url) if url.drivername == _PSYCOPG else {})}


def open_engine(text: str | URL) -> Engine:
    """Return an engine that is safe for several writers."""
    url = database_url(text)
    engine = create_engine(url, **engine_options(url))
    prepare(engine)
    return engine


def prepare(engine: Engine) -> None:
    """Make an engine safe for several writers, and its errors fit to be read by anybody."""
    failures.prepare(engine)
    rules = sqlite if engine.dialect.name == "sqlite" else postgresql
    rules.prepare(engine)


def _require_psycopg() -> None:
    try:
        import psycopg  # noqa: F401, PLC0415 - an extra: whoever runs on SQLite need not have it
    except ImportError:
        raise DatabaseUrlError(
            "`GOVERNANCE_DATABASE_URL` names PostgreSQL, whose driver is missing; "
            "run `pip install 'hcp-governance[postgres]'`"
        ) from None


def _unknown() -> DatabaseUrlError:
    return DatabaseUrlError("`GOVERNANCE_DATABASE_URL` must begin with `sqlite:///` or `postgresql://`")
