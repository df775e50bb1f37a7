"""What a disk or a database that fails is called: one line that says what to do, and no trace of the program.

The errors are known by their names: whoever asks for a page of help loads no database.
"""

import errno
from typing import Final

from governance.db.errors import OUTDATED

_DAMAGED: Final = (
    "the database is damaged, or is none; keep it as it is, and put a backup in its place by `governance restore FILE`"
)
_NO_ROOM: Final = "the disk is full; make room on it, then do it again"
_OTHERS: Final = "the database does not answer; see that it runs, and run `governance config check`"
_OF_DATABASES: Final = (
    ("is not a database", _DAMAGED),
    ("malformed", _DAMAGED),
    ("disk is full", _NO_ROOM),
    ("No space left", _NO_ROOM),
    ("disk I/O error", "the database's disk is full or fails; make room on it or mend it, then do it again"),
    ("readonly database", "the database cannot be written to; run as its owner"),
    ("unable to open", "the database cannot be opened; see that its folder is there, has room, and is yours"),
    ("is locked", "others use the database for too long; do it again in a moment"),
    ("no such table", OUTDATED),
    ('" does not exist', OUTDATED),
)
_FAILED: Final = frozenset({"sqlalchemy.exc.OperationalError", "sqlalchemy.exc.DatabaseError", "sqlite3.DatabaseError"})
_OF_DISKS: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.EIO, errno.EDQUOT})


def in_words(error: Exception) -> str | None:
    """Return what to tell an operator; nothing if it is a fault of the program, whose trace is needed."""
    if isinstance(error, OSError):
        return _of_disk(error)
    # What the driver says is looked at and not told: it may repeat an address with its password.
    said = str(getattr(error, "orig", None) or error)
    told = next((words for sign, words in _OF_DATABASES if sign in said), None)
    kind = type(error)
    if f"{kind.__module__}.{kind.__name__}" in _FAILED:
        return told or _OTHERS
    return told if kind.__module__ == "sqlalchemy.exc" else None


def _of_disk(error: OSError) -> str | None:
    if error.errno == errno.ENOSPC:
        return _NO_ROOM
    if error.errno not in _OF_DISKS or error.filename is None:
        return None
    return f"{error.filename} cannot be read or written ({error.strerror}); run as its owner, on a disk that is whole"
