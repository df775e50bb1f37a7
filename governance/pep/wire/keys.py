"""From a forum's own ids to the tokens by which it is sent them: keyed digests, different on every platform.

Two forums that lay their bundles side by side find no token twice, because each has keys of its own.
"""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Final, Literal

from governance.decision.provisions import Who, WhoKind
from governance.pep.wire.codec import TOKEN_BYTES, WireError

PlaceKind = Literal["community", "thread", "post"]
KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True, repr=False)
class WireKeys:
    """A platform's three keys, got when the replica is set up and kept as secret as the client's password."""

    accounts: bytes
    """From an id of an account to the key by which the service knows it."""
    places: bytes
    """From an id of a community, thread or post likewise."""
    tokens: bytes
    """From what the service knows somebody by to what is sent."""

    def __post_init__(self) -> None:
        """Refuse what can be no key."""
        if any(len(key) != KEY_BYTES for key in (self.accounts, self.places, self.tokens)):
            raise WireError("a key of the feed has 32 bytes; set the replica up again")

    def account(self, account_id: str) -> bytes:
        """Return the token of one of the forum's own accounts; ids are compared as bytes and never folded."""
        return self.account_known(_text(hmac.digest(self.accounts, _joined(account_id), "sha256")))

    def place(self, kind: PlaceKind, place_id: str) -> bytes:
        """Return the token of one of the forum's own communities, threads or posts."""
        return self.place_known(_text(hmac.digest(self.places, _joined(kind, place_id), "sha256")))

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
        return hmac.digest(self.tokens, b"pair" + author + who, "sha256")[:TOKEN_BYTES]

    def _token(self, kind: str, name: str) -> bytes:
        return hmac.digest(self.tokens, _joined(kind, name), "sha256")[:TOKEN_BYTES]


def _joined(*parts: str) -> bytes:
    """Join parts so that no two different lists give the same bytes; the service does it in the same way."""
    encoded = [part.encode() for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)


def _text(digest: bytes) -> str:
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
