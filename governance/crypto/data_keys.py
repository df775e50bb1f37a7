"""Every person's fields are sealed under a key of their own; destroying it makes them unreadable, backups included."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final, Literal
from uuid import UUID

from cryptography.hazmat.primitives.padding import PKCS7
from sqlalchemy.orm import Session

from governance.crypto.envelope import seal, unseal
from governance.crypto.epochs import wrapping_epoch
from governance.crypto.keys import Epoch, Keyring
from governance.crypto.models import WrappedKey
from governance.errors import GovernanceError

_KEY_ID: Final = "d1"
_KEY_BYTES: Final = 32
_BLOCK_BITS: Final = 64 * 8
"""Fields are padded to full blocks of 64 bytes: the length of a name is a part of it."""
OwnerKind = Literal["patient", "hcp", "account", "staff", "report", "vault", "case"]


class KeyGoneError(GovernanceError):
    """There is no key to this person's fields: it was destroyed, or never made."""

    code = "key_gone"


def owner_of(kind: OwnerKind, owner_id: UUID | str) -> str:
    """Return how a data key's owner is named."""
    return f"{kind}:{owner_id}"


@dataclass(frozen=True, slots=True)
class DataKey:
    """One person's key, opened."""

    owner: str
    secret: bytes = field(repr=False)

    def seal(self, plaintext: bytes, table: str, column: str, row: str) -> bytes:
        """Return a sealed field; `row` never changes while the value stands."""
        padder = PKCS7(_BLOCK_BITS).padder()
        padded = padder.update(plaintext) + padder.finalize()
        return seal(self.secret, padded, table, column, row, key_id=_KEY_ID)

    def unseal(self, sealed: bytes, table: str, column: str, row: str) -> bytes:
        """Open what `seal` made at the same place. Raises `EnvelopeError`."""
        padded = unseal(self.secret, sealed, table, column, row, key_id=_KEY_ID)
        # No oracle: what was changed did not get this far.
        unpadder = PKCS7(_BLOCK_BITS).unpadder()
        return unpadder.update(padded) + unpadder.finalize()


class DataKeys:
    """The data keys of people, in one session; each is unwrapped once."""

    def __init__(self, session: Session, keyring: Keyring) -> None:
        """Work in this session."""
        self._session = session
        self._keyring = keyring
        self._open: dict[str, DataKey] = {}
        self._fetched: dict[str, WrappedKey] = {}

    def of(self, owner: str) -> DataKey:
        """Return an owner's key, made now if there is none.

        Raises `KeyGoneError` if it was destroyed: who comes back comes back as a new record.
        """
        if owner not in self._open and self._session.get(WrappedKey, owner) is None:
            return self._make(owner)
        return self.known(owner)

    def known(self, owner: str) -> DataKey:
        """Return an owner's key. Raises `KeyGoneError`, and `EnvelopeError` if it is not this owner's."""
        found = self._open.get(owner)
        if found is None:
            found = self._keep(self._fetched.get(owner) or self._session.get(WrappedKey, owner))
        return found

    def fetch(self, owners: Collection[str]) -> None:
        """Read the keys of many owners by one query, for `known` to find."""
        self._fetched |= {row.owner: row for row in WrappedKey.of_owners(self._session, owners)}

    def destroy(self, owner: str) -> None:
        """Make an owner's fields unreadable for good; also where nothing was ever sealed for them."""
        row = self._session.get(WrappedKey, owner, with_for_update=True)
        if row is None:
            row = WrappedKey(owner=owner)
            self._session.add(row)
        row.epoch = row.wrapped = None
        self._open.pop(owner, None)
        # Who reads in this transaction must find nothing.
        self._session.flush()

    def _make(self, owner: str) -> DataKey:
        made = DataKey(owner, secrets.token_bytes(_KEY_BYTES))
        epoch = wrapping_epoch(self._session, self._keyring)
        self._session.add(WrappedKey(owner=owner, epoch=epoch.id, wrapped=wrap(epoch, owner, made.secret)))
        self._session.flush()
        self._open[owner] = made
        return made

    def _keep(self, row: WrappedKey | None) -> DataKey:
        if row is None or row.epoch is None or row.wrapped is None:
            raise KeyGoneError("what was sealed for this person cannot be read any more")
        found = DataKey(row.owner, unwrap(self._keyring.epoch(row.epoch), row.owner, row.wrapped))
        self._open[row.owner] = found
        return found


def wrap(epoch: Epoch, owner: str, secret: bytes) -> bytes:
    """Return a data key as it is stored: under an epoch's key, and for its owner alone."""
    return seal(epoch.key, secret, "data_key", "wrapped", owner, key_id=epoch.id)


def unwrap(epoch: Epoch, owner: str, wrapped: bytes) -> bytes:
    """Return a stored data key. Raises `EnvelopeError`."""
    return unseal(epoch.key, wrapped, "data_key", "wrapped", owner, key_id=epoch.id)
