"""What the journal tells of a person is sealed under that person's own key: erasing them closes it, here as well.

A tombstone is not: it has to refuse again after a restore, and holds digests alone. Who finds it knows why other
records of the patient open no more.
"""

from typing import Final

import msgspec
import structlog
from sqlalchemy.orm import Session

from governance.crypto.data_keys import DataKeys, KeyGoneError, owner_of
from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import EpochGoneError, Keyring

SEALED: Final = "sealed"
"""Something said about a person, which has an entry in the ledger."""
SEALED_ROW: Final = "sealed_row"
"""A row about a person, which has none of its own."""
TOMBSTONES: Final = "erasure"
"""The room of `effective.erasure`, which this floor cannot see; a test holds the two together."""
_log = structlog.get_logger()
_PLACE: Final = ("journal", "record")


class Closed(msgspec.Struct, frozen=True):
    """A record of a person, as it lies in the journal."""

    what: str
    of: str
    """Whose data key opens it, as `owner_of` names them."""
    text: bytes


class KeyGone(msgspec.Struct, frozen=True, tag_field="what", tag="gone"):
    """The key of somebody's account was destroyed, and what was said under it is not to be looked for."""

    of: str


class _Told(msgspec.Struct):
    kind: str = ""
    subject: str = ""
    room: str = ""


def closed(session: Session, keyring: Keyring, record: bytes, row_of: str | None = None) -> bytes:
    """Return a record as it may lie outside: a person's closed, any other as it is. `row_of`: whose row it is.

    What is said of somebody after they were erased stays open to us: there is no key to it. So does what is said while
    their key cannot be read, and somebody is woken: a refusal must not fail because a key does.
    """
    owner = row_of or _person_in(record)
    if owner is None:
        return record
    try:
        text = DataKeys(session, keyring).of(owner).seal(record, *_PLACE, owner)
    except KeyGoneError:
        return record
    except (EnvelopeError, EpochGoneError) as error:
        _log.critical("journal_record_not_closed", code=error.code, do="run `governance config check`")
        return record
    return msgspec.json.encode(Closed(SEALED_ROW if row_of else SEALED, owner, text))


def opened(keys: DataKeys, record: Closed) -> bytes:
    """Return what was closed. Raises `KeyGoneError`, `EnvelopeError`, `EpochGoneError`."""
    return keys.known(record.of).unseal(record.text, *_PLACE, record.of)


def _person_in(record: bytes) -> str | None:
    try:
        told = msgspec.json.decode(record, type=_Told)
    except msgspec.MsgspecError:
        return None
    match told.kind:
        case "patient" | "hcp" if told.room != TOMBSTONES:
            return owner_of(told.kind, told.subject)
    return None
