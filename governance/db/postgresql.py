"""PostgreSQL with the meaning that SQLite has here: one writer at a time, readers on a snapshot, nothing lost."""

import select
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import URL, Engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DisconnectionError

from governance.db.errors import DatabaseUrlError

if TYPE_CHECKING:
    from psycopg import Connection as Psycopg

WRITERS: Final = 0x676F7665726E
"""The lock that every writing transaction takes first. Locks belong to one database: the number need only be ours."""

_SETTINGS: Final = {
    # An answer must survive the loss of the primary, and be seen by every standby that counts.
    "synchronous_commit": "remote_apply",
    "lock_timeout": "10s",
    # A stalled writer would keep all others waiting.
    "idle_in_transaction_session_timeout": "30s",
}
_NETWORK: Final = {
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
    "application_name": "governance",
}
_CONNECTIONS: Final = 15
"""Of one process; more than the threads it serves with."""


def options(url: URL) -> dict[str, Any]:
    """Return how an engine for this address is made; what the address itself says of the network wins."""
    return {
        "pool_size": _CONNECTIONS,
        "max_overflow": 0,
        "pool_timeout": 10,
        "connect_args": {name: value for name, value in _NETWORK.items() if name not in url.query},
    }


def prepare(engine: Engine) -> None:
    """Set up every connection, and let writers take turns."""
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "checkout", _on_checkout)
    event.listen(engine, "begin", _on_begin)


def _on_connect(connection: "Psycopg", _record: Any) -> None:  # noqa: ANN401 - SQLAlchemy's record has no public type
    if connection.info.parameter_status("server_encoding") != "UTF8":
        connection.close()
        raise DatabaseUrlError(
            "this database cannot hold every character; "
            "make one by `createdb --template=template0 --encoding=UTF8 NAME`"
        )
    _set(connection, _SETTINGS)


def _set(connection: "Psycopg", settings: Mapping[str, str]) -> None:
    connection.autocommit = True
    calls = ", ".join("set_config(%s, %s, false)" for _ in settings)
    connection.execute(f"SELECT {calls}", [word for pair in settings.items() for word in pair])
    connection.autocommit = False


def _on_checkout(connection: "Psycopg", *_: Any) -> None:  # noqa: ANN401 - SQLAlchemy's records have no public type
    """Leave a connection that the server has closed, without asking it: it speaks unasked to say goodbye alone."""
    listening = select.poll()
    listening.register(connection.fileno(), select.POLLIN)
    if listening.poll(0):
        raise DisconnectionError


def _on_begin(connection: Connection) -> None:
    from psycopg import IsolationLevel  # noqa: PLC0415 - an extra: whoever runs on SQLite need not have it

    driver: Psycopg = connection.connection.driver_connection  # type: ignore[assignment]
    read_only = connection.get_execution_options().get("read_only", False)
    # INVARIANT: a writer's snapshot begins after its turn has come. Under REPEATABLE READ it would be taken
    # by the statement that waits for the lock, and the writer would overwrite what it waited for.
    level = IsolationLevel.REPEATABLE_READ if read_only else IsolationLevel.READ_COMMITTED
    # The driver says this in its own BEGIN: no round trip more.
    if (driver.isolation_level, driver.read_only) != (level, read_only):
        driver.isolation_level, driver.read_only = level, read_only
    if not read_only:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS})").close()
