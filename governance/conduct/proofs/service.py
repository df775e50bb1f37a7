"""Use cases of proving control: what a verifier saw, a code that went to a known address, a provider that vouches.

A proof alone opens nothing: the registration must be matched with the register as well.
"""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.conduct.errors import NotMatchedError
from governance.conduct.models import SaidRegistration
from governance.conduct.proofs.models import ControlProof
from governance.conduct.standing import keep, note
from governance.config.mail import is_address
from governance.crypto.data_keys import DataKeys, owner_of
from governance.crypto.keys import Keyring
from governance.crypto.spoken import code_digest, new_code
from governance.db.base import new_id
from governance.decision.vocabulary import Instant
from governance.ledger.outbox.mailing import Letter, enqueue_mail
from governance.ui.mail import Notice

_DETAIL: Final = ("control_proof", "sealed_detail")
_PURPOSE: Final = "control"
_BITS: Final = 50
MOST_TRIES: Final = 5


class ProofKind(StrEnum):
    """How control was, or is to be, proven."""

    SEEN = "seen"
    """A verifier saw them by video, or a document that only they have."""
    MAIL = "mail"
    """A code to an address that the register or the employer gave for them."""
    POST = "post"
    PROVIDER = "provider"
    """They signed in where professionals are known."""


@dataclass(frozen=True, slots=True)
class Act:
    """Who did it, and when."""

    by: str
    at: Instant


def note_seen(session: Session, keyring: Keyring, said: SaidRegistration, detail: str, act: Act) -> ControlProof:
    """Write down what a verifier saw that showed whose the registration is. Raises `NotMatchedError`."""
    if not detail.strip():
        raise NotMatchedError("write what showed that the entry is theirs")
    return _begin(session, keyring, said, (ProofKind.SEEN, detail), act, proven=act.at)


def note_vouched(session: Session, keyring: Keyring, said: SaidRegistration, issuer: str, act: Act) -> ControlProof:
    """Write down that a provider of professionals' identities told their number to somebody who signed in there."""
    return _begin(session, keyring, said, (ProofKind.PROVIDER, issuer), act, proven=act.at)


def send_code(  # noqa: PLR0913 - whose, where to, by whom, and for how long
    session: Session, keyring: Keyring, said: SaidRegistration, to: tuple[ProofKind, str], act: Act, *, lasts: timedelta
) -> str:
    """Send a code by mail in their language, or return the one that a letter is to hold; an older one counts no more.

    `to`: an address that the register or the employer gave, never one that the professional did.
    Raises `NotMatchedError`.
    """
    kind, address = to
    if kind not in {ProofKind.MAIL, ProofKind.POST} or not address.strip():
        raise NotMatchedError("give the address that the register or the employer has for them")
    if kind is ProofKind.MAIL and not is_address(address):
        raise NotMatchedError("we cannot write to this address; type it like name@example.org")
    _take_back(session, keyring, said.hcp_id)
    proof = _begin(session, keyring, said, (kind, address), act)
    code = new_code(_BITS)
    proof.code_digest = code_digest(keyring, _PURPOSE, f"{proof.id.hex}{code}")
    proof.code_until = act.at + lasts // timedelta(microseconds=1)
    keep(session, keyring, proof)
    if kind is ProofKind.MAIL:
        owner = owner_of("hcp", said.hcp_id)
        letter = Letter(owner, address, Notice.REGISTRATION_CODE, code, said.language or "")
        enqueue_mail(session, keyring, letter, now=act.at)
        return ""
    return code


def type_code(session: Session, keyring: Keyring, hcp_id: UUID, typed: str, now: Instant) -> ControlProof | None:
    """Take a code that a professional typed; return what it proves, or nothing. After five wrong ones none does."""
    proof = ControlProof.awaited(session, hcp_id)
    if proof is None or proof.tries >= MOST_TRIES or now >= proof.code_until:
        return None
    proof.tries += 1
    digest = code_digest(keyring, _PURPOSE, f"{proof.id.hex}{typed}")
    if hmac.compare_digest(proof.code_digest, digest):
        proof.proven, proof.code_digest = now, ""
        note(session, keyring, hcp_id, now, {"act": "proof", "kind": proof.kind})
    keep(session, keyring, proof)
    return proof if proof.proven is not None else None


def is_awaited(session: Session, hcp_id: UUID, now: Instant) -> bool:
    """Say whether a code is on its way that may still be typed."""
    proof = ControlProof.awaited(session, hcp_id)
    return proof is not None and proof.tries < MOST_TRIES and now < proof.code_until


def detail_of(session: Session, keyring: Keyring, proof: ControlProof) -> str:
    """Return what a proof rests on, opened."""
    key = DataKeys(session, keyring).known(owner_of("hcp", proof.hcp_id))
    return key.unseal(proof.sealed_detail, *_DETAIL, str(proof.id)).decode()


def _begin(  # noqa: PLR0913 - what it is about, how, by whom
    session: Session,
    keyring: Keyring,
    said: SaidRegistration,
    what: tuple[ProofKind, str],
    act: Act,
    *,
    proven: Instant | None = None,
) -> ControlProof:
    kind, detail = what
    number = new_id()
    key = DataKeys(session, keyring).of(owner_of("hcp", said.hcp_id))
    proof = ControlProof(
        id=number,
        hcp_id=said.hcp_id,
        number_digest=said.number_digest,
        kind=kind.value,
        begun=act.at,
        proven=proven,
        by=act.by,
        sealed_detail=key.seal(detail.encode(), *_DETAIL, str(number)),
        code_digest="",
        code_until=0,
        tries=0,
    )
    keep(session, keyring, proof)
    did = "proof" if proven is not None else "proof_begun"
    note(session, keyring, said.hcp_id, act.at, {"act": did, "kind": kind.value})
    return proof


def _take_back(session: Session, keyring: Keyring, hcp_id: UUID) -> None:
    for proof in ControlProof.of_hcp(session, hcp_id):
        if proof.code_digest:
            proof.code_digest = ""
            keep(session, keyring, proof)
