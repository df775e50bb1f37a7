"""What verifiers find and did: one look, one act, all about one record."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from governance.conduct.errors import NotRegisteredError
from governance.conduct.held import in_hand
from governance.conduct.models import HcpRecord, RegisterCheck, SaidRegistration
from governance.conduct.service import OwnWords, opened
from governance.crypto.data_keys import DataKeys, owner_of
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Assurance, Instant, Status

FINDINGS: Final = ("register_check", "sealed_findings")
VOUCHED: Final = (Assurance.A1, Assurance.A2)
"""Somebody vouches, or a document was seen: it is written down, and lets nobody act as a professional."""
MARKS: Final = (Assurance.A0, *VOUCHED, Assurance.A3, Assurance.A4)
"""What a look can come to: nobody found, somebody vouched, a document seen, the register, register and person."""
WORSE: Final = (Status.RESTRICTED, Status.LAPSED, Status.SUSPENDED, Status.REMOVED, Status.UNKNOWN)
"""What a register may turn to; `good` needs a whole look, and `stale` comes by time alone."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """Who does it: a member of staff, by their id and by the subject they sign in as."""

    id: str
    subject_digest: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a verifier saw on the register, and what it rests on; `reason` is shown to the professional."""

    assurance: Assurance
    status: Status
    name: str = ""
    number: str = ""
    evidence: str
    reason: str
    proof: str = ""
    """For A4: what showed that the entry is theirs."""
    licence: str = ""
    """Where the register is none of licences: on which one the licence was seen."""
    renews: date | None = None
    """The registration's last day, if the register shows one: no look counts longer."""


@dataclass(frozen=True, slots=True)
class Done:
    """One act on a record, opened."""

    at: Instant
    act: str
    by: str
    assurance: Assurance
    status: Status
    checked_until: Instant
    findings: Findings


@dataclass(frozen=True, slots=True)
class CaseFile:
    """All that a verifier needs about one record and one registration of it.

    `others`: records that say the number is theirs.
    """

    record: HcpRecord
    said_id: UUID | None
    words: OwnWords | None
    done: tuple[Done, ...]
    others: tuple[UUID, ...]
    last: str
    """Names the state of the record; what is marked must be what was seen."""


def case_file(session: Session, keyring: Keyring, hcp_id: UUID, of: UUID | None = None) -> CaseFile:
    """Return all about one record, with the registration that is asked for, or the one that is in hand.

    Raises `NotRegisteredError`.
    """
    record = session.get(HcpRecord, hcp_id)
    if record is None:
        raise NotRegisteredError("there is no such registration; look at the list again")
    said = said_of(session, hcp_id, of)
    others = () if said is None else tuple(SaidRegistration.others_with(session, said.number_digest, hcp_id))
    words, done = None if said is None else opened(session, keyring, said), done_to(session, keyring, hcp_id)
    return CaseFile(record, None if said is None else said.id, words, done, others, _state(said, session, hcp_id))


def said_of(session: Session, hcp_id: UUID, of: UUID | None) -> SaidRegistration | None:
    """Return what a professional said that is asked for; the registration in hand if nothing of theirs is."""
    asked = None if of is None else session.get(SaidRegistration, of)
    return asked if asked is not None and asked.hcp_id == hcp_id else in_hand(session, hcp_id)


def done_to(session: Session, keyring: Keyring, hcp_id: UUID) -> tuple[Done, ...]:
    """Return every act on a record, newest first."""
    rows = RegisterCheck.newest_first(session, hcp_id)
    if not rows:
        return ()
    key = DataKeys(session, keyring).known(owner_of("hcp", hcp_id))
    return tuple(
        Done(
            Instant(row.at),
            row.act,
            row.by,
            Assurance(row.assurance),
            Status(row.status),
            Instant(row.checked_until),
            msgspec.json.decode(key.unseal(row.sealed_findings, *FINDINGS, str(row.id)), type=Findings),
        )
        for row in rows
    )


def state_of(session: Session, record: HcpRecord, of: UUID | None = None) -> str:
    """Return what names the state of a record: a registration's last words, and the last act."""
    return _state(said_of(session, record.id, of), session, record.id)


def said_in(last: str) -> UUID | None:
    """Return which registration a state is about."""
    try:
        return UUID(last.partition("/")[0])
    except ValueError:
        return None


def _state(said: SaidRegistration | None, session: Session, hcp_id: UUID) -> str:
    done = RegisterCheck.newest_first(session, hcp_id)
    return f"{'' if said is None else said.id}/{done[0].id if done else ''}"
