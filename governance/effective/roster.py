"""The professionals of a platform, by the badge name that everybody sees there."""

from collections.abc import Collection, Container, Iterator
from typing import Final, NamedTuple
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from governance.crypto.data_keys import DataKeys, KeyGoneError, owner_of
from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import EpochGoneError, Keyring
from governance.decision.capacity import capacities_of_viewer
from governance.decision.facts import Hcp
from governance.decision.provisions import WhoKind
from governance.decision.vocabulary import NOT_SENT, AccountKey, Capacity, Instant, PlatformId
from governance.effective.documents import HcpDocument, hcp_of
from governance.effective.errors import BrokenRowError
from governance.effective.models import GovernedAccount
from governance.effective.service import Register
from governance.identity.models import Account
from governance.identity.service import account_name

_BADGE: Final = ("hcp", "sealed_name")
_log = structlog.get_logger()


class Professional(NamedTuple):
    """One professional as a patient sees them on the forum."""

    key: AccountKey
    name: str
    profession: str


class Known(NamedTuple):
    """Whose account one is, as far as it is somebody's who registered: `name` is empty without a checked badge."""

    person: str
    """The same for all accounts of one professional."""
    name: str
    profession: str
    hcp: Hcp
    """What the records say of how they are, or were, in a place."""


class _Reading(NamedTuple):
    """What reading of professionals needs."""

    session: Session
    keyring: Keyring
    register: Register
    keys: DataKeys


class _Entry(NamedTuple):
    professional: Professional
    at_work: bool
    """Whether they are here as a professional anywhere on the forum."""


def professionals_on(
    session: Session, keyring: Keyring, platform_id: UUID, now: Instant, known: Container[AccountKey] = frozenset()
) -> list[Professional]:
    """Return those who are here as professionals somewhere on a platform, by name, and those who are `known`.

    Who was changed by another hand is left out: a patient must not name the wrong person, nor lose the page.
    """
    # Who is here as a patient alone is nobody's to look up: only who chose for them before may go on doing so.
    entries = _entries(session, keyring, platform_id, now)
    shown = [professional for professional, at_work in entries if at_work or professional.key in known]
    return sorted(shown, key=lambda professional: professional.name)


def badge_names(session: Session, keyring: Keyring, platform_id: UUID, now: Instant) -> dict[AccountKey, str]:
    """Return every badge name of a platform: to put words to accounts in a person's own record, never to list them."""
    return {one.professional.key: one.professional.name for one in _entries(session, keyring, platform_id, now)}


def behind(
    session: Session, keyring: Keyring, platform_id: UUID, keys: Collection[AccountKey], now: Instant
) -> dict[AccountKey, Known]:
    """Return who is behind some accounts of a platform; who never registered, or cannot be read, is left out.

    For a person's own record of who met their words, never to list who is on a forum.
    """
    register, data_keys = Register(session, keyring, now), DataKeys(session, keyring)
    accounts = [one for one in GovernedAccount.of_professionals(session, platform_id) if one.key in keys]
    data_keys.fetch({_owner(str(account.hcp)) for account in accounts})
    found = {}
    for account in accounts:
        try:
            found[AccountKey(account.key)] = _known(_Reading(session, keyring, register, data_keys), account)
        except (BrokenRowError, EnvelopeError, EpochGoneError, KeyGoneError):
            _log.critical("broken_row", kind="hcp")
    return found


def _known(using: _Reading, account: GovernedAccount) -> Known:
    using.register.check_account(account)
    person = str(account.hcp)
    document: HcpDocument = using.register.document("hcp", person)
    name = _shown(using, account, document) if document.badge else ""
    return Known(person, name, _profession(document), hcp_of(document))


def _profession(document: HcpDocument) -> str:
    return next((claim.name for claim in document.claims if claim.who is WhoKind.PROFESSION), "")


def _entries(session: Session, keyring: Keyring, platform_id: UUID, now: Instant) -> Iterator[_Entry]:
    register = Register(session, keyring, now)
    accounts = GovernedAccount.of_professionals(session, platform_id)
    keys = DataKeys(session, keyring)
    keys.fetch({_owner(str(account.hcp)) for account in accounts})
    for account in accounts:
        try:
            yield from _entry(_Reading(session, keyring, register, keys), account, now)
        except (BrokenRowError, EnvelopeError, EpochGoneError, KeyGoneError):
            _log.critical("broken_row", kind="hcp")


def _entry(using: _Reading, account: GovernedAccount, now: Instant) -> Iterator[_Entry]:
    """Yield the professional, unless nobody ever checked the name: a patient must not name an impostor."""
    using.register.check_account(account)
    document: HcpDocument = using.register.document("hcp", str(account.hcp))
    if not document.badge:
        return
    name = _shown(using, account, document)
    held = capacities_of_viewer(hcp_of(document), PlatformId(str(account.platform_id)), NOT_SENT, now)
    professional = Professional(AccountKey(account.key), name, _profession(document))
    yield _Entry(professional, Capacity.PROFESSIONAL in held)


def _shown(using: _Reading, account: GovernedAccount, document: HcpDocument) -> str:
    """Return the name that everybody sees on that platform: where it is withheld, what the account is called there."""
    if str(account.platform_id) not in document.name_withheld:
        return open_badge(using.keys, str(account.hcp), document.badge)
    known = Account.of_key(using.session, AccountKey(account.key))
    return "" if known is None else account_name(using.session, using.keyring, known)


def seal_badge(keys: DataKeys, hcp_id: str, name: str) -> bytes:
    """Return a badge name as it is stored, under the professional's own key."""
    return keys.of(_owner(hcp_id)).seal(name.encode(), *_BADGE, hcp_id)


def open_badge(keys: DataKeys, hcp_id: str, sealed: bytes) -> str:
    """Return a stored badge name. Raises `EnvelopeError`, `KeyGoneError`, `EpochGoneError`."""
    return keys.known(_owner(hcp_id)).unseal(sealed, *_BADGE, hcp_id).decode()


def _owner(hcp_id: str) -> str:
    return owner_of("hcp", hcp_id)
