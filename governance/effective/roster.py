"""The professionals of a platform, by the badge name that everybody sees there."""

from typing import NamedTuple
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from governance.crypto.envelope import EnvelopeError, seal, unseal
from governance.crypto.keys import Keyring
from governance.decision.provisions import WhoKind
from governance.decision.vocabulary import AccountKey, Instant
from governance.effective.documents import HcpDocument
from governance.effective.errors import BrokenRowError
from governance.effective.models import GovernedAccount
from governance.effective.service import Register

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
    found = []
    for account in GovernedAccount.of_professionals(session, platform_id):
        try:
            found.append(_professional(register, keyring, account))
        except (BrokenRowError, EnvelopeError):
            _log.critical("broken_row", kind="hcp")
    return sorted(found, key=lambda professional: professional.name)


def _professional(register: Register, keyring: Keyring, account: GovernedAccount) -> Professional:
    register.check_account(account)
    document: HcpDocument = register.document("hcp", str(account.hcp))
    professions = (claim.name for claim in document.claims if claim.who is WhoKind.PROFESSION)
    name = open_badge(keyring, str(account.hcp), document.badge)
    return Professional(AccountKey(account.key), name, next(professions, ""))


def seal_badge(keyring: Keyring, hcp_id: str, name: str) -> bytes:
    """Return a badge name as it is stored."""
    return seal(keyring.derive("field.badge"), name.encode(), "badge", hcp_id)


def open_badge(keyring: Keyring, hcp_id: str, sealed: bytes) -> str:
    """Return a stored badge name. Raises `EnvelopeError`."""
    return unseal(keyring.derive("field.badge"), sealed, "badge", hcp_id).decode()
