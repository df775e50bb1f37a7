"""Use cases of a verifier: look at a registration, mark what the register says, end a record. Every act stays."""

import hashlib
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from governance.conduct.errors import (
    NotMatchedError,
    NotRegisteredError,
    NumberTakenError,
    OwnRecordError,
    RecordChangedError,
)
from governance.conduct.models import HcpAccount, HcpRecord, RegisterCheck, SaidRegistration
from governance.conduct.numbers import read_number
from governance.conduct.service import OwnWords, own_words
from governance.conduct.standing import claims_with, keep, note, said, say, verified_span
from governance.crypto.data_keys import DataKeys, owner_of
from governance.crypto.keys import Keyring
from governance.db.base import new_id
from governance.decision.provisions import NEVER
from governance.decision.vocabulary import BEGINNING, Assurance, Instant, Status
from governance.effective.roster import seal_badge
from governance.ledger.service import pseudonym
from governance.policy.views.registers import HcpRegister

_FINDINGS: Final = ("register_check", "sealed_findings")
MARKS: Final = (Assurance.A0, Assurance.A3, Assurance.A4)
"""What a look at the register can come to: nobody was found, somebody was, somebody was and proved it."""
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
    """All that a verifier needs about one record. `others`: records that say the number is theirs."""

    record: HcpRecord
    words: OwnWords | None
    done: tuple[Done, ...]
    others: tuple[UUID, ...]
    last: str
    """Names the state of the record; what is marked must be what was seen."""


class Verifying:
    """A verifier's acts, in one transaction."""

    def __init__(self, session: Session, keyring: Keyring, verifier: Verifier, now: Instant) -> None:
        """Act as this verifier at this instant."""
        self._session = session
        self._keyring = keyring
        self._verifier = verifier
        self._now = now

    def check(self, hcp_id: UUID, found: Findings, register: HcpRegister, *, until: Instant, last: str) -> None:
        """Write down a look at the register; what it found counts from the next decision to `until`.

        Raises `OwnRecordError`, `RecordChangedError`, `NotMatchedError`, `NumberTakenError`, `NotRegisteredError`.
        """
        record = self.taken(hcp_id, last)
        words = own_words(self._session, self._keyring, hcp_id)
        if found.assurance is Assurance.A0:
            self.put(record, found, "not_found", BEGINNING)
            return
        if words is None:
            raise NotMatchedError("this record has no number to match; let them register it first")
        _bears(found, words, register)
        self._match(record, words)
        keys = DataKeys(self._session, self._keyring)
        record.sealed_name = seal_badge(keys, str(hcp_id), found.name)
        record.profession = words.profession
        self.put(record, found, "check", until, badge=record.sealed_name)

    def mark(self, hcp_id: UUID, status: Status, *, evidence: str, reason: str, last: str) -> None:
        """Write down that the register says something worse than before; the very next decision follows it.

        Raises `OwnRecordError`, `RecordChangedError`, `NotMatchedError`, `NotRegisteredError`.
        """
        record = self.taken(hcp_id, last)
        opens = status is Status.RESTRICTED and Status(record.status) not in {Status.GOOD, Status.RESTRICTED}
        if status not in WORSE or opens:
            raise NotMatchedError("look the entry up and mark all of it; a better status cannot be set alone")
        found = Findings(assurance=Assurance(record.assurance), status=status, evidence=evidence, reason=reason)
        self.put(record, found, "status", Instant(record.checked_until))

    def end(self, hcp_id: UUID, *, evidence: str, reason: str, last: str) -> None:
        """End a registration; its accounts stay governed, and are permitted nothing as a professional's.

        Raises `OwnRecordError`, `RecordChangedError`, `NotRegisteredError`.
        """
        record = self.taken(hcp_id, last)
        found = Findings(assurance=Assurance.A0, status=Status.UNKNOWN, evidence=evidence, reason=reason)
        self.put(record, found, "end", BEGINNING, attested=tuple(NEVER))
        record.ended = self._now
        keep(self._session, self._keyring, record)

    def taken(self, hcp_id: UUID, last: str) -> HcpRecord:
        """Return a record that nobody else changes meanwhile, as the verifier saw it.

        Raises `OwnRecordError`, `RecordChangedError`, `NotRegisteredError`.
        """
        record = HcpRecord.locked(self._session, hcp_id)
        if record is None:
            raise NotRegisteredError("there is no such registration; look at the list again")
        if self._is_own(record):
            raise OwnRecordError("nobody marks their own registration; ask another verifier")
        if state_of(self._session, record) != last:
            raise RecordChangedError("this registration changed since you opened it; look at it again")
        return record

    def _is_own(self, record: HcpRecord) -> bool:
        subject, name = self._verifier.subject_digest, _folded(self._verifier.name)
        if subject and HcpAccount.is_subject_of(self._session, record.id, subject):
            return True
        # A person may sign in as staff at one place and as a member at another: then the name is all there is to see.
        words = own_words(self._session, self._keyring, record.id)
        return bool(name) and words is not None and _folded(words.name) == name

    def _match(self, record: HcpRecord, words: OwnWords) -> None:
        latest = SaidRegistration.latest(self._session, record.id)
        digest = "" if latest is None else latest.number_digest
        holder = HcpRecord.matched_with(self._session, digest)
        if holder is not None and holder.id != record.id:
            raise NumberTakenError(
                f"another record was matched with this {words.register} number; one of the two is not who they say"
            )
        record.number_digest = digest

    def put(self, record: HcpRecord, found: Findings, act: str, until: Instant, **members: Any) -> None:  # noqa: ANN401 - a fragment's own
        """Write down an act and what a record is by it."""
        record.assurance, record.status = int(found.assurance), found.status.value
        record.checked_until, record.waiting_since = until, None
        keep(self._session, self._keyring, record)
        before = said(self._session, self._keyring, record.id, self._now).get("claims", [])
        span = verified_span(found.assurance, found.status, self._now, until)
        standing = {
            "assurance": record.assurance,
            "status": record.status,
            "checked_until": int(until),
            "claims": claims_with(before, record.profession, span),
        }
        say(self._session, self._keyring, record.id, self._now, **standing, **members)
        self.keep(record, found, act)

    def keep(self, record: HcpRecord, found: Findings, act: str) -> None:
        """Write an act into the history of a record and into the ledger."""
        number = new_id()
        key = DataKeys(self._session, self._keyring).of(owner_of("hcp", record.id))
        sealed = key.seal(msgspec.json.encode(asdict(found)), *_FINDINGS, str(number))
        done = RegisterCheck(
            id=number,
            hcp_id=record.id,
            at=self._now,
            act=act,
            by=self._verifier.id,
            assurance=record.assurance,
            status=record.status,
            checked_until=record.checked_until,
            sealed_findings=sealed,
        )
        keep(self._session, self._keyring, done)
        # Sealed at random, so the digest says nothing; yet the evidence cannot be changed behind the ledger.
        by = pseudonym(self._keyring, "staff", self._verifier.id)
        facts = {"act": act, "by": by, "findings": hashlib.sha256(sealed).hexdigest()}
        note(self._session, self._keyring, record.id, self._now, facts)


def case_file(session: Session, keyring: Keyring, hcp_id: UUID) -> CaseFile:
    """Return all about one record. Raises `NotRegisteredError`."""
    record = session.get(HcpRecord, hcp_id)
    if record is None:
        raise NotRegisteredError("there is no such registration; look at the list again")
    latest = SaidRegistration.latest(session, hcp_id)
    others = () if latest is None else tuple(SaidRegistration.others_with(session, latest.number_digest, hcp_id))
    done = done_to(session, keyring, hcp_id)
    return CaseFile(record, own_words(session, keyring, hcp_id), done, others, state_of(session, record))


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
            msgspec.json.decode(key.unseal(row.sealed_findings, *_FINDINGS, str(row.id)), type=Findings),
        )
        for row in rows
    )


def state_of(session: Session, record: HcpRecord) -> str:
    """Return what names the state of a record: the last words and the last act."""
    latest, done = SaidRegistration.latest(session, record.id), RegisterCheck.newest_first(session, record.id)
    return f"{'' if latest is None else latest.id}/{done[0].id if done else ''}"


def _bears(found: Findings, words: OwnWords, register: HcpRegister) -> None:
    """Raise `NotMatchedError` unless what was seen is enough for what is to be marked."""
    if found.assurance not in MARKS or found.status is Status.UNKNOWN or found.status is Status.STALE:
        raise NotMatchedError("mark A3 or A4 with the status that the register shows")
    if not found.name.strip() or not found.evidence.strip() or not found.reason.strip():
        raise NotMatchedError("write the name on the register, what you saw, and the reason")
    if read_number(register, found.number).number != words.number:
        raise NotMatchedError("the number on the register is not the one they gave; mark that nobody was found")
    if found.assurance is Assurance.A4 and not found.proof.strip():
        raise NotMatchedError("for A4, write what showed that the entry is theirs")
    if not register.licence and not found.licence.strip():
        raise NotMatchedError("this register holds no licences; write where you saw the licence")


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
