"""What somebody knows, as a key: Argon2id, at most two at once, so that no crowd can take the memory of a process.

Source: RFC 9106; its second choice of parameters with 64 MiB.
"""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from unicodedata import normalize

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from governance.crypto.envelope import EnvelopeError, seal, unseal
from governance.errors import BadInputError, GovernanceError

SHORTEST: Final = 15
"""Signs. What protects reports from whoever carries everything else away has to stand long guessing."""
_LONGEST: Final = 512
_FEWEST_DIFFERENT: Final = 6
_VERSION: Final = b"\x01"
_SALT_BYTES: Final = 16
_KEY_BYTES: Final = 32
_MEMORY_KIB: Final = 64 * 1024
_PASSES: Final = 3
_LANES: Final = 1
_AT_ONCE: Final = 2
_QUEUE: Final = 8
_KEY_ID: Final = "p1"


class WrongPassphraseError(GovernanceError):
    """A passphrase does not open what it was typed for."""

    code = "wrong_passphrase"


class WeakPassphraseError(BadInputError):
    """A passphrase that somebody wants is too short, or says the same over and over."""

    code = "weak_passphrase"


class TooManyPassphrasesError(GovernanceError):
    """Too many passphrases are being tried at this moment."""

    code = "too_many_passphrases"


class Turns:
    """Who may derive now, who waits, and who is sent away."""

    def __init__(self, at_once: int, queue: int) -> None:
        """Let so many in at once, and so many wait."""
        self._working = threading.Semaphore(at_once)
        self._places = threading.Semaphore(at_once + queue)

    @contextmanager
    def one(self) -> Iterator[None]:
        """Give a turn. Raises `TooManyPassphrasesError` at once where too many wait."""
        if not self._places.acquire(blocking=False):
            raise TooManyPassphrasesError(
                "too many people are typing a passphrase just now; try again in a few seconds"
            )
        try:
            with self._working:
                yield
        finally:
            self._places.release()


_turns: Final = Turns(_AT_ONCE, _QUEUE)


def check_new(passphrase: str) -> None:
    """Look at a passphrase that somebody wants. Raises `WeakPassphraseError`."""
    plain = _plain(passphrase)
    if not SHORTEST <= len(plain) <= _LONGEST or len(set(plain)) < _FEWEST_DIFFERENT:
        raise WeakPassphraseError(
            "choose a passphrase of at least 15 signs, such as five words that have nothing in common"
        )


def wrap(passphrase: str, secret: bytes, *place: str) -> bytes:
    """Return a secret that this passphrase alone opens, at this place. Raises `TooManyPassphrasesError`."""
    salt = secrets.token_bytes(_SALT_BYTES)
    return _VERSION + salt + seal(_derive(passphrase, salt), secret, *place, key_id=_KEY_ID)


def unwrap(passphrase: str, wrapped: bytes, *place: str) -> bytes:
    """Open what `wrap` made. Raises `WrongPassphraseError`, `TooManyPassphrasesError`."""
    salt, sealed = wrapped[1 : 1 + _SALT_BYTES], wrapped[1 + _SALT_BYTES :]
    if wrapped[:1] != _VERSION:
        raise _wrong()
    try:
        return unseal(_derive(passphrase, salt), sealed, *place, key_id=_KEY_ID)
    except EnvelopeError:
        raise WrongPassphraseError("this passphrase does not open it; look at it and try again") from None


def _derive(passphrase: str, salt: bytes) -> bytes:
    plain = _plain(passphrase)
    if len(plain) > _LONGEST:
        raise _wrong()
    with _turns.one():
        argon = Argon2id(salt=salt, length=_KEY_BYTES, iterations=_PASSES, lanes=_LANES, memory_cost=_MEMORY_KIB)
        return argon.derive(plain.encode())


def _wrong() -> WrongPassphraseError:
    return WrongPassphraseError("this passphrase does not open it; look at it and try again")


def _plain(passphrase: str) -> str:
    """Two keyboards write one letter in two ways; blanks around it come from copying."""
    return normalize("NFKC", passphrase).strip()
