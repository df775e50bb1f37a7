"""Signed receipts: what a patient chose and when, in a form that anybody can check without us.

Compact JWS (RFC 7515) with Ed25519 (RFC 8037). It names nobody: the patient is a pseudonym, those in the care team
are a number.
"""

import base64
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.jwk import OKPKey
from joserfc.jws import JWSRegistry
from sqlalchemy.orm import Session

from governance.crypto.data_keys import DataKeys, KeyGoneError, owner_of
from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import EpochGoneError, Keyring
from governance.db.base import new_id
from governance.decision.vocabulary import Instant
from governance.ledger.service import append, pseudonym
from governance.optout.history import first_shown
from governance.optout.models import Directive, Receipt
from governance.optout.receipt_record import About, Notice, payload_of
from governance.optout.service import open_directive

TYPE: Final = "consent-receipt+jwt"
ALGORITHM: Final = "EdDSA"
"""RFC 9864 prefers the name `Ed25519`; most libraries know this one alone. The key and the signature are the same."""
_UNREADABLE: Final = (EnvelopeError, EpochGoneError, KeyGoneError)
_PURPOSE: Final = "receipts"
_SUBJECT: Final = "receipts.subject"
_BYTES_OF_SUBJECT: Final = 16


class _Registry(JWSRegistry):
    """The one algorithm of ours, without the warning about its name."""

    def get_alg(self, name: str) -> Any:  # noqa: ANN401 - the library does not export the type
        """Return it; no other name is ours."""
        return self.algorithms[name] if name == ALGORITHM else super().get_alg(name)


@dataclass(frozen=True, slots=True)
class Receipts:
    """Gives receipts in the name of this service."""

    keyring: Keyring
    issuer: str
    notice_of: Callable[[Session, UUID], Notice | None]

    def give(self, session: Session, directive: Directive, now: Instant) -> Receipt | None:
        """Return the receipt of a version, made now if there is none.

        None for a person whose fields cannot be read any more: no receipt may stand between them and a no.
        """
        given = Receipt.of_version(session, directive.patient_id, directive.version)
        try:
            return given or self._make(session, directive, now)
        except _UNREADABLE:
            return None

    def read(self, session: Session, receipt: Receipt) -> str:
        """Return a receipt as it was signed. Raises `KeyGoneError`."""
        return signed_in_row(DataKeys(session, self.keyring), receipt)

    def public_key(self) -> dict[str, Any]:
        """Return the key that checks receipts, as a JWK (RFC 7517)."""
        key = _key(self.keyring)
        return {**key.as_dict(private=False), "kid": key.thumbprint(), "use": "sig", "alg": ALGORITHM}

    def _make(self, session: Session, directive: Directive, now: Instant) -> Receipt:
        keys, patient_id = DataKeys(session, self.keyring), directive.patient_id
        body = open_directive(keys, directive)
        # THREAT: of a hidden history neither a number nor a withdrawal may tell.
        first = first_shown(session, patient_id)
        hidden = 0 if first is None else min(first.version, directive.version) - 1
        earlier = Directive.of_version(session, patient_id, directive.version - 1)
        before = None if earlier is None or earlier.version <= hidden else open_directive(keys, earlier)
        receipt = Receipt(id=new_id(), patient_id=patient_id, version=directive.version, issued=now)
        about = About(
            id=receipt.id,
            issuer=self.issuer,
            subject=_subject(self.keyring, patient_id),
            version=directive.version - hidden,
            chosen=Instant(directive.at),
            issued=now,
            notice=self.notice_of(session, patient_id),
        )
        signed = sign_record(self.keyring, payload_of(about, before, body), TYPE)
        receipt.sealed_jws = keys.of(owner_of("patient", patient_id)).seal(signed.encode(), *_place(receipt))
        session.add(receipt)
        session.flush()
        self._enter(session, receipt, signed)
        return receipt

    def _enter(self, session: Session, receipt: Receipt, signed: str) -> None:
        whose = pseudonym(self.keyring, "patient", str(receipt.patient_id))
        digest = sha256(signed.encode()).hexdigest()
        facts: dict[str, str | int] = {"subject": whose, "version": receipt.version, "sha256": digest}
        append(session, self.keyring, Instant(receipt.issued), "receipt", facts)


def signed_in_row(keys: DataKeys, receipt: Receipt) -> str:
    """Return a receipt as it was signed. Raises `KeyGoneError`, `EnvelopeError`."""
    key = keys.known(owner_of("patient", receipt.patient_id))
    return key.unseal(receipt.sealed_jws, *_place(receipt)).decode()


def sign_record(keyring: Keyring, payload: dict[str, Any], kind: str) -> str:
    """Return a record of a kind of its own, signed by the key of receipts, which is among our published ones."""
    key = _key(keyring)
    header = {"alg": ALGORITHM, "kid": key.thumbprint(), "typ": kind}
    return jws.serialize_compact(header, rfc8785.dumps(payload), key, registry=_Registry(algorithms=[ALGORITHM]))


def _key(keyring: Keyring) -> OKPKey:
    seed = keyring.derive(_PURPOSE)
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "d": _base64(seed), "x": _base64(public)})


def _subject(keyring: Keyring, patient_id: UUID) -> str:
    digest = hmac.digest(keyring.derive(_SUBJECT), patient_id.bytes, "sha256")
    return f"pw_{_base64(digest[:_BYTES_OF_SUBJECT])}"


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _place(receipt: Receipt) -> tuple[str, str, str]:
    return "receipt", "sealed_jws", f"{receipt.patient_id}/{receipt.version}/{receipt.id}"
