"""From a forum's own ids to the tokens by which it is sent them: keyed digests, different on every platform.

An id becomes what the service knows it by, with HMAC-SHA256 (RFC 2104) as in the service's own index; that becomes a
token, with keyed BLAKE2b (RFC 7693), told apart by its personalisation. Most of a page of strangers is digests, and
this one costs half as much.

Two forums that lay their bundles side by side find no token twice, because each has keys of its own.
"""

from binascii import b2a_base64
from dataclasses import dataclass, field
from hashlib import blake2b
from struct import Struct
from typing import Final, Literal, NamedTuple

from governance.decision.provisions import Who, WhoKind
from governance.pep.wire.codec import TOKEN_BYTES, WireError
from governance.pep.wire.digests import Digest, keyed

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
    _begun: "_Begun" = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse what can be no key."""
        keys = (self.accounts, self.places, self.tokens)
        if any(len(key) != KEY_BYTES for key in keys):
            raise WireError("a key of the feed has 32 bytes; set the replica up again")
        accounts, places = keyed(self.accounts), keyed(self.places)
        tokens = (_begun_token(self.tokens, what) for what in ("account", "place", "pair"))
        object.__setattr__(self, "_begun", _Begun(accounts, places, *tokens))

    def account(self, account_id: str) -> bytes:
        """Return the token of one of the forum's own accounts; ids are compared as bytes and never folded."""
        token = self._begun.account.copy()
        token.update(_text(self._begun.accounts(_prefixed(account_id))))
        return token.digest()

    def place(self, kind: PlaceKind, place_id: str) -> bytes:
        """Return the token of one of the forum's own communities, threads or posts."""
        return self.place_known(_text(self._begun.places(_prefixed(kind) + _prefixed(place_id))).decode())

    def account_known(self, account_key: str) -> bytes:
        """Return the token of an account, on any platform, by the key the service knows it by."""
        return _token(self._begun.account, account_key)

    def place_known(self, place_key: str) -> bytes:
        """Return the token of a place by the digest the service knows it by."""
        return _token(self._begun.place, place_key)

    def who(self, who: Who) -> bytes:
        """Return the token of whom a line is about, or of a claim: an account, an organisation or a profession."""
        if who.kind is WhoKind.NAMED:
            return self.account_known(who.name)
        return _token(_begun_token(self.tokens, who.kind.value), who.name)

    def pair(self, author: bytes, who: bytes) -> bytes:
        """Return the digest of one author and one `Who` together.

        The same professional named by two patients looks different each time: who has no keys cannot count how often
        somebody is refused.
        """
        pair = self._begun.pair.copy()
        pair.update(author + who)
        return pair.digest()


class _Begun(NamedTuple):
    """Digests that took in their key; each goes on with a copy, which costs a quarter of a new one."""

    accounts: Digest
    places: Digest
    account: blake2b
    place: blake2b
    pair: blake2b


def _begun_token(key: bytes, what: str) -> blake2b:
    return blake2b(key=key, digest_size=TOKEN_BYTES, person=what.encode())


def _token(begun: blake2b, name: str) -> bytes:
    token = begun.copy()
    token.update(name.encode())
    return token.digest()


def _prefixed(part: str) -> bytes:
    """Return a part with its length before it, as the service does: no two different lists give the same bytes."""
    encoded = part.encode()
    return _LENGTH.pack(len(encoded)) + encoded


def _text(digest: bytes) -> bytes:
    """Return a digest in the letters of an address, without the sign that only fills it up."""
    return b2a_base64(digest, newline=False).translate(_OF_AN_ADDRESS, b"=")
