"""How a professional stands, as decisions know it: one fragment, changed member by member.

What is in force is proven, these tables are not: every change begins from what was said last.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.conduct.due.models import HcpNotice
from governance.conduct.messaging.service import watch
from governance.conduct.models import (
    Attestation,
    HcpAccount,
    HcpRecord,
    HeldRegistration,
    NamedPlace,
    RegisterCheck,
    SaidRegistration,
)
from governance.conduct.proofs.models import ControlProof
from governance.conduct.rules.models import AcceptedRule
from governance.conduct.sanctions.models import Sanction, SanctionStep
from governance.conduct.work.models import Affiliation
from governance.crypto.data_keys import owner_of
from governance.crypto.keys import Keyring, length_prefixed
from governance.decision.provisions import NEVER, WhoKind
from governance.decision.vocabulary import Assurance, Instant, Status
from governance.effective.service import Register
from governance.ledger import rows
from governance.ledger.entries import Facts
from governance.ledger.service import append, pseudonym

ROOM: Final = "conduct"
AboutHcp = (
    Affiliation
    | Attestation
    | ControlProof
    | HcpAccount
    | HcpNotice
    | HeldRegistration
    | NamedPlace
    | RegisterCheck
    | SaidRegistration
    | Sanction
    | SanctionStep
    | AcceptedRule
)
_SEEN: Final = frozenset({Status.GOOD, Status.RESTRICTED})
"""What a register says of somebody who is on it and may act, at least in part."""


def say(session: Session, keyring: Keyring, hcp_id: UUID, now: Instant, **members: Any) -> None:  # noqa: ANN401 - a fragment's own
    """Change some members of what this room says about a professional; the very next decision reads it."""
    # Before and after: of somebody who was never looked at, the end would be taken for the beginning.
    watch(session, keyring, hcp_id, now)
    register = Register(session, keyring, now)
    register.put("hcp", str(hcp_id), ROOM, {**register.said("hcp", str(hcp_id), ROOM), **members})
    watch(session, keyring, hcp_id, now)


def said(session: Session, keyring: Keyring, hcp_id: UUID, now: Instant) -> dict[str, Any]:
    """Return what this room said about a professional last. Raises `BrokenRowError`."""
    return Register(session, keyring, now).said("hcp", str(hcp_id), ROOM)


def keep(session: Session, keyring: Keyring, row: HcpRecord | AboutHcp) -> None:
    """Write a new or changed row about a professional; a restored database has it again."""
    hcp_id = row.id if isinstance(row, HcpRecord) else row.hcp_id
    rows.keep(session, keyring, row, of=owner_of("hcp", hcp_id))


def note(session: Session, keyring: Keyring, hcp_id: UUID, now: Instant, facts: Facts) -> None:
    """Write an act into the ledger; `facts` hold nothing personal."""
    whose = pseudonym(keyring, "hcp", str(hcp_id))
    append(session, keyring, now, "conduct", {"hcp": whose, **facts})


def claims_with(
    claims: list[dict[str, Any]], professions: Mapping[str, tuple[int, int] | None]
) -> list[dict[str, Any]]:
    """Return the claims with these professions first, each verified or not, and no other profession verified.

    A claim once made stays: refusals match any that was ever made. Where somebody works is another matter.
    """
    others = {claim["name"] for claim in claims if claim["who"] == WhoKind.PROFESSION} - professions.keys()
    spans = {**professions, **dict.fromkeys(sorted(others))}
    kept = [claim for claim in claims if claim["who"] != WhoKind.PROFESSION]
    return [*(_profession(name, span) for name, span in spans.items()), *kept]


def claims_of_work(
    claims: list[dict[str, Any]], organisation_key: str, verified: tuple[int, int] | None
) -> list[dict[str, Any]]:
    """Return the claims with one organisation, verified or not; it stays once it was claimed."""
    claim = {"who": WhoKind.ORGANISATION, "name": organisation_key, "verified": verified or tuple(NEVER)}
    others = [one for one in claims if (one["who"], one["name"]) != (WhoKind.ORGANISATION, organisation_key)]
    return [*others, claim]


def unverified(claims: list[dict[str, Any]], told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the claims that were not told before, for refusals: what was verified was verified of another record."""
    known = {(claim["who"], claim["name"]) for claim in told}
    return [{**one, "verified": tuple(NEVER)} for one in claims if (one["who"], one["name"]) not in known]


def _profession(name: str, verified: tuple[int, int] | None) -> dict[str, Any]:
    return {"who": WhoKind.PROFESSION, "name": name, "verified": verified or tuple(NEVER)}


def verified_span(assurance: Assurance, status: Status, now: Instant, until: Instant) -> tuple[int, int] | None:
    """Return for how long a profession counts as verified, if at all."""
    return (int(now), int(until)) if assurance >= Assurance.A3 and status in _SEEN else None


def number_digest(keyring: Keyring, register: str, number: str) -> str:
    """Return under which digest a register's number is known; 43 characters of base64url."""
    mac = hmac.digest(keyring.derive("blind-index.registration"), length_prefixed(register, number), "sha256")
    return urlsafe_b64encode(mac).rstrip(b"=").decode()
