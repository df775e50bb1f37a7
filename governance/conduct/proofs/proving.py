"""What a proof of control changes: a registration that was matched with its register becomes A4."""

from uuid import UUID

from sqlalchemy.orm import Session

from governance.conduct.findings import Findings, Verifier
from governance.conduct.held import live, settle, together
from governance.conduct.models import HcpRecord, HeldRegistration, SaidRegistration
from governance.conduct.proofs.models import ControlProof
from governance.conduct.proofs.service import ProofKind, type_code
from governance.conduct.standing import keep
from governance.conduct.verifying import Verifying
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Assurance, Instant, Status
from governance.sentences import Sentence

_REASONS = {
    ProofKind.SEEN: Sentence("somebody on our staff saw that the registration is yours"),
    ProofKind.MAIL: Sentence("you typed the code that went to an address your register or your employer gave"),
    ProofKind.POST: Sentence("you typed the code that went to an address your register or your employer gave"),
    ProofKind.PROVIDER: Sentence("you signed in where professionals are known, and your number is the one known there"),
}
_EVIDENCE = {
    ProofKind.SEEN: Sentence("proof of control: seen"),
    ProofKind.MAIL: Sentence("proof of control: mail"),
    ProofKind.POST: Sentence("proof of control: post"),
    ProofKind.PROVIDER: Sentence("proof of control: provider"),
}


def prove_by_code(session: Session, keyring: Keyring, hcp_id: UUID, typed: str, now: Instant) -> bool:
    """Take a code that a professional typed, and what follows of it; say whether it was the right one."""
    HcpRecord.locked(session, hcp_id)
    proof = type_code(session, keyring, hcp_id, typed, now)
    if proof is not None:
        follow(session, keyring, proof, Verifier("self"), now)
    return proof is not None


def follow(session: Session, keyring: Keyring, proof: ControlProof, by: Verifier, now: Instant) -> None:
    """Have a proof count for the registration it is about, if that was matched already; else it waits for the match."""
    row = session.get(HeldRegistration, proof.number_digest)
    record = HcpRecord.locked(session, proof.hcp_id)
    if row is None or record is None or row.hcp_id != proof.hcp_id or row.ended is not None:
        return
    if row.assurance != Assurance.A3:
        return
    row.assurance = int(Assurance.A4)
    keep(session, keyring, row)
    settle(session, keyring, record, together(live(session, record.id)), now=now)
    kind = ProofKind(proof.kind)
    found = Findings(
        assurance=Assurance.A4,
        status=Status(row.status),
        evidence=_EVIDENCE[kind].text,
        reason=_REASONS[kind].text,
    )
    said = session.get_one(SaidRegistration, row.said_id)
    Verifying(session, keyring, by, now).keep(record, found, "proven", said)
