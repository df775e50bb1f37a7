"""Backups as files: what may be one, and putting one in place whole or not at all."""

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from governance.backup import manifest
from governance.backup.errors import BackupError

_UNFIT: Final = (
    (stat.S_ISLNK, "this is a link; name the backup that it leads to"),
    (stat.S_ISDIR, "this is a folder; name the backup in it"),
    (lambda mode: not stat.S_ISREG(mode), "this is no ordinary file; copy the backup to one"),
)


def require_file(file: Path) -> None:
    """Raise `BackupError` unless a backup can be read here and stays what it is while it is read."""
    backup = manifest.described_by(file)
    if backup is not None:
        raise BackupError(f"this is a manifest, the second file of a backup; name the first one, `{backup.name}`")
    try:
        found = file.lstat()
    except OSError as error:
        if manifest.beside(file).exists():
            raise BackupError(
                f"only the manifest of this backup is here; put its first file, `{file.name}`, beside it"
            ) from None
        raise BackupError(f"the backup cannot be read ({error.strerror}); see that its name is right") from None
    for is_unfit, why in _UNFIT:
        if is_unfit(found.st_mode):
            raise BackupError(why)
    if not found.st_size:
        raise BackupError("the file is empty: whatever made it did not come to its end; use another backup")


def put_both(unfinished: Path, file: Path, signed: bytes) -> None:
    """Give a copy its name and put beside it what it is. Raises `OSError`; then there is neither.

    By links, which unlike a rename never take another file's place. The manifest comes last: a copy without one is
    no backup.
    """
    beside, described = manifest.beside(file), unfinished.with_name(f"{unfinished.name}.manifest")
    made: list[Path] = []
    try:
        _write(described, signed)
        for there, name in ((unfinished, file), (described, beside)):
            name.hardlink_to(there)
            made.append(name)
        sync(file.parent)
    except OSError:
        for name in reversed(made):
            with suppress(OSError):
                name.unlink()
        raise
    finally:
        described.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Return when the disk has a file, or the names in a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(path: Path, data: bytes) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
