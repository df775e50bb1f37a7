"""Members of staff: where they sign in, who they are, when they end. No HTTP, no clock."""

import re
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.blind_index import subject_digest
from governance.crypto.data_keys import DataKeys, owner_of
from governance.crypto.envelope import seal, unseal
from governance.crypto.keys import Keyring
from governance.db.base import new_id
from governance.decision.vocabulary import Instant
from governance.identity.errors import BadStaffError, StaffExistsError, StaffNotFoundError
from governance.identity.oidc.addresses import is_issuer
from governance.identity.permissions import Role
from governance.identity.staff.models import StaffMember, StaffProvider
from governance.ledger.rows import keep
from governance.ledger.service import append, pseudonym

_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_LONGEST: Final = 255
"""OpenID Connect Core 1.0, section 2, for a subject; as much for a name."""
_SECRET: Final = ("staff_provider", "oidc_client_secret_sealed")
_STAFF_NAME: Final = ("staff_member", "sealed_name")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStaffProvider:
    """What an administrator tells us of the place where staff sign in."""

    name: str
    issuer: str
    oidc_client_id: str
    oidc_client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStaff:
    """Who is to work here, by the subject that the provider gives them."""

    provider: str
    subject: str = field(repr=False)
    name: str = field(repr=False)
    roles: frozenset[Role]


def add_provider(session: Session, keyring: Keyring, wanted: NewStaffProvider, *, now: Instant) -> StaffProvider:
    """Add a place where staff sign in. Raises `BadStaffError`, `StaffExistsError`."""
    _check_provider(wanted)
    if StaffProvider.named(session, wanted.name) or StaffProvider.of_issuer(session, wanted.issuer):
        raise StaffExistsError("a provider has this name or issuer already; `governance staff provider list` shows it")
    number = new_id()
    sealed = seal(keyring.derive("oidc-client-secret"), wanted.oidc_client_secret.encode(), *_SECRET, str(number))
    provider = StaffProvider(
        id=number,
        name=wanted.name,
        issuer=wanted.issuer,
        oidc_client_id=wanted.oidc_client_id,
        oidc_client_secret_sealed=sealed,
        created=now,
    )
    keep(session, keyring, provider)
    append(session, keyring, now, "staff_provider", {"did": "added", "provider": str(number)})
    return provider


def provider_named(session: Session, name: str) -> StaffProvider:
    """Return a provider for staff. Raises `StaffNotFoundError`."""
    provider = StaffProvider.named(session, name)
    if provider is None:
        raise StaffNotFoundError("there is no provider of this name; `governance staff provider list` shows them")
    return provider


def provider_secret(keyring: Keyring, provider: StaffProvider) -> str:
    """Return the secret we hold at a provider for staff."""
    key = keyring.derive("oidc-client-secret")
    return unseal(key, provider.oidc_client_secret_sealed, *_SECRET, str(provider.id)).decode()


def staff_callback_address(public_url: str, name: str) -> str:
    """Return where a provider sends staff back to; one address for each, and none that a forum has."""
    return f"{public_url}/staff/auth/{name}/callback"


def add_staff(session: Session, keyring: Keyring, wanted: NewStaff, *, now: Instant) -> StaffMember:
    """Add a member of staff, who may sign in from now on.

    Raises `BadStaffError`, `StaffExistsError`, and `StaffNotFoundError` if there is no such provider.
    """
    provider = provider_named(session, wanted.provider)
    if not 0 < len(wanted.subject) <= _LONGEST or not 0 < len(wanted.name) <= _LONGEST or not wanted.roles:
        raise BadStaffError("give a subject and a name of 1 to 255 letters, and at least one role")
    subject = subject_digest(keyring, provider.issuer, wanted.subject)
    if StaffMember.serving(session, subject) is not None:
        raise StaffExistsError("this subject is staff already; to change roles, end them and add them again")
    number = new_id()
    own = DataKeys(session, keyring).of(owner_of("staff", number))
    member = StaffMember(
        id=number,
        provider_id=provider.id,
        subject_digest=subject,
        sealed_name=own.seal(wanted.name.encode(), *_STAFF_NAME, str(number)),
        roles=" ".join(sorted(wanted.roles)),
        created=now,
    )
    keep(session, keyring, member, of=owner_of("staff", number))
    _note(session, keyring, member, "added", now)
    return member


def end_staff(session: Session, keyring: Keyring, staff_id: UUID, *, now: Instant) -> None:
    """End a member's work here and every session of theirs, at once. Raises `StaffNotFoundError`."""
    member = StaffMember.locked(session, staff_id)
    if member is None or member.ended is not None:
        raise StaffNotFoundError("nobody with this id works here; `governance staff list` shows who does")
    member.ended = now
    keep(session, keyring, member, of=owner_of("staff", staff_id))
    member.forget_sessions(session)
    _note(session, keyring, member, "ended", now)


def staff_of(session: Session, keyring: Keyring, issuer: str, sub: str) -> StaffMember | None:
    """Return who works here under that subject of that issuer; none if nobody does any more."""
    return StaffMember.serving(session, subject_digest(keyring, issuer, sub))


def staff_name(session: Session, keyring: Keyring, member: StaffMember) -> str:
    """Return a member's name, for pages and cases."""
    own = DataKeys(session, keyring).known(owner_of("staff", member.id))
    return own.unseal(member.sealed_name, *_STAFF_NAME, str(member.id)).decode()


def _note(session: Session, keyring: Keyring, member: StaffMember, did: str, now: Instant) -> None:
    whose = pseudonym(keyring, "staff", str(member.id))
    append(session, keyring, now, "staff", {"did": did, "staff": whose, "roles": member.roles})


def _check_provider(wanted: NewStaffProvider) -> None:
    if not _NAME.fullmatch(wanted.name):
        raise BadStaffError("a provider's name is 1 to 64 small letters, digits and hyphens, as in `our-staff`")
    if not is_issuer(wanted.issuer):
        raise BadStaffError("the issuer must be an https address, or http on this machine alone; give `--issuer`")
    if not wanted.oidc_client_id or not wanted.oidc_client_secret:
        raise BadStaffError("give the id and secret under which the provider knows this service")
