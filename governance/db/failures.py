"""What the database says when it fails, without what people wrote.

`hide_parameters` keeps values out of SQLAlchemy's own words; the driver's go on quoting them:
"Key (key)=(...) already exists", "Failing row contains (...)".
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import structlog
from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection, ExceptionContext

from governance.errors import BadInputError, GovernanceError

_DOES_NOT_FIT: Final = frozenset({"22001", "22003"})
"""SQLSTATE: too long a text, too large a number."""
_LOCK_NOT_AVAILABLE: Final = "55P03"
"""SQLSTATE of a lock that was waited for too long."""
_SQLITE_BUSY: Final = 5
_POOLS: Final = "sqlalchemy.pool"
_log = structlog.get_logger()


class BusyError(GovernanceError):
    """A writer did not get its turn in time: its transaction did not begin, or ends without a trace."""

    code = "busy"


class _InALine(logging.Handler):
    """Tells of a connection that broke while nobody used it: in one line, without the trace and the address."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write what the pool says, but for what it would fill in."""
        error = record.exc_info[1] if record.exc_info else None
        what = str(record.msg).partition(" %")[0]
        _log.error("connection_lost", what=what, error=cause_of(error) if isinstance(error, Exception) else None)


def prepare(engine: Engine) -> None:
    """Let no error of this engine carry a value."""
    engine.hide_parameters = True
    event.listen(engine, "handle_error", _hide_values)
    pools = logging.getLogger(_POOLS)
    if not any(isinstance(handler, _InALine) for handler in pools.handlers):
        pools.addHandler(_InALine(logging.ERROR))
        pools.propagate = False


def cause_of(error: Exception) -> str:
    """Return what a log may say: an error's class, and the database's own word for what happened: `SQLITE_FULL`.

    Neither quotes what a person wrote, as messages and tracebacks do.
    """
    original = getattr(error, "orig", error)
    word = getattr(original, "sqlite_errorname", None) or getattr(original, "sqlstate", None)
    return " ".join(filter(None, (type(error).__qualname__, word)))


def refuse_nul(connection: Connection, _cursor: object, _statement: str, parameters: object, *_: object) -> None:
    """Raise `BadInputError` if a text to be written holds NUL, which SQLite would keep and PostgreSQL cannot."""
    if not connection.get_execution_options().get("read_only") and _has_nul(parameters):
        raise _not_storable()


def _hide_values(context: ExceptionContext) -> None:
    error = context.original_exception
    if _is_busy(context):
        raise BusyError("nothing was saved, because others were saving for too long; try again in a moment") from None
    if isinstance(error, UnicodeEncodeError) or _has_nul(context.parameters):
        raise _not_storable() from None
    if isinstance(error, OverflowError) or getattr(error, "sqlstate", None) in _DOES_NOT_FIT:
        raise BadInputError("a value is too long or too large to be stored") from None
    if context.connection is not None and getattr(error, "diag", None) is not None:
        _rewrite(context, _named(error))


def _is_busy(context: ExceptionContext) -> bool:
    error = context.original_exception
    if context.statement is None:
        # Of a commit nobody may be told that it saved nothing.
        return False
    # SQLite says in the higher bits what kept it.
    busy = getattr(error, "sqlite_errorcode", 0) & 0xFF == _SQLITE_BUSY
    return busy or getattr(error, "sqlstate", None) == _LOCK_NOT_AVAILABLE


def _rewrite(context: ExceptionContext, message: str) -> None:
    """Change what both errors say: a traceback shows the one inside the other."""
    context.original_exception.args = (message,)
    if context.sqlalchemy_exception is not None:
        context.sqlalchemy_exception.args = (message,)


def _named(error: Any) -> str:  # noqa: ANN401 - psycopg's error, which need not be installed
    """Return the class of an error and what the schema calls the thing that it is about."""
    parts = (error.sqlstate, error.diag.table_name, error.diag.column_name, error.diag.constraint_name)
    return " ".join([type(error).__name__, *(part for part in parts if part)])


def _has_nul(parameters: object) -> bool:
    return any("\0" in text for text in _texts(parameters))


def _not_storable() -> BadInputError:
    return BadInputError("a text holds half of a character or the character NUL, which cannot be stored")


def _texts(value: object) -> Iterator[str]:
    """Give every text among the parameters of one statement or of many."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _texts(list(value.values()))
    elif isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        for member in value:
            yield from _texts(member)
