"""What a replica is set up with, once: where the service is, who we are there, the keys of the feed. All secret."""

from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from governance.pep.failures import UnansweredError
from governance.pep.secret_files import ExposedFileError, read_secret
from governance.pep.strict import load_object
from governance.pep.tokens import Tokens
from governance.pep.transport import Address, Deadline, Reply
from governance.pep.wire.codec import WireError
from governance.pep.wire.keys import WireKeys
from governance.pep.wire.signatures import TrustedKeys

_TEXTS: Final = ("service", "client_id", "client_secret", "platform")
_KEYS: Final = ("accounts", "places", "tokens")
_SECONDS: Final = 10.0
_WHAT_TO_DO: Final = {
    "unreachable": "{service} does not answer; see that the address is right, and that the service runs",
    "no_token": "{service} gave no token; see that this is the service's address, that the client's id and its secret "
    "are right, and that the client may `feed:read`",
}
_ELSE: Final = (
    "{service} gave no keys ({code}); see that this is the service's address, and that its version is this one's"
)


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
            return cls.of(load_object(read_secret(path, alone=True).encode()))
        except ExposedFileError as error:
            raise SetUpError(str(error)) from None
        except OSError as error:
            raise SetUpError(f"{path.name} cannot be read ({error.strerror}); name the file of the set-up") from None
        except (UnansweredError, UnicodeDecodeError):
            raise SetUpError(f"{path.name} is no JSON object; make it anew") from None

    @classmethod
    def of(cls, members: Mapping[str, object]) -> "SetUp":
        """Return what was written down at set-up. Raises `SetUpError`."""
        found = {name: members.get(name) for name in _TEXTS}
        keys, public = members.get("keys"), members.get("public_keys")
        if not all(isinstance(value, str) and value for value in found.values()) or not isinstance(keys, dict):
            raise SetUpError(f"the set-up needs {', '.join(_TEXTS)} as texts, and `keys`; make it anew")
        if not isinstance(public, list) or not public:
            raise SetUpError("the set-up needs `public_keys`, at least one; make it anew")
        text = {name: str(value) for name, value in found.items()}
        try:
            Address(text["service"])
            wire_keys = WireKeys(*(_bytes(str(keys.get(name))) for name in _KEYS))
            trusted = TrustedKeys(tuple(_bytes(str(key)) for key in public))
        except (ValueError, WireError) as error:
            raise SetUpError(f"the set-up cannot be used: {error}") from None
        return cls(text["service"], text["client_id"], text["client_secret"], text["platform"], wire_keys, trusted)


def fetch(service: str, client_id: str, client_secret: str) -> dict[str, object]:
    """Ask the service, once, for what a replica is set up with; return what is to be written down.

    From then on nothing else is believed, so do this over a way that can be trusted. Raises `SetUpError`.
    """
    try:
        address, deadline = Address(service), Deadline(_SECONDS)
        token = Tokens(address, client_id, client_secret, "feed:read").current(deadline)
        reply = address.get("/v1/feed", {"Authorization": f"Bearer {token}"}, deadline)
        told = _understood(reply)
    except ValueError as error:
        raise SetUpError(str(error)) from None
    except UnansweredError as failure:
        raise SetUpError(_WHAT_TO_DO.get(failure.code, _ELSE).format(service=service, code=failure.code)) from None
    written: dict[str, object] = {"service": service, "client_id": client_id, "client_secret": client_secret}
    written |= {name: told.get(name) for name in ("platform", "keys", "public_keys")}
    SetUp.of(written)
    return written


def _understood(reply: Reply) -> dict[str, object]:
    if reply.status != 200 or not reply.is_json():  # noqa: PLR2004 - HTTP's own number
        raise UnansweredError("not_200")
    return load_object(reply.body)


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
