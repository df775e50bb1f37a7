"""What a replica is set up with, once: where the service is, who we are there, the keys of the feed. All secret."""

from base64 import urlsafe_b64decode
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from governance.pep.failures import UnansweredError
from governance.pep.strict import load_object
from governance.pep.transport import Address
from governance.pep.wire.codec import WireError
from governance.pep.wire.keys import WireKeys
from governance.pep.wire.signatures import TrustedKeys

_TEXTS: Final = ("service", "client_id", "client_secret", "platform", "accounts", "places", "tokens")


class SetUpError(Exception):
    """The file of the set-up cannot be used; the message says what to do."""


@dataclass(frozen=True, slots=True, repr=False)
class SetUp:
    """Everything a replica must know before its first question."""

    service: str
    client_id: str
    client_secret: str
    platform: str
    keys: WireKeys
    trusted: TrustedKeys

    @classmethod
    def read(cls, path: Path) -> "SetUp":
        """Read the file of the set-up. Raises `SetUpError`."""
        try:
            if path.stat().st_mode & 0o077:
                raise SetUpError(f"others may read {path.name}; run `chmod 600` on it first")
            return cls.of(load_object(path.read_bytes()))
        except OSError as error:
            raise SetUpError(f"{path.name} cannot be read ({error.strerror}); name the file of the set-up") from None
        except UnansweredError:
            raise SetUpError(f"{path.name} is no JSON object; make it anew") from None

    @classmethod
    def of(cls, members: dict[str, object]) -> "SetUp":
        """Return what was written down at set-up. Raises `SetUpError`."""
        found = {name: members.get(name) for name in _TEXTS}
        public = members.get("public_keys")
        if not all(isinstance(value, str) and value for value in found.values()) or not isinstance(public, list):
            raise SetUpError(f"the set-up needs {', '.join(_TEXTS)} as texts, and a list `public_keys`")
        text = {name: str(value) for name, value in found.items()}
        try:
            Address(text["service"])
            keys = WireKeys(*(_bytes(text[name]) for name in ("accounts", "places", "tokens")))
            trusted = TrustedKeys(tuple(_bytes(str(key)) for key in public))
        except (ValueError, WireError) as error:
            raise SetUpError(f"the set-up cannot be used: {error}") from None
        return cls(text["service"], text["client_id"], text["client_secret"], text["platform"], keys, trusted)


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
