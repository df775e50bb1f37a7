"""What the journal tells of a patient is sealed under that patient's own key: erasing them closes it, here as well.

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


class _Told(msgspec.Struct):
    kind: str = ""
    subject: str = ""
    room: str = ""


def closed(session: Session, keyring: Keyring, record: bytes) -> bytes:
    """Return a record as it may lie outside: a patient's closed, any other as it is.

    What is said of somebody after they were erased stays open to us: there is no key to it. So does what is said while
    their key cannot be read, and somebody is woken: a refusal must not fail because a key does.
    """
    owner = _patient_in(record)
    if owner is None:
        return record
    try:
        text = DataKeys(session, keyring).of(owner).seal(record, *_PLACE, owner)
    except KeyGoneError:
        return record
    except (EnvelopeError, EpochGoneError) as error:
        _log.critical("journal_record_not_closed", code=error.code, do="run `governance config check`")
        return record
    return msgspec.json.encode(Closed(SEALED, owner, text))


def opened(keys: DataKeys, record: Closed) -> bytes:
    """Return what was closed. Raises `KeyGoneError`, `EnvelopeError`, `EpochGoneError`."""
    return keys.known(record.of).unseal(record.text, *_PLACE, record.of)


def _patient_in(record: bytes) -> str | None:
    try:
        told = msgspec.json.decode(record, type=_Told)
    except msgspec.MsgspecError:
        return None
    return owner_of("patient", told.subject) if told.kind == "patient" and told.room != TOMBSTONES else None
