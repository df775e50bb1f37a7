"""SQLite as it must be set up to lose nothing. The driver's own defaults lose updates without an error."""

from sqlite3 import Connection as SqliteConnection
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection


def prepare(engine: Engine) -> None:
    """Make an engine safe for several writers; does nothing to other databases than SQLite."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)


def _on_connect(connection: SqliteConnection, _record: Any) -> None:  # noqa: ANN401 - SQLAlchemy's record has no public type
    # The driver must not begin transactions by itself: it begins them too late, after the first read.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "secure_delete=ON",
        "foreign_keys=ON",
        "busy_timeout=10000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: Connection) -> None:
    # A reader that turns writer under a plain BEGIN fails or overwrites; IMMEDIATE takes its turn first.
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
