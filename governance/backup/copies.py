"""Taking a backup and proving it: nothing is called a backup that was not read back and found whole."""

import os
import shlex
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from typing import Final

from sqlalchemy import URL

from governance.backup import manifest, postgresql, sqlite
from governance.backup.errors import BackupError
from governance.backup.files import put_both, require_file
from governance.backup.manifest import Manifest
from governance.backup.sqlite import Progress
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.ui.clock import to_datetime

_UNFINISHED: Final = ".unfinished"


def place_for(target: Path, now: Instant) -> Path:
    """Return the file of a new backup: the one named, or one with its time in the folder named.

    Raises `BackupError` if something is there.
    """
    moment: datetime = to_datetime(now).astimezone(UTC)
    file = target / f"governance-{moment:%Y%m%dT%H%M%SZ}.backup" if target.is_dir() else target
    if manifest.described_by(file) is not None:
        raise BackupError("the second file of a backup is called so; choose a name that does not end in `.manifest`")
    if any(os.path.lexists(there) for there in (file, manifest.beside(file))):
        raise BackupError("there is a file of this name already; backups are never overwritten, choose another name")
    return file


def take(url: URL, keyring: Keyring, file: Path, now: Instant, progress: Progress) -> Manifest:
    """Copy the database to a new file while others write, prove the copy, sign what it is. Raises `BackupError`."""
    unfinished = file.with_name(f".{file.name}{_UNFINISHED}")
    try:
        # Whoever else makes a backup of this name now fails here.
        os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise BackupError(_why_not(unfinished, error)) from None
    try:
        made = _copied(url, keyring, unfinished, now, progress)
        put_both(unfinished, file, manifest.signed(keyring, made))
    except OSError as error:
        raise BackupError(f"the backup cannot be written ({error.strerror}); nothing was kept of it") from None
    finally:
        sqlite.remove(unfinished)
    return made


def _why_not(unfinished: Path, error: OSError) -> str:
    folder = unfinished.parent
    if isinstance(error, FileExistsError):
        return f"a backup of this name is being made, or was interrupted; if nobody makes one, delete {unfinished}"
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return f"there is no folder {folder}; make it by `mkdir -p {shlex.quote(str(folder))}`, or name another one"
    return f"nothing can be written to {folder} ({error.strerror}); name another folder, or run as its owner"


def described(keyring: Keyring, file: Path) -> Manifest:
    """Return what a backup's manifest says, of an ordinary file that has one of ours. Raises `BackupError`."""
    require_file(file)
    return manifest.read(keyring, file)


def verify(keyring: Keyring, file: Path) -> Manifest:
    """Return the manifest of a backup that is whole, to the last byte. Raises `BackupError`."""
    found = described(keyring, file)
    try:
        require_same(found, file)
        _proven(found, file, keyring)
    except OSError as error:
        raise BackupError(f"the backup cannot be read ({error.strerror})") from None
    return found


def require_same(found: Manifest, file: Path) -> None:
    """Raise `BackupError` unless a file is, to the last byte, what a manifest describes."""
    if _digest(file) != found.sha256:
        raise BackupError("the backup was changed or damaged since it was made; use another one")


def _copied(url: URL, keyring: Keyring, to: Path, now: Instant, progress: Progress) -> Manifest:
    if url.drivername.startswith("sqlite"):
        sqlite.copy(url, to, progress)
        contents = sqlite.contents(to, keyring)
        return Manifest(1, "sqlite", now, _digest(to), contents)
    contents = postgresql.copy(url, to, keyring)
    postgresql.check(to, contents)
    return Manifest(1, "postgresql", now, _digest(to), contents)


def _proven(found: Manifest, file: Path, keyring: Keyring) -> None:
    if found.database == "postgresql":
        postgresql.check(file, found.contents)
    elif sqlite.contents(file, keyring) != found.contents:
        raise BackupError("the backup does not hold what its manifest says; use another one")


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()
