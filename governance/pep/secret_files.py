"""Reading files that hold secrets: refused while others on the machine can read or change them, as ssh does.

Who may reach one, and why:

| file | its owner | its group | everybody else |
|---|---|---|---|
| of one program (`alone`): keys, the set-up, what signs | yes | nothing | nothing |
| that two programs share, as `root:forum 0640`: tokens, passwords | yes | may read it | nothing |
| handed by what started this program | root or us | may read it | may read it |

Handed is what lies under `/run/secrets` (Docker, Podman and Swarm mount there, as root and for everybody: 0444) or in
`$CREDENTIALS_DIRECTORY` (systemd; with an access list, which shows as 0440). It was mounted for this container or unit
alone, and only root can put something there. In Kubernetes mount secrets under `/run/secrets`, or with a `defaultMode`.
"""

import os
import shlex
import stat
from io import BufferedReader
from pathlib import Path
from typing import Final

_MOUNTED: Final = Path("/run/secrets")
_CREDENTIALS: Final = "CREDENTIALS_DIRECTORY"
_OTHERS: Final = stat.S_IRWXO
_CHANGE: Final = stat.S_IWGRP | stat.S_IWOTH
_BEYOND_THE_OWNER: Final = stat.S_IRWXG | stat.S_IRWXO
_LARGEST: Final = 1024 * 1024


class ExposedFileError(Exception):
    """Others on this machine can read a secret, or put another one in its place; the message says what to do."""


def read_secret(path: Path, *, alone: bool = False) -> str:
    """Return the text of a file that holds a secret. Raises `ExposedFileError`, `OSError`, `UnicodeDecodeError`.

    `alone`: nobody but this program's account has any business with it.
    """
    with path.open("rb") as file:
        check_unexposed(file, path, alone=alone)
        return file.read(_LARGEST).decode()


def check_unexposed(file: BufferedReader, path: Path, *, alone: bool = False, mode: str = "600") -> None:
    """Raise `ExposedFileError` if others can reach an open file; `mode`: what its owner is told to give it."""
    # THREAT: of the file that is open, not of its name: the name may lead elsewhere in the next moment.
    found = os.fstat(file.fileno())
    if not found.st_mode & (_BEYOND_THE_OWNER if alone else _OTHERS | stat.S_IWGRP) or _is_handed(path, found):
        return
    raise ExposedFileError(
        f"others can read or change {path}, which holds a secret; run `chmod {mode} {shlex.quote(str(path))}`"
    )


def _is_handed(path: Path, found: os.stat_result) -> bool:
    places = [_MOUNTED, *(Path(said) for said in [os.environ.get(_CREDENTIALS)] if said)]
    real = path.resolve()
    lies_there = any(real.is_relative_to(place.resolve()) for place in places)
    return lies_there and found.st_uid in {0, os.geteuid()} and not found.st_mode & _CHANGE
