"""Passkeys by which people who come by links prove who they are. No HTTP, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from governance.crypto.blind_index import credential_digest
from governance.crypto.data_keys import DataKey, DataKeys, owner_of
from governance.crypto.keys import Keyring
from governance.db.base import new_id
from governance.decision.vocabulary import Instant
from governance.identity.errors import (
    NotProvedError,
    PasskeyFailedError,
    PasskeyNotFoundError,
    TooManyPasskeysError,
)
from governance.identity.links.models import Passkey
from governance.identity.proofs.ceremonies import Challenge, NewPasskey, Party, credential_in, used
from governance.identity.proofs.new_proofs import counts_from, has_proof
from governance.ledger.rows import forget, keep

MOST: Final = 10
_PLACE: Final = ("passkey", "sealed_data")


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is sealed of a passkey under its owner's key."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    user_handle: bytes
    name: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A passkey that somebody wants to have from now on."""

    made: NewPasskey
    user_handle: bytes = field(repr=False)
    name: str = field(repr=False)
    is_proved: bool
    """Whether they just proved who they are."""


@dataclass(frozen=True, slots=True)
class OwnPasskey:
    """A passkey as its owner sees it."""

    id: UUID
    name: str = field(repr=False)
    created: Instant
    counts_from: Instant | None
    """None once it counts."""
    credential_id: bytes = field(repr=False)


def own_passkeys(session: Session, keyring: Keyring, account_id: UUID, now: Instant) -> list[OwnPasskey]:
    """Return somebody's passkeys, the oldest first."""
    return [_own(row, kept, now) for row, kept in _opened(session, keyring, account_id)]


def check_may_add(session: Session, account_id: UUID, now: Instant, *, is_proved: bool) -> None:
    """Raise `NotProvedError` if somebody has a proof and did not give it; `TooManyPasskeysError`."""
    if not is_proved and has_proof(session, account_id, now):
        raise NotProvedError("prove who you are first")
    if sum(row.sealed_data is not None for row in Passkey.of_account(session, account_id)) >= MOST:
        raise TooManyPasskeysError("you have as many passkeys as anybody may have; remove one first")


def add(session: Session, keyring: Keyring, account_id: UUID, wanted: Wanted, *, now: Instant) -> Instant:
    """Keep a new passkey; return from when it counts.

    Raises `NotProvedError`, `TooManyPasskeysError`, and `PasskeyFailedError` if anybody has it, or had it.
    """
    check_may_add(session, account_id, now, is_proved=wanted.is_proved)
    made = wanted.made
    digest = credential_digest(keyring, made.credential_id)
    if Passkey.is_taken(session, digest):
        raise PasskeyFailedError
    begins = counts_from(session, account_id, now, is_proved=wanted.is_proved)
    row = Passkey(id=new_id(), account_id=account_id, credential_digest=digest, created=now, counts_from=begins)
    kept = Kept(made.credential_id, made.public_key, made.sign_count, wanted.user_handle, wanted.name)
    _keep(session, keyring, row, kept)
    return begins


def remove(session: Session, keyring: Keyring, account_id: UUID, passkey_id: UUID) -> None:
    """Remove a passkey, whether it counts yet or not; any session of its owner may. Raises `PasskeyNotFoundError`.

    One removed row stays, with nothing in it: whoever removes somebody's last proof must not pass for new.
    """
    rows = Passkey.of_account(session, account_id)
    row = next((row for row in rows if row.id == passkey_id and row.sealed_data is not None), None)
    if row is None:
        raise PasskeyNotFoundError("this passkey was removed already")
    if len(rows) > 1:
        forget(session, keyring, row)
        return
    row.sealed_data = None
    keep(session, keyring, row, of=owner_of("account", account_id))


def prove(
    session: Session, keyring: Keyring, account_id: UUID, said: tuple[Party, Challenge, str], *, now: Instant
) -> None:
    """Take an answer to a challenge as proof, if it was given by a passkey of this person that counts.

    Raises `PasskeyFailedError`, also for another person's.
    """
    party, challenge, answer = said
    credential_id = credential_in(answer)
    for row, kept in _opened(session, keyring, account_id):
        if kept.credential_id == credential_id and row.counts_from <= now:
            known = NewPasskey(kept.credential_id, kept.public_key, kept.sign_count)
            count = used(party, challenge, answer, known, kept.user_handle)
            # Outside as well: after a restore an older count would let a copy of the device in.
            _keep(session, keyring, row, msgspec.structs.replace(kept, sign_count=count))
            return
    raise PasskeyFailedError


def _opened(session: Session, keyring: Keyring, account_id: UUID) -> Sequence[tuple[Passkey, Kept]]:
    rows = [row for row in Passkey.of_account(session, account_id) if row.sealed_data is not None]
    key = _key(session, keyring, account_id) if rows else None
    return [(row, _kept(row, key)) for row in rows if key is not None]


def _kept(row: Passkey, key: DataKey) -> Kept:
    return msgspec.json.decode(key.unseal(row.sealed_data or b"", *_PLACE, str(row.id)), type=Kept)


def _keep(session: Session, keyring: Keyring, row: Passkey, kept: Kept) -> None:
    key = _key(session, keyring, row.account_id)
    row.sealed_data = key.seal(msgspec.json.encode(kept), *_PLACE, str(row.id))
    keep(session, keyring, row, of=owner_of("account", row.account_id))


def _own(row: Passkey, kept: Kept, now: Instant) -> OwnPasskey:
    waits = Instant(row.counts_from) if row.counts_from > now else None
    return OwnPasskey(row.id, kept.name, Instant(row.created), waits, kept.credential_id)


def _key(session: Session, keyring: Keyring, account_id: UUID) -> DataKey:
    return DataKeys(session, keyring).known(owner_of("account", account_id))
