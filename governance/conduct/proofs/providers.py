"""Where professionals are known: OIDC providers that tell the number on a register of whoever signs in."""

import re
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.conduct.errors import BadNumberError, UnknownProviderError
from governance.conduct.findings import Verifier
from governance.conduct.models import SaidRegistration
from governance.conduct.numbers import read_number
from governance.conduct.proofs.models import ProfessionalProvider
from governance.conduct.proofs.proving import follow
from governance.conduct.proofs.service import Act, note_vouched
from governance.conduct.standing import number_digest
from governance.crypto.envelope import seal, unseal
from governance.crypto.keys import Keyring
from governance.db.base import new_id
from governance.decision.vocabulary import Instant
from governance.errors import BadInputError
from governance.identity.oidc.addresses import is_issuer
from governance.ledger.rows import keep
from governance.ledger.service import append
from governance.policy.views.registers import HcpRegister

_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_SECRET: Final = ("professional_provider", "oidc_client_secret_sealed")
_SELF: Final = "self"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProvider:
    """What an administrator tells us of such a provider; `shown` is what pages call it."""

    name: str
    shown: str
    issuer: str
    oidc_client_id: str
    oidc_client_secret: str = field(repr=False)
    register: str
    number_claim: str


def add_provider(session: Session, keyring: Keyring, wanted: NewProvider, *, now: Instant) -> ProfessionalProvider:
    """Add a provider whose word counts as proof of control. Raises `BadInputError`."""
    _check(wanted)
    if any(one.issuer == wanted.issuer or one.name == wanted.name for one in ProfessionalProvider.all_by_name(session)):
        raise BadInputError("a provider has this name or issuer already")
    number = new_id()
    sealed = seal(keyring.derive("oidc-client-secret"), wanted.oidc_client_secret.encode(), *_SECRET, str(number))
    provider = ProfessionalProvider(
        id=number,
        name=wanted.name,
        shown=wanted.shown,
        issuer=wanted.issuer,
        oidc_client_id=wanted.oidc_client_id,
        oidc_client_secret_sealed=sealed,
        register=wanted.register,
        number_claim=wanted.number_claim,
        created=now,
    )
    keep(session, keyring, provider)
    append(session, keyring, now, "professional_provider", {"did": "added", "provider": str(number)})
    return provider


def provider_named(session: Session, name: str) -> ProfessionalProvider:
    """Return a provider. Raises `UnknownProviderError`."""
    found = ProfessionalProvider.named(session, name)
    if found is None:
        raise UnknownProviderError("there is no such place to sign in; go back to the page before")
    return found


def provider_secret(keyring: Keyring, provider: ProfessionalProvider) -> str:
    """Return the secret that we hold there."""
    key = keyring.derive("oidc-client-secret")
    return unseal(key, provider.oidc_client_secret_sealed, *_SECRET, str(provider.id)).decode()


def callback_address(public_url: str, name: str) -> str:
    """Return where a provider sends professionals back to; one address for each."""
    return f"{public_url}/professional/proof/at/{name}/callback"


def take_word(  # noqa: PLR0913 - whose word, of which register, about whom
    session: Session, keyring: Keyring, hcp_id: UUID, register: HcpRegister, vouched: tuple[str, str], *, now: Instant
) -> bool:
    """Take a provider's word (its issuer, a number); say whether the number is one that this professional told us.

    A number that they did not tell us proves nothing, and is not kept.
    """
    issuer, told = vouched
    try:
        number = read_number(register, told).number
    except BadNumberError:
        return False
    digest = number_digest(keyring, register.code, number)
    said = next((row for row in SaidRegistration.current(session, hcp_id) if row.number_digest == digest), None)
    if said is None:
        return False
    proof = note_vouched(session, keyring, said, issuer, Act(_SELF, now))
    follow(session, keyring, proof, Verifier(_SELF), now)
    return True


def _check(wanted: NewProvider) -> None:
    if not _NAME.fullmatch(wanted.name) or not wanted.shown.strip():
        raise BadInputError("a name is 1 to 64 small letters, digits and hyphens; give the name that pages show, too")
    if not is_issuer(wanted.issuer):
        raise BadInputError("the issuer must be an https address, or http on this machine alone")
    if not wanted.oidc_client_id or not wanted.oidc_client_secret or not wanted.number_claim:
        raise BadInputError("give the id, the secret and the claim that holds the number")
