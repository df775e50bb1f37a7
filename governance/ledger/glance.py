"""The ledger's head as it is this instant, asked for with every page: past all of SQLAlchemy that can be spared."""

from collections import deque
from contextlib import closing, suppress
from typing import Any

from sqlalchemy import Engine, QueuePool, event

from governance.ledger.models import HeadRow, plain_head


class Glance:
    """Reads the head of one database by its driver alone. Threads may share it.

    On SQLite by connections of its own, as many as threads ever looked at once: to borrow one of the pool and give it
    back costs three times the statement. On PostgreSQL they would come on top of what its operator counted with.
    """

    def __init__(self, engine: Engine) -> None:
        """Look by this engine."""
        self._engine = engine
        self._statement = plain_head(engine.dialect)
        # Whatever else a pool is, a database in memory is its one connection.
        self._own = engine.dialect.name == "sqlite" and isinstance(engine.pool, QueuePool)
        self._idle: deque[Any] = deque()
        self._disposed = 0
        event.listen(engine, "engine_disposed", self._end)

    def head(self) -> HeadRow | None:
        """Return the head. Raises the driver's own errors."""
        if not self._own:
            with closing(self._engine.raw_connection()) as borrowed:
                return self._read(borrowed)
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._engine.raw_connection()
            connection.detach()
        disposed = self._disposed
        try:
            row = self._read(connection)
        except BaseException:
            # The pool has forgotten it, so nobody else closes it; the next one looks by a new one.
            connection.close()
            raise
        self._idle.append(connection)
        if self._disposed != disposed:
            # Who disposed of the engine meanwhile did not see this one among the idle.
            self._close()
        return row

    def _read(self, connection: Any) -> HeadRow | None:  # noqa: ANN401 - a driver's connection
        cursor = connection.cursor()
        cursor.execute(self._statement)
        row = cursor.fetchone()
        cursor.close()
        return None if row is None else HeadRow._make(row)

    def _end(self, _engine: Engine) -> None:
        self._disposed += 1
        self._close()

    def _close(self) -> None:
        # Two threads may do this at once: the last one of them finds nothing.
        with suppress(IndexError):
            while True:
                self._idle.pop().close()
