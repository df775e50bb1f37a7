"""Signed proof that a report came in, and what it said, in a form that anybody can check without us.

Compact JWS (RFC 7515) with Ed25519 (RFC 8037). It names nobody and holds no code: a hash over what was written, with
a random salt, and the day. Who kept what they wrote can show later that nothing of it was changed.
"""

import base64
import secrets
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.jwk import OKPKey
from joserfc.jws import JWSRegistry

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.reporting.keeping.drafts import Draft

TYPE: Final = "filing-receipt+jwt"
_ALGORITHM: Final = "EdDSA"
"""RFC 9864 prefers the name `Ed25519`; most libraries know this one alone."""
_PURPOSE: Final = "filing-receipts"
_SALT_BYTES: Final = 16


class _Registry(JWSRegistry):
    """The one algorithm of ours, without the warning about its name."""

    def get_alg(self, name: str) -> Any:  # noqa: ANN401 - the library does not export the type
        """Return it; no other name is ours."""
        return self.algorithms[name] if name == _ALGORITHM else super().get_alg(name)


def proof_of_filing(keyring: Keyring, issuer: str, draft: Draft, now: Instant) -> str:
    """Return the proof that a report came in today."""
    key, salt = _key(keyring), secrets.token_hex(_SALT_BYTES)
    header = {"alg": _ALGORITHM, "kid": key.thumbprint(), "typ": TYPE}
    day = datetime.fromtimestamp(now // 1_000_000, UTC).date().isoformat()
    claims = {"iss": issuer, "filed": day, "salt": salt, "sha256": digest_of(draft, salt)}
    return jws.serialize_compact(header, rfc8785.dumps(claims), key, registry=_Registry(algorithms=[_ALGORITHM]))


def digest_of(draft: Draft, salt: str) -> str:
    """Return the hash over what a report says, 64 hexadecimal digits."""
    header, body = draft.header, draft.body
    said: dict[str, Any] = {
        "salt": salt,
        "kind": header.kind,
        "danger_now": header.danger_now,
        "minor": header.minor,
        "what": body.what,
        "where": body.where,
        "who": body.who,
        "wish": body.wish,
        "evidence": list(body.evidence),
    }
    return sha256(rfc8785.dumps(said)).hexdigest()


def public_key(keyring: Keyring) -> dict[str, Any]:
    """Return the key that checks such proofs, as a JWK (RFC 7517)."""
    key = _key(keyring)
    return {**key.as_dict(private=False), "kid": key.thumbprint(), "use": "sig", "alg": _ALGORITHM}


def _key(keyring: Keyring) -> OKPKey:
    seed = keyring.derive(_PURPOSE)
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "d": _base64(seed), "x": _base64(public)})


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
