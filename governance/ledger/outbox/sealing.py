"""How a job's payload lies in its row: sealed; what is a person's opens for as long as that person's key is there."""

import binascii
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.data_keys import DataKeys
from governance.crypto.envelope import EnvelopeError, seal, unseal
from governance.crypto.epochs import wrapping_epoch
from governance.crypto.keys import Keyring
from governance.ledger.outbox.errors import BadPayloadError

_PURPOSE: Final = "outbox.payload"
_PLACE: Final = ("job", "sealed_payload")
_WITHIN: Final = "sealed"
"""No payload has a value that is a mapping, so what holds one is sealed once more."""

Payload = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Personal:
    """A payload that tells of a person: it opens until that person's data key is destroyed, whatever else we hold."""

    owner: str
    """As `owner_of` names them."""
    payload: Payload = field(repr=False)


@dataclass(frozen=True, slots=True)
class Parting(Personal):
    """A payload about somebody who is erased in this very transaction, and which has to outlive their key.

    It opens until the epoch of today is given up, as what is in backups does. Whoever uses it sees that the job ends.
    """


def sealed_payload(session: Session, keyring: Keyring, job_id: UUID, payload: Payload | Personal) -> bytes:
    """Return a payload as it is stored. Raises `KeyGoneError` for a person who was erased."""
    row, told = str(job_id), payload if isinstance(payload, Mapping) else _within(session, keyring, job_id, payload)
    return seal(keyring.derive(_PURPOSE), _written(told), *_PLACE, row)


def opened_payload(session: Session, keyring: Keyring, job_id: UUID, sealed: bytes) -> dict[str, Any]:
    """Return what was sealed.

    Raises `BadPayloadError`, `KeyGoneError` if whose it is was erased, `EpochGoneError` if an epoch's key is not here.
    """
    row = str(job_id)
    try:
        told: Any = json.loads(unseal(keyring.derive(_PURPOSE), sealed, *_PLACE, row))
        within = told.get(_WITHIN) if isinstance(told, dict) else None
        if isinstance(within, dict):
            told = json.loads(_from_within(session, keyring, row, within))
    except (EnvelopeError, binascii.Error, KeyError, ValueError):
        raise BadPayloadError("a job's payload does not open; it was changed, or sealed by another service") from None
    if not isinstance(told, dict):
        raise BadPayloadError("a job's payload is not what this program writes")
    return told


def _within(session: Session, keyring: Keyring, job_id: UUID, personal: Personal) -> Mapping[str, object]:
    told, row = _written(personal.payload), str(job_id)
    if isinstance(personal, Parting):
        epoch = wrapping_epoch(session, keyring)
        return {_WITHIN: {"epoch": epoch.id, "text": _text(seal(epoch.key, told, *_PLACE, row, key_id=epoch.id))}}
    key = DataKeys(session, keyring).of(personal.owner)
    return {_WITHIN: {"owner": personal.owner, "text": _text(key.seal(told, *_PLACE, row))}}


def _from_within(session: Session, keyring: Keyring, row: str, within: dict[str, Any]) -> bytes:
    sealed = b64decode(within["text"], validate=True)
    if "epoch" in within:
        epoch = keyring.epoch(within["epoch"])
        return unseal(epoch.key, sealed, *_PLACE, row, key_id=epoch.id)
    return DataKeys(session, keyring).known(within["owner"]).unseal(sealed, *_PLACE, row)


def _written(told: Mapping[str, object]) -> bytes:
    return json.dumps(dict(told), separators=(",", ":")).encode()


def _text(sealed: bytes) -> str:
    return b64encode(sealed).decode()
