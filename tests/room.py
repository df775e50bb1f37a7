"""Where tests keep their files: in memory, if there is room.

It proves as much as a disk does. What is killed here are processes, and what they wrote is with the system by then, on
either; nothing that these tests could do takes the power away.
"""

import os
from pathlib import Path
from typing import Final

_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - folders in it are closed
_ENOUGH: Final = 4 * 1024**3
"""Bytes; a whole run needs a tenth of it. Containers often have 64 MiB there."""


def in_memory() -> Path | None:
    """Return a file system in memory, if there is one and it has room for a whole run."""
    if not os.access(_MEMORY, os.W_OK | os.X_OK):
        return None
    told = os.statvfs(_MEMORY)
    return _MEMORY if told.f_bavail * told.f_frsize > _ENOUGH else None
