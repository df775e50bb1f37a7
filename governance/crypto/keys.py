"""One root key, many purposes: a key for one purpose tells nothing of another."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from governance.config.key_set import Epoch, KeySet
from governance.errors import GovernanceError

__all__ = ["Epoch", "EpochGoneError", "KeySet", "Keyring", "hkdf", "length_prefixed"]

_LENGTH: Final = 32


class EpochGoneError(GovernanceError):
    """An epoch's key is not here: retired, or made elsewhere and not brought here."""

    code = "epoch_gone"


def length_prefixed(*parts: str | bytes) -> bytes:
    """Join parts so that no two different lists give the same bytes: "ab","c" is not "a","bc"."""
    encoded = [part.encode() if isinstance(part, str) else part for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)


def hkdf(secret: bytes, info: bytes, *, length: int = _LENGTH, salt: bytes | None = None) -> bytes:
    """Return `length` bytes derived from a secret by HKDF-SHA256. Source: RFC 5869."""
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)


class Keyring:
    """Derives 32-byte keys from the root key, and finds the epochs that wrap data keys."""

    def __init__(self, keys: KeySet, reread: Callable[[], KeySet] | None = None) -> None:
        """Keep the keys; they never leave this object. `reread` asks for them anew when a newer epoch is named."""
        self._keys = keys
        self._reread = reread
        self._asked_for: set[str] = set()
        self._derived = lru_cache(maxsize=4096)(self._derive)

    def __repr__(self) -> str:
        """Show no key."""
        return "Keyring(...)"

    @property
    def newest(self) -> Epoch:
        """The newest epoch that is here."""
        return self._keys.newest

    @property
    def epochs(self) -> tuple[Epoch, ...]:
        """All epochs that are here, oldest first."""
        return self._keys.epochs

    def epoch(self, epoch_id: str) -> Epoch:
        """Return an epoch. Raises `EpochGoneError`.

        One that is not known is looked for once in the place the keys came from: they may have been rotated
        since this process started.
        """
        found = self._keys.epoch(epoch_id)
        if found is None and self._reread is not None and epoch_id not in self._asked_for:
            # Once for each: a broken row must not make every request run a command.
            self._asked_for.add(epoch_id)
            self._adopt(self._reread())
            found = self._keys.epoch(epoch_id)
        if found is None:
            raise EpochGoneError(
                "the key of an epoch is not here: if it was made on another machine, bring the newest key document "
                "here and start again; `governance keys status` lists what is missing"
            )
        return found

    def derive(self, purpose: str, *context: str) -> bytes:
        """Return the key for a purpose and its context, such as a platform's id."""
        return self._derived(purpose, context)

    def bound(self, purpose: str, secret: str) -> bytes:
        """Return a key that needs both: ours for the purpose, and a random secret that somebody else holds.

        Source: RFC 5869, section 3.1: extraction under a secret salt of ours.
        """
        return hkdf(secret.encode(), length_prefixed("governance.v2.bound", purpose), salt=self.derive(purpose))

    def _adopt(self, keys: KeySet) -> None:
        if keys.root != self._keys.root:
            raise EpochGoneError("the keys are another service's now; put the key document of this one back")
        self._keys = keys

    def _derive(self, purpose: str, context: tuple[str, ...]) -> bytes:
        return hkdf(self._keys.root, length_prefixed("governance.v1", purpose, *context))
