"""The professionals of a platform, by the badge name that everybody sees there."""

from collections.abc import Iterator
from typing import Final, NamedTuple
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from governance.crypto.data_keys import DataKeys, KeyGoneError, owner_of
from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import EpochGoneError, Keyring
from governance.decision.provisions import WhoKind
from governance.decision.vocabulary import AccountKey, Instant
from governance.effective.documents import HcpDocument
from governance.effective.errors import BrokenRowError
from governance.effective.models import GovernedAccount
from governance.effective.service import Register

_BADGE: Final = ("hcp", "sealed_name")
_log = structlog.get_logger()


class Professional(NamedTuple):
    """One professional as a patient sees them on the forum."""

    key: AccountKey
    name: str
    profession: str


def professionals_on(session: Session, keyring: Keyring, platform_id: UUID, now: Instant) -> list[Professional]:
    """Return the registered professionals with an account on a platform, by name.

    Who was changed by another hand is left out: a patient must not name the wrong person, nor lose the page.
    """
    register = Register(session, keyring, now)
    accounts = GovernedAccount.of_professionals(session, platform_id)
    keys = DataKeys(session, keyring)
    keys.fetch({_owner(str(account.hcp)) for account in accounts})
    found: list[Professional] = []
    for account in accounts:
        try:
            found.extend(_professional(register, keys, account))
        except (BrokenRowError, EnvelopeError, EpochGoneError, KeyGoneError):
            _log.critical("broken_row", kind="hcp")
    return sorted(found, key=lambda professional: professional.name)


def _professional(register: Register, keys: DataKeys, account: GovernedAccount) -> Iterator[Professional]:
    """Yield the professional, unless nobody ever checked the name: a patient must not name an impostor."""
    register.check_account(account)
    document: HcpDocument = register.document("hcp", str(account.hcp))
    if not document.badge:
        return
    professions = (claim.name for claim in document.claims if claim.who is WhoKind.PROFESSION)
    name = open_badge(keys, str(account.hcp), document.badge)
    yield Professional(AccountKey(account.key), name, next(professions, ""))


def seal_badge(keys: DataKeys, hcp_id: str, name: str) -> bytes:
    """Return a badge name as it is stored, under the professional's own key."""
    return keys.of(_owner(hcp_id)).seal(name.encode(), *_BADGE, hcp_id)


def open_badge(keys: DataKeys, hcp_id: str, sealed: bytes) -> str:
    """Return a stored badge name. Raises `EnvelopeError`, `KeyGoneError`, `EpochGoneError`."""
    return keys.known(_owner(hcp_id)).unseal(sealed, *_BADGE, hcp_id).decode()


def _owner(hcp_id: str) -> str:
    return owner_of("hcp", hcp_id)
