"""SQLite as it must be set up to lose nothing. The driver's own defaults lose updates without an error."""

from sqlite3 import Connection as SqliteConnection
from typing import Any, Final

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection

from governance.db.failures import refuse_nul

_PRAGMAS: Final = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
    "foreign_keys=ON",
    "busy_timeout=10000",
)


def prepare(engine: Engine) -> None:
    """Set up every connection, and let writers take turns."""
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    # PostgreSQL refuses this character by itself; what one database stores must fit into the other.
    event.listen(engine, "before_cursor_execute", refuse_nul)


def _on_connect(connection: SqliteConnection, _record: Any) -> None:  # noqa: ANN401 - SQLAlchemy's record has no public type
    # The driver must not begin transactions by itself: it begins them too late, after the first read.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: Connection) -> None:
    # A reader that turns writer under a plain BEGIN fails or overwrites; IMMEDIATE takes its turn first.
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
