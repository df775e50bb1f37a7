"""How a platform proves itself with a key of its own instead of a secret: `private_key_jwt` (RFC 7523, section 3)."""

import json
from base64 import urlsafe_b64decode
from hashlib import sha256
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy.orm import Session

from governance.crypto.keys import length_prefixed
from governance.decision.vocabulary import Instant
from governance.identity.errors import BadPlatformError
from governance.identity.models import SpentAssertion

ALGORITHMS: Final = ["ES256"]
TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST: Final = 300
"""Seconds that an assertion may run: it is made for one request."""
_LEEWAY: Final = 30
_SECOND: Final = 1_000_000
_MOST_BYTES: Final = 4096


def public_keys_in(text: str) -> str:
    """Return a platform's public keys as they are stored. Raises `BadPlatformError`."""
    try:
        keys = KeySet.import_key_set(json.loads(text)).keys
    except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadPlatformError('the file must hold a JSON Web Key Set, as in `{"keys": [...]}`') from error
    if not keys or any(key.key_type != "EC" or key.as_dict().get("crv") != "P-256" for key in keys):
        raise BadPlatformError("give one or more EC keys on the curve P-256, for ES256")
    if any(key.is_private for key in keys):
        raise BadPlatformError("this file holds a private key: keep it, and give us the public one alone")
    return json.dumps({"keys": [key.as_dict(private=False) for key in keys]})


def issuer_in(assertion: str) -> str:
    """Return who an assertion says it is from, unproven; empty if it says nothing."""
    try:
        body = assertion[:_MOST_BYTES].split(".")[1].encode()
        issuer = json.loads(urlsafe_b64decode(body + b"=" * (-len(body) % 4)))["iss"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return ""
    return issuer if isinstance(issuer, str) else ""


def claims_of(assertion: str, keys: str, expected: tuple[str, list[str]], now: Instant) -> dict[str, Any] | None:
    """Return what an assertion says, if the key of that client signed it for one of those audiences, and for now."""
    client_id, audiences = expected
    if len(assertion) > _MOST_BYTES:
        return None
    seconds = now // _SECOND
    registry = jwt.JWTClaimsRegistry(
        now=seconds,
        leeway=_LEEWAY,
        iss={"essential": True, "value": client_id},
        sub={"essential": True, "value": client_id},
        aud={"essential": True, "values": audiences},
        exp={"essential": True},
        jti={"essential": True},
    )
    try:
        claims = jwt.decode(assertion, KeySet.import_key_set(json.loads(keys)), algorithms=ALGORITHMS).claims
        registry.validate(claims)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return claims if claims["exp"] <= seconds + LONGEST + _LEEWAY else None


def spend(session: Session, client_id: str, claims: dict[str, Any], now: Instant) -> bool:
    """Use an assertion up; say whether it had not been used before."""
    SpentAssertion.forget_expired(session, now)
    digest = sha256(length_prefixed(client_id, str(claims["jti"]))).hexdigest()
    if session.get(SpentAssertion, digest) is not None:
        return False
    expires = (int(claims["exp"]) + 2 * _LEEWAY) * _SECOND
    session.add(SpentAssertion(digest=digest, expires=expires))
    return True
