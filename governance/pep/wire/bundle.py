"""Everything that a platform's decisions rest on, in one signed piece.

    magic, header
    places       the strictest room and whether the forum is suspended, then token and record of each community
    emergency    whom to call, as JSON
    choices      lists of lines that many authors have, each once
    records      authors' records, each once; they name their choices by number
    accounts     12 bytes each, ascending: token, number of the record
    governed     token and record of each governed account
    signature    Ed25519 over the SHA-256 of all before it

Every section begins with its length in bytes. Accounts have one length and stand in the order of their tokens, so a
replica looks one up where it lies.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from governance.decision.facts import Room
from governance.decision.vocabulary import Instant
from governance.pep.failures import UnansweredError
from governance.pep.strict import load, load_object
from governance.pep.wire.codec import SIGNATURE_BYTES, TOKEN_BYTES, Reader, WireError, Writer
from governance.pep.wire.governed import GovernedRecord
from governance.pep.wire.lines import WireLine
from governance.pep.wire.people import AuthorRecord
from governance.pep.wire.places import CommunityRecord, EmergencyLine, Whole

if TYPE_CHECKING:
    # Only who hands the keys in needs the package behind them.
    from governance.pep.wire.signatures import TrustedKeys

MAGIC: Final = b"HCPGOV2\n"
MEDIA_TYPE: Final = "application/vnd.hcp-governance.bundle"
ACCOUNT_BYTES: Final = TOKEN_BYTES + 4
_LENGTH: Final = 8


@dataclass(frozen=True, slots=True)
class Header:
    """What a bundle is.

    Times that change nothing before `expires` are not told: until then it can be used, with the changes since; after
    it another one is needed. `issued` is the service's clock.
    """

    platform: str
    epoch: str
    revision: int
    issued: Instant
    expires: Instant
    key_id: str
    accounts: int
    governed: int

    def encode(self) -> bytes:
        """Return its bytes."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":")).encode()

    @classmethod
    def decode(cls, data: bytes) -> "Header":
        """Return the header. Raises `WireError`."""
        members = members_of(data, {"platform": str, "epoch": str, "key_id": str}, _NUMBERS)
        # `members_of` looked at the type of each.
        return cls(**members)  # type: ignore[arg-type]


_NUMBERS: Final = ("revision", "issued", "expires", "accounts", "governed")


def members_of(data: bytes, kinds: dict[str, type], numbers: Iterable[str]) -> dict[str, object]:
    """Return the members of a JSON object that has exactly these. Raises `WireError`."""
    wanted = kinds | dict.fromkeys(numbers, int)
    try:
        members = load_object(data)
    except UnansweredError as error:
        raise WireError("not the JSON that was expected") from error
    # INVARIANT: `type`, not `isinstance`: True is an int to Python, and must not stand for a revision.
    if members.keys() != wanted.keys() or any(type(members[name]) is not kind for name, kind in wanted.items()):
        raise WireError("not the members that were expected")
    return members


@dataclass(frozen=True, slots=True)
class Places:
    """The places of a platform, by token in hexadecimal."""

    strictest: Room
    communities: dict[str, CommunityRecord]
    suspended: bool = False

    def encode(self) -> bytes:
        """Return their bytes."""
        to = Writer()
        Whole(self.strictest, self.suspended).write(to)
        to.number(len(self.communities))
        for token, community in sorted(self.communities.items()):
            record = community.encode()
            to.token(bytes.fromhex(token))
            to.number(len(record))
            to.raw(record)
        return to.done()

    @classmethod
    def decode(cls, data: bytes) -> "Places":
        """Return them. Raises `WireError`."""
        source = Reader(data)
        whole = Whole.read(source)
        found = {}
        for _ in range(source.number()):
            token = source.token().hex()
            found[token] = CommunityRecord.decode(source.raw(source.number()))
        source.end()
        return cls(whole.strictest, found, whole.suspended)


class Numbered:
    """A list in which everything stands once; the position is its number."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._numbers: dict[bytes, int] = {}

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._numbers)

    def number(self, record: bytes) -> int:
        """Return the number of a record, which is put at the end if it is new."""
        return self._numbers.setdefault(record, len(self._numbers))

    def encode(self) -> bytes:
        """Return how many there are, and each with its length."""
        return _list(self._numbers)

    def sorted(self) -> bytes:
        """Return the same in the order of their bytes; numbers mean nothing then."""
        return _list(sorted(self._numbers))


def _list(records: Collection[bytes]) -> bytes:
    to = Writer()
    to.number(len(records))
    for record in records:
        to.number(len(record))
        to.raw(record)
    return to.done()


def encode_choices(choices: tuple[WireLine, ...]) -> bytes:
    """Return a list of lines as it stands among a bundle's choices."""
    to = Writer()
    to.each(choices, lambda to, line: line.write(to))
    return to.done()


def encode_emergency(lines: Iterable[EmergencyLine]) -> bytes:
    """Return whom to call, as it stands in a bundle."""
    return json.dumps([asdict(line) for line in lines], ensure_ascii=False).encode()


class BundleWriter:
    """Puts a bundle's pieces in their order, and knows the digest that is signed."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._digest = sha256()

    def head(self, header: Header) -> bytes:
        """Return the first bytes."""
        return self._counted(MAGIC) + self.section([header.encode()])

    def section(self, parts: list[bytes]) -> bytes:
        """Return a section made of parts."""
        return self._counted(b"".join([sum(map(len, parts)).to_bytes(_LENGTH, "big"), *parts]))

    def digest(self) -> bytes:
        """Return the SHA-256 of everything so far; sign it and put the signature behind it."""
        return self._digest.digest()

    def _counted(self, data: bytes) -> bytes:
        self._digest.update(data)
        return data


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that the service signed. `accounts` is the section as it lies, see `ACCOUNT_BYTES`."""

    header: Header
    places: Places
    emergency: tuple[EmergencyLine, ...]
    choices: tuple[tuple[WireLine, ...], ...]
    records: tuple[bytes, ...]
    accounts: bytes
    governed: dict[str, GovernedRecord]

    def author(self, number: int) -> AuthorRecord:
        """Return the record of a number. Raises `WireError`."""
        if number >= len(self.records):
            raise WireError("a record that was not sent")
        return AuthorRecord.decode(self.records[number], self.choices)


def open_bundle(data: bytes, trusted: "TrustedKeys") -> Bundle:
    """Return the bundle that the service signed. Raises `WireError` for anything else, before any of it is used."""
    signed, signature = data[:-SIGNATURE_BYTES], data[-SIGNATURE_BYTES:]
    source = Reader(signed)
    if source.raw(len(MAGIC)) != MAGIC:
        raise WireError("no bundle that this program reads")
    header = Header.decode(_section(source))
    trusted.check("bundle", header.key_id, sha256(signed).digest(), signature)
    places = Places.decode(_section(source))
    emergency = tuple(_emergency(_section(source)))
    choices = tuple(_choices(one) for one in _listed(_section(source)))
    records = tuple(_listed(_section(source)))
    accounts = _section(source)
    governed = dict(_governed(_section(source)))
    source.end()
    if (len(accounts), len(governed)) != (header.accounts * ACCOUNT_BYTES, header.governed):
        raise WireError("not as many accounts as its header says")
    return Bundle(header, places, emergency, choices, records, accounts, governed)


def _section(source: Reader) -> bytes:
    return source.raw(int.from_bytes(source.raw(_LENGTH), "big"))


def _listed(data: bytes) -> Iterator[bytes]:
    source = Reader(data)
    for _ in range(source.number()):
        yield source.raw(source.number())
    source.end()


def _choices(data: bytes) -> tuple[WireLine, ...]:
    source = Reader(data)
    lines = source.each(WireLine.read)
    source.end()
    return lines


def _governed(data: bytes) -> Iterator[tuple[str, GovernedRecord]]:
    for record in _listed(data):
        yield record[:TOKEN_BYTES].hex(), GovernedRecord.decode(record[TOKEN_BYTES:])


def _emergency(data: bytes) -> Iterator[EmergencyLine]:
    try:
        lines = load(data)
        yield from (EmergencyLine(**line) for line in lines)  # type: ignore[attr-defined]
    except (UnansweredError, TypeError) as error:
        raise WireError("the emergency lines cannot be read") from error
