"""Writing the key file: never half, never over another one, never by two at once."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from governance.config.errors import KeysError
from governance.config.key_set import KeySet

_MODE: Final = 0o400


def create(path: Path, keys: KeySet) -> None:
    """Write a new key file that its owner alone can read. Raises `KeysError` if something is there already."""
    with _alone(path):
        if path.exists() or path.is_symlink():
            raise KeysError("there is a file of this name already; keys are never overwritten, choose another name")
        _put(path, keys)


@contextmanager
def changing(path: Path) -> Iterator["KeyFile"]:
    """Give the key file to one process alone, from reading it to having replaced it.

    Two that each add an epoch of the same name would leave data keys wrapped under one that nobody has.
    Raises `KeysError` where the file's folder cannot be written.
    """
    real = path.resolve()
    with _alone(real):
        yield KeyFile(real)


class KeyFile:
    """A key file that nobody else changes meanwhile; from `changing` alone."""

    def __init__(self, path: Path) -> None:
        """Change the file at this path."""
        self._path = path

    def replace(self, keys: KeySet) -> None:
        """Put other keys in its place: after a crash there are the old ones or the new ones, whole."""
        _put(self._path, keys)


def _put(path: Path, keys: KeySet) -> None:
    beside = path.with_name(f"{path.name}.new")
    try:
        with suppress(FileNotFoundError):
            beside.unlink()  # left by one who was killed; its keys were never used
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE), "w", encoding="ascii") as file:
            file.write(keys.dump())
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        _sync(path.parent)
    except OSError as error:
        raise KeysError(f"the key file cannot be written ({error.strerror}); run as the folder's owner") from None


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    # The folder is locked, not the file: the file is another one once it was replaced.
    try:
        folder = os.open(path.parent, os.O_RDONLY)
    except OSError as error:
        raise KeysError(f"the key file's folder cannot be opened ({error.strerror})") from None
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
