"""Where tests keep their files: in memory, if there is room.

It proves as much as a disk does. What is killed here are processes, and what they wrote is with the system by then, on
either; nothing that these tests could do takes the power away.
"""

import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - folders in it are closed
_ENOUGH: Final = 4 * 1024**3
"""Bytes; a whole run needs a tenth of it. Containers often have 64 MiB there."""
_NAME: Final = "governance-tests-"
_DAY: Final = 24 * 3600


def closed_folder() -> Path | None:
    """Make a folder on a file system in memory, if there is one with room for a whole run; else return none."""
    if not os.access(_MEMORY, os.W_OK | os.X_OK):
        return None
    _remove_what_killed_runs_left()
    told = os.statvfs(_MEMORY)
    return Path(tempfile.mkdtemp(prefix=_NAME, dir=_MEMORY)) if told.f_bavail * told.f_frsize > _ENOUGH else None


def _remove_what_killed_runs_left() -> None:
    for folder in _MEMORY.glob(f"{_NAME}*"):
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > _DAY:
                shutil.rmtree(folder, ignore_errors=True)
