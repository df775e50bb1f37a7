"""Where the key document comes from: a command, a file that its owner alone can read, or text."""

import os
import shlex
import signal
import stat
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Protocol

from governance.config.errors import KeysError
from governance.config.key_set import KeySet
from governance.pep.secret_files import ExposedFileError, check_unexposed

COMMAND: Final = "GOVERNANCE_KEYS_COMMAND"
FILE: Final = "GOVERNANCE_KEYS_FILE"
TEXT: Final = "GOVERNANCE_KEYS"
COMMAND_SECONDS: Final = 20.0
_LARGEST: Final = 64 * 1024
_NONE_SET: Final = (
    f"no keys: `{FILE}`, `{COMMAND}` or `{TEXT}` is not set; run `governance init DIR` and use `--dir DIR`, or set one"
)


class KeysProvider(Protocol):
    """A place that gives the key document whenever it is asked."""

    @property
    def name(self) -> str:
        """What kind of place this is: `command`, `file` or `text`."""

    def read(self) -> KeySet:
        """Return the keys as they are now. Raises `KeysError`."""


class KeysInFile:
    """A file, mode 0400; the only place that we can write ourselves (`governance.config.key_file`)."""

    name = "file"

    def __init__(self, path: Path) -> None:
        """Read from this path; nothing is opened yet."""
        self.path = path

    def read(self) -> KeySet:
        """Return the keys. Raises `KeysError`, also where others than the owner may read them."""
        return KeySet.parse(self._text())

    def _text(self) -> str:
        try:
            with self.path.open("rb") as file:
                mode = os.fstat(file.fileno()).st_mode
                if not stat.S_ISREG(mode):
                    raise KeysError(f"`{FILE}` must name a plain file; make one by `governance keys init FILE`")
                check_unexposed(file, self.path, alone=True, mode="400")
                return file.read(_LARGEST).decode("ascii", errors="replace")
        except ExposedFileError as error:
            raise KeysError(str(error)) from None
        except FileNotFoundError:
            raise KeysError(
                "the key file is gone; put it back from your backup: without it nothing can be read"
            ) from None
        except OSError as error:
            raise KeysError(f"the key file cannot be read ({error.strerror}); run as its owner") from None


class KeysFromCommand:
    """A command that prints the key document, such as the client of a key store."""

    name = "command"

    def __init__(self, command: str, seconds: float = COMMAND_SECONDS) -> None:
        """Run this command, split as a shell would but run without one, for at most `seconds`."""
        self._command = command
        self._seconds = seconds

    def read(self) -> KeySet:
        """Run the command and return what it prints. Raises `KeysError`."""
        return KeySet.parse(self._printed().decode("ascii", errors="replace"))

    def _printed(self) -> bytes:
        try:
            words = shlex.split(self._command)
            process = subprocess.Popen(  # noqa: S603 - the operator's own command
                words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, start_new_session=True
            )
        except (OSError, ValueError, IndexError):
            raise KeysError(f"the command in `{COMMAND}` cannot be run; try it in a shell, then correct it") from None
        with process:
            try:
                printed, _ = process.communicate(timeout=self._seconds)
            except subprocess.TimeoutExpired:
                # With everything it started: a child of it would keep our pipe open.
                os.killpg(process.pid, signal.SIGKILL)
                raise KeysError(
                    f"the command in `{COMMAND}` gave no keys within {self._seconds:g} seconds; try it in a shell"
                ) from None
        if process.returncode or len(printed) > _LARGEST:
            raise KeysError(f"the command in `{COMMAND}` failed (status {process.returncode}); try it in a shell")
        return printed


class KeysInText:
    """The document itself, in a variable: for tests, and for containers that are given nothing else."""

    name = "text"

    def __init__(self, text: str) -> None:
        """Keep the document."""
        self._text = text

    def read(self) -> KeySet:
        """Return the keys. Raises `KeysError`."""
        return KeySet.parse(self._text)


def provider_in(environ: Mapping[str, str], settings: Mapping[str, str]) -> KeysProvider:
    """Return the one place that is set, in the variables or else in the directory's settings.

    Raises `KeysError` if none is, or if two are in the same place: which one counts must not be a guess.
    """
    for values in (environ, settings):
        said = {name: values[name] for name in (COMMAND, FILE, TEXT) if values.get(name)}
        if len(said) > 1:
            raise KeysError(f"{' and '.join(f'`{name}`' for name in said)} are set; keep one of them")
        if said:
            return _provider(*said.popitem())
    raise KeysError(_NONE_SET)


def _provider(name: str, value: str) -> KeysProvider:
    if name == COMMAND:
        return KeysFromCommand(value)
    return KeysInFile(Path(value)) if name == FILE else KeysInText(value)
