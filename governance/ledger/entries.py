"""What an entry says: canonical JSON (RFC 8785), so that the same facts are always the same bytes."""

from collections.abc import Mapping
from typing import Final

import msgspec
import rfc8785

from governance.decision.vocabulary import Instant
from governance.ledger.errors import LedgerError

_VERSION: Final = 1
_LONGEST_KIND: Final = 32
_LARGEST: Final = 4096

Facts = Mapping[str, str | int]
"""Pseudonyms, salted hashes, versions, kinds: never a name, an id that others know, or free text."""


class EntryDocument(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """An entry as it was written."""

    at: int
    facts: dict[str, str | int]
    kind: str
    number: int
    v: int


_decoder: Final = msgspec.json.Decoder(EntryDocument)


def encode(number: int, now: Instant, kind: str, facts: Facts) -> bytes:
    """Return an entry's document. Raises `LedgerError` if it has no canonical form or is too large."""
    if not 0 < len(kind) <= _LONGEST_KIND:
        raise LedgerError("an entry's kind has 1 to 32 letters; this is a fault in the program")
    document = EntryDocument(at=now, facts=dict(facts), kind=kind, number=number, v=_VERSION)
    try:
        encoded = rfc8785.dumps(msgspec.to_builtins(document))
        # What cannot be read back would stop every later look at the ledger.
        decode(encoded)
    except (rfc8785.CanonicalizationError, msgspec.MsgspecError, ValueError) as error:
        raise LedgerError("an entry holds what cannot be written down; this is a fault in the program") from error
    if len(encoded) > _LARGEST:
        raise LedgerError("an entry is too large; put a digest into it; this is a fault in the program")
    return encoded


def decode(document: bytes) -> EntryDocument:
    """Read an entry's document. Raises `msgspec.MsgspecError`."""
    return _decoder.decode(document)
