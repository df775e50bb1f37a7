"""Access tokens for platforms: the keys that sign them, and what makes one good. No HTTP, no clock."""

import json
from dataclasses import dataclass
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet
from sqlalchemy.orm import Session

from governance.crypto.envelope import seal, unseal
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.identity.errors import InvalidTokenError
from governance.identity.models import SigningKey
from governance.identity.permissions import scopes_of

LIFETIME_SECONDS: Final = 600
ALGORITHM: Final = "ES256"
_TYPE: Final = "at+jwt"
_KEY_PLACE: Final = ("signing_key", "sealed_key")
_SECOND: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token that held."""

    client_id: str
    scopes: frozenset[str]
    ends: Instant


def audience_of(public_url: str) -> str:
    """Return the name of our decisions and records as a resource (RFC 8707)."""
    return f"{public_url}/access"


def known_keys(session: Session, keyring: Keyring) -> KeySet | None:
    """Return our keys, the one that signs first; none before the first was made."""
    rows = SigningKey.newest_first(session)
    return KeySet([_unsealed(keyring, row) for row in rows]) if rows else None


def make_first_key(session: Session, keyring: Keyring, *, now: Instant) -> KeySet:
    """Make the key that signs, unless another worker was faster."""
    known = known_keys(session, keyring)
    if known is not None:
        return known
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": ALGORITHM})
    plain = json.dumps(key.as_dict(private=True)).encode()
    sealed = seal(keyring.derive("signing"), plain, *_KEY_PLACE, "1")
    session.add(SigningKey(generation=1, sealed_key=sealed, created=now))
    return KeySet([key])


def verify(text: str, keys: KeySet, public_url: str, *, now: Instant) -> AccessToken:
    """Return what a token says, if we signed it for ourselves and it runs. Raises `InvalidTokenError`.

    Source: RFC 9068, section 4. No leeway for its end: we are both ends of it. `iat` is not compared with our
    clock: a worker whose clock is a little behind would refuse what another signed just now.
    """
    claims = _signed_claims(text, keys)
    claims.pop("iat", None)
    registry = jwt.JWTClaimsRegistry(
        now=now // _SECOND,
        iss={"essential": True, "value": public_url},
        aud={"essential": True, "value": audience_of(public_url)},
        exp={"essential": True},
        client_id={"essential": True},
        jti={"essential": True},
    )
    try:
        registry.validate(claims)
    except JoseError as error:
        raise InvalidTokenError("the access token is not for us or has ended; get a new one") from error
    return AccessToken(str(claims["client_id"]), scopes_of(str(claims.get("scope", ""))), _instant(claims["exp"]))


def _signed_claims(text: str, keys: KeySet) -> dict[str, Any]:
    try:
        token = jwt.decode(text, keys, algorithms=[ALGORITHM])
    except (JoseError, ValueError) as error:
        raise InvalidTokenError("the access token is not ours or was changed; get a new one") from error
    # The type keeps anything else that these keys might ever sign from passing as an access token.
    if token.header.get("typ") != _TYPE:
        raise InvalidTokenError("this is no access token; get one from the token endpoint")
    return token.claims


def _instant(seconds: float) -> Instant:
    return Instant(int(seconds) * _SECOND)


def _unsealed(keyring: Keyring, row: SigningKey) -> ECKey:
    plain = unseal(keyring.derive("signing"), row.sealed_key, *_KEY_PLACE, str(row.generation))
    return ECKey.import_key(json.loads(plain))
