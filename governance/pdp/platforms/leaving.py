"""A forum leaves: its members are told, and it takes along what it may know of them, signed, part by part."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.data_keys import KeyGoneError
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import AccountKey, Instant
from governance.effective.present import in_force
from governance.identity.models import Account
from governance.identity.service import account_name
from governance.optout.receipts import sign_record
from governance.patients.contact.notices import Kind, notify
from governance.pdp.models import patients_on
from governance.pdp.schemas import OptOutStatus
from governance.pdp.service import opt_out_of
from governance.ui.clock import in_iso

TYPE: Final = "opt-outs-export+jws"
_AT_ONCE: Final = 500
Sessions = Callable[[], AbstractContextManager[Session]]


def tell_members(writing: Sessions, keyring: Keyring, platform_id: UUID, now: Instant) -> int:
    """Tell everybody with a record on a forum that it ends; return how many accounts they have there.

    Some hundred in a transaction, so that nobody has to wait for all of it. Begun again after a crash it tells nobody
    twice who has not looked yet.
    """
    told, after = 0, ""
    while True:
        with writing() as session:
            found = patients_on(session, platform_id, after, _AT_ONCE)
            for _, patient in found:
                notify(session, keyring, UUID(patient), Kind.FORUM_ENDS, now)
        told += len(found)
        if len(found) < _AT_ONCE:
            return told
        after = found[-1][0]


def export_parts(reading: Sessions, keyring: Keyring, platform_id: UUID, now: Instant) -> Iterator[str]:
    """Yield what a forum may know of its members' choices, as `POST /v1/opt-outs/query` tells it, signed part by part.

    The last part says how many there were, so that a file that was cut is not taken for all of it. Whom a choice names
    is told to no forum, here neither.
    """
    after, parts, accounts = "", 0, 0
    about: dict[str, Any] = {"platform": str(platform_id), "at": in_iso(now)}
    while True:
        with reading() as session:
            found = patients_on(session, platform_id, after, _AT_ONCE)
            listed = _opt_outs(session, keyring, platform_id, [AccountKey(key) for key, _ in found])
        if found:
            parts, accounts, after = parts + 1, accounts + len(listed), found[-1][0]
            yield sign_record(keyring, {**about, "part": parts, "opt_outs": listed}, TYPE)
        if len(found) < _AT_ONCE:
            yield sign_record(keyring, {**about, "parts": parts, "accounts": accounts}, TYPE)
            return


def _opt_outs(session: Session, keyring: Keyring, platform_id: UUID, keys: list[AccountKey]) -> list[dict[str, Any]]:
    documents = in_force(session, keyring, platform_id).patients(keys)
    named = {key: _name(session, keyring, key) for key in keys}
    # Of who was erased nobody knows the name any more: there is nothing to take along.
    known = [opt_out_of(name, documents[key]) for key, name in named.items() if name is not None]
    listed: list[dict[str, Any]] = OptOutStatus(many=True).dump(known)
    return listed


def _name(session: Session, keyring: Keyring, key: AccountKey) -> str | None:
    account = Account.of_key(session, key)
    try:
        return None if account is None else account_name(session, keyring, account)
    except KeyGoneError:
        return None
