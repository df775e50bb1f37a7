"""From a forum's own ids to the tokens by which it is sent them: keyed digests, different on every platform.

Two forums that lay their bundles side by side find no token twice, because each has keys of its own.
"""

import hmac
from binascii import b2a_base64
from dataclasses import dataclass, field
from struct import Struct
from typing import Final, Literal

from governance.decision.provisions import Who, WhoKind
from governance.pep.wire.codec import TOKEN_BYTES, WireError

PlaceKind = Literal["community", "thread", "post"]
KEY_BYTES: Final = 32
_LENGTH: Final = Struct(">I")
_OF_AN_ADDRESS: Final = bytes.maketrans(b"+/", b"-_")


@dataclass(frozen=True, slots=True, repr=False)
class WireKeys:
    """A platform's three keys, got when the replica is set up and kept as secret as the client's password."""

    accounts: bytes
    """From an id of an account to the key by which the service knows it."""
    places: bytes
    """From an id of a community, thread or post likewise."""
    tokens: bytes
    """From what the service knows somebody by to what is sent."""
    _begun: tuple[hmac.HMAC, hmac.HMAC, hmac.HMAC] = field(init=False, repr=False, compare=False)
    """Each key taken in once: a digest goes on with a copy, which spares a page of strangers a third of its digests."""

    def __post_init__(self) -> None:
        """Refuse what can be no key."""
        keys = (self.accounts, self.places, self.tokens)
        if any(len(key) != KEY_BYTES for key in keys):
            raise WireError("a key of the feed has 32 bytes; set the replica up again")
        accounts, places, tokens = (hmac.new(key, digestmod="sha256") for key in keys)
        object.__setattr__(self, "_begun", (accounts, places, tokens))

    def account(self, account_id: str) -> bytes:
        """Return the token of one of the forum's own accounts; ids are compared as bytes and never folded."""
        return self.account_known(_text(_digest(self._begun[0], _joined(account_id))))

    def place(self, kind: PlaceKind, place_id: str) -> bytes:
        """Return the token of one of the forum's own communities, threads or posts."""
        return self.place_known(_text(_digest(self._begun[1], _joined(kind, place_id))))

    def account_known(self, account_key: str) -> bytes:
        """Return the token of an account, on any platform, by the key the service knows it by."""
        return self._token("account", account_key)

    def place_known(self, place_key: str) -> bytes:
        """Return the token of a place by the digest the service knows it by."""
        return self._token("place", place_key)

    def who(self, who: Who) -> bytes:
        """Return the token of whom a line is about, or of a claim: an account, an organisation or a profession."""
        return self.account_known(who.name) if who.kind is WhoKind.NAMED else self._token(who.kind.value, who.name)

    def pair(self, author: bytes, who: bytes) -> bytes:
        """Return the digest of one author and one `Who` together.

        The same professional named by two patients looks different each time: who has no keys cannot count how often
        somebody is refused.
        """
        return _digest(self._begun[2], b"pair" + author + who)[:TOKEN_BYTES]

    def _token(self, kind: str, name: str) -> bytes:
        return _digest(self._begun[2], _joined(kind, name))[:TOKEN_BYTES]


def _digest(begun: hmac.HMAC, message: bytes) -> bytes:
    going_on = begun.copy()
    going_on.update(message)
    return going_on.digest()


def _joined(*parts: str) -> bytes:
    """Join parts so that no two different lists give the same bytes; the service does it in the same way."""
    joined = b""
    for part in parts:
        encoded = part.encode()
        joined += _LENGTH.pack(len(encoded)) + encoded
    return joined


def _text(digest: bytes) -> str:
    """Return a digest in the letters of an address, without the sign that only fills it up."""
    return b2a_base64(digest, newline=False).translate(_OF_AN_ADDRESS, b"=").decode()
