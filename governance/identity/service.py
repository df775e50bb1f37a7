"""Platforms and accounts: add a forum, know its accounts, let a member in. No HTTP, no clock."""

import re
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from sqlalchemy.orm import Session

from governance.crypto.blind_index import account_key, subject_digest
from governance.crypto.data_keys import DataKeys, KeyGoneError, owner_of
from governance.crypto.envelope import seal, unseal
from governance.crypto.keys import Keyring
from governance.db.base import new_id
from governance.decision.vocabulary import AccountKey, Instant
from governance.identity.account_ids import check_account_id
from governance.identity.errors import (
    AccountConflictError,
    BadPlatformError,
    NoProviderError,
    PlatformExistsError,
    PlatformNotFoundError,
)
from governance.identity.models import Account, Client, Platform, SignIn
from governance.identity.oidc.addresses import is_issuer
from governance.identity.oidc.id_token import Identity
from governance.identity.permissions import Scope
from governance.ledger.rows import keep

_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_LONGEST_SHOWN: Final = 100
_CLAIM: Final = re.compile(r"[A-Za-z0-9_:./-]{1,64}")
_SECRET: Final = ("platform", "oidc_client_secret_sealed")
_ACCOUNT_NAME: Final = ("account", "sealed_name")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPlatform:
    """What a forum's administrator tells us."""

    name: str
    display_name: str | None = None
    """What its members call it; None: as its name."""
    issuer: str | None = None
    """None for a forum that is no provider: it brings its members by links."""
    oidc_client_id: str | None = None
    oidc_client_secret: str | None = field(default=None, repr=False)
    account_claim: str = "sub"
    scopes: frozenset[Scope] = frozenset(Scope)


@dataclass(frozen=True, slots=True)
class Credentials:
    """An OAuth client's id and secret; the secret is shown once and never again."""

    client_id: str
    client_secret: str = field(repr=False)


def add_platform(
    session: Session, keyring: Keyring, wanted: NewPlatform, *, now: Instant
) -> tuple[Platform, Credentials]:
    """Add a forum with its first OAuth client. Raises `BadPlatformError`, `PlatformExistsError`."""
    _check(wanted)
    if Platform.named(session, wanted.name) or (wanted.issuer and Platform.of_issuer(session, wanted.issuer)):
        raise PlatformExistsError("a platform has this name or issuer already; `governance platform list` shows them")
    platform_id = new_id()
    secret, key = wanted.oidc_client_secret, keyring.derive("oidc-client-secret")
    sealed = None if secret is None else seal(key, secret.encode(), *_SECRET, str(platform_id))
    platform = Platform(
        id=platform_id,
        name=wanted.name,
        display_name=None if wanted.display_name is None else checked_display_name(wanted.display_name),
        issuer=wanted.issuer,
        oidc_client_id=wanted.oidc_client_id,
        oidc_client_secret_sealed=sealed,
        account_claim=wanted.account_claim,
        created=now,
    )
    keep(session, keyring, platform)
    return platform, _add_client(session, keyring, platform, wanted.scopes, now)


def checked_display_name(said: str) -> str:
    """Return what a forum may be called on pages. Raises `BadPlatformError`."""
    name = " ".join(said.split())
    # Not printable are also the signs that turn the direction of a line: a page must not be made to say something else.
    if not 0 < len(name) <= _LONGEST_SHOWN or not name.isprintable():
        raise BadPlatformError("a display name is 1 to 100 letters and signs that can be printed, as in `My Forum`")
    return name


def platform_named(session: Session, name: str) -> Platform:
    """Return a platform. Raises `PlatformNotFoundError`."""
    platform = Platform.named(session, name)
    if platform is None or platform.ended is not None:
        raise PlatformNotFoundError("there is no platform of this name; `governance platform list` shows them")
    return platform


def oidc_registration(keyring: Keyring, platform: Platform) -> tuple[str, str, str]:
    """Return issuer, client id and secret at the forum's provider. Raises `NoProviderError`."""
    issuer, client_id, sealed = platform.issuer, platform.oidc_client_id, platform.oidc_client_secret_sealed
    if issuer is None or client_id is None or sealed is None:
        raise NoProviderError("this forum brings you here by a link of its own; go back to it and follow that link")
    secret = unseal(keyring.derive("oidc-client-secret"), sealed, *_SECRET, str(platform.id))
    return issuer, client_id, secret.decode()


def callback_address(public_url: str, name: str) -> str:
    """Return where a forum sends people back to; one address for each forum."""
    return f"{public_url}/auth/{name}/callback"


def secret_digest(secret: str) -> str:
    """Return what we keep of a secret: a plain SHA-256 in hex, enough for 256 random bits."""
    return sha256(secret.encode()).hexdigest()


def account_for(session: Session, keyring: Keyring, platform: Platform, account_id: str, now: Instant) -> Account:
    """Return the account with that id on the platform, known from now on if it was not before.

    The id is compared as bytes: never folded, trimmed or normalised. Raises `BadAccountIdError`.
    """
    check_account_id(account_id)
    key = account_key(keyring, platform.id, account_id)
    account = Account.of_key(session, key)
    if account is None:
        number = new_id()
        own = DataKeys(session, keyring).of(owner_of("account", number))
        sealed = own.seal(account_id.encode(), *_ACCOUNT_NAME, str(number))
        account = Account(id=number, platform_id=platform.id, key=key, sealed_name=sealed, created=now)
        keep(session, keyring, account, of=owner_of("account", number))
    return account


def account_name(session: Session, keyring: Keyring, account: Account) -> str:
    """Return the id that the platform gave the account, for display. Raises `KeyGoneError` once it was erased."""
    own = DataKeys(session, keyring).known(owner_of("account", account.id))
    return own.unseal(account.sealed_name, *_ACCOUNT_NAME, str(account.id)).decode()


def account_names(session: Session, keyring: Keyring, accounts: Sequence[Account]) -> dict[AccountKey, str]:
    """Return the ids that their platform gave some accounts, by key; those that were erased are left out."""
    keys = DataKeys(session, keyring)
    keys.fetch({owner_of("account", account.id) for account in accounts})
    names = {}
    for account in accounts:
        with suppress(KeyGoneError):
            own = keys.known(owner_of("account", account.id))
            names[account.key] = own.unseal(account.sealed_name, *_ACCOUNT_NAME, str(account.id)).decode()
    return names


def let_in(session: Session, keyring: Keyring, platform: Platform, identity: Identity, now: Instant) -> Account:
    """Return the account of a member whose sign-in at the forum held; bind the two at the first time.

    Raises `AccountConflictError` if this account is another subject's, or this subject has another account:
    a recycled or changed name is for the forum to report, not for a sign-in to decide.
    """
    account = account_for(session, keyring, platform, identity.account_id, now)
    issuer, _, _ = oidc_registration(keyring, platform)
    subject = subject_digest(keyring, issuer, identity.sub)
    bound = session.get(SignIn, subject)
    if bound is None and SignIn.of_account(session, account.id) is None:
        first = SignIn(subject_digest=subject, account_id=account.id, created=now)
        keep(session, keyring, first, of=owner_of("account", account.id))
    elif bound is None or bound.account_id != account.id:
        raise AccountConflictError(
            "your forum account changed its name or owner; please ask the forum's staff for help"
        )
    return account


def _add_client(
    session: Session, keyring: Keyring, platform: Platform, scopes: frozenset[Scope], now: Instant
) -> Credentials:
    credentials = Credentials(
        client_id=f"{platform.name}-{secrets.token_hex(4)}", client_secret=secrets.token_urlsafe(32)
    )
    client = Client(
        platform_id=platform.id,
        client_id=credentials.client_id,
        secret_digest=secret_digest(credentials.client_secret),
        scopes=" ".join(sorted(scopes)),
        created=now,
    )
    keep(session, keyring, client)
    return credentials


def _check(wanted: NewPlatform) -> None:
    if not _NAME.fullmatch(wanted.name):
        raise BadPlatformError("a platform's name is 1 to 64 small letters, digits and hyphens, as in `my-forum`")
    provider = (wanted.issuer, wanted.oidc_client_id, wanted.oidc_client_secret)
    if any(said is not None for said in provider):
        _check_provider(wanted)
    if not _CLAIM.fullmatch(wanted.account_claim):
        raise BadPlatformError("`--account-claim` names one claim of the ID token, as in `sub`")
    if not wanted.scopes:
        raise BadPlatformError("give the platform at least one scope")


def _check_provider(wanted: NewPlatform) -> None:
    if wanted.issuer is None or not is_issuer(wanted.issuer):
        raise BadPlatformError("the issuer must be an https address, or http on this machine alone; give `--issuer`")
    if not wanted.oidc_client_id or not wanted.oidc_client_secret:
        raise BadPlatformError("give the id and secret under which the forum's provider knows this service")
