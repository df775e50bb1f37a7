"""Use cases of a verifier: look at a registration, mark what the register says, end a record. Every act stays."""

import hashlib
from dataclasses import asdict
from datetime import timedelta
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
from governance.conduct.findings import FINDINGS, VOUCHED, WORSE, Findings, Verifier, said_in, state_of
from governance.conduct.held import MANUAL, NOTHING, Together, live, seal_name, settle, stands_worse, together
from governance.conduct.models import HcpRecord, HeldRegistration, RegisterCheck, SaidRegistration
from governance.conduct.names import is_own
from governance.conduct.numbers import read_number
from governance.conduct.proofs.models import ControlProof
from governance.conduct.proofs.service import Act, note_seen
from governance.conduct.service import OwnWords, is_name, opened
from governance.conduct.standing import keep, note
from governance.crypto.data_keys import DataKeys, owner_of
from governance.crypto.keys import Keyring
from governance.db.base import new_id
from governance.decision.provisions import NEVER
from governance.decision.vocabulary import BEGINNING, Assurance, Instant, Status
from governance.effective.roster import seal_badge
from governance.ledger.service import pseudonym
from governance.policy.views.registers import HcpRegister
from governance.sentences import Sentence
from governance.ui.clock import to_instant

_DAY: Final = timedelta(days=1) // timedelta(microseconds=1)
_REPORT: Final = Sentence("a report")


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

        `last` says which registration was looked at. No look counts longer than the registration itself.
        Raises `OwnRecordError`, `RecordChangedError`, `NotMatchedError`, `NumberTakenError`, `NotRegisteredError`.
        """
        record = self.taken(hcp_id, last)
        self._refuse_own(record, found.name)
        said = None if said_in(last) is None else self._session.get_one(SaidRegistration, said_in(last))
        if found.assurance is Assurance.A0:
            self._not_found(record, said, found)
            return
        if said is None:
            raise NotMatchedError("this record has no number to match; let them register it first")
        if found.assurance in VOUCHED:
            self._vouched(record, said, found)
            return
        words = opened(self._session, self._keyring, said)
        bears(found, words, register)
        row = self._matched(said)
        self._prove(said, found)
        last_day = None if found.renews is None else to_instant(register.midnight_after(found.renews))
        self._hold(row, said, found, min(until, last_day or until), last_day)
        sealed = seal_badge(DataKeys(self._session, self._keyring), str(hcp_id), found.name)
        record.sealed_name = sealed
        self._settle(record, found, "check", said, badge=sealed)

    def mark(  # noqa: PLR0913 - what, why, and of which state
        self, hcp_id: UUID, status: Status, *, evidence: str, reason: str, last: str, everywhere: bool = False
    ) -> None:
        """Write down that a register says something worse than before; the very next decision follows it.

        `everywhere`: of every registration that somebody holds, where it is worse. Raises `OwnRecordError`,
        `RecordChangedError`, `NotMatchedError`, `NotRegisteredError`.
        """
        record = self.taken(hcp_id, last)
        said = None if said_in(last) is None else self._session.get_one(SaidRegistration, said_in(last))
        rows = live(self._session, hcp_id)
        meant = rows if everywhere else [row for row in rows if said and row.number_digest == said.number_digest]
        # Nothing was matched with what is in hand: then it is about all that is held.
        worse = [row for row in meant or rows if not _opens(Status(row.status), status)]
        if status not in WORSE or (rows and not worse) or (not rows and _opens(Status(record.status), status)):
            raise NotMatchedError("look the entry up and mark all of it; a better status cannot be set alone")
        for row in worse:
            row.status = status.value
            keep(self._session, self._keyring, row)
        found = Findings(assurance=Assurance(record.assurance), status=status, evidence=evidence, reason=reason)
        alone = Together(found.assurance, status, Instant(record.checked_until))
        self._settle(record, found, "status", said if len(worse) == 1 else None, alone=alone)

    def leave(self, hcp_id: UUID, *, evidence: str, reason: str, last: str) -> None:
        """End the one registration that is looked at: they left that register; what else they hold stands for itself.

        Raises `OwnRecordError`, `RecordChangedError`, `NotMatchedError`, `NotRegisteredError`.
        """
        record = self.taken(hcp_id, last)
        said = None if said_in(last) is None else self._session.get_one(SaidRegistration, said_in(last))
        rows = live(self._session, hcp_id)
        gone = [row for row in rows if said is not None and row.number_digest == said.number_digest]
        if not gone or len(rows) == len(gone):
            raise NotMatchedError("this is all they hold; end the registration as a whole")
        for row in gone:
            row.ended = self._now
            keep(self._session, self._keyring, row)
        left = together(live(self._session, hcp_id))
        found = Findings(assurance=left.assurance, status=left.status, evidence=evidence, reason=reason)
        self._settle(record, found, "left", said)

    def end(self, hcp_id: UUID, *, evidence: str, reason: str, last: str) -> None:
        """End a registration; its accounts stay governed, and are permitted nothing as a professional's.

        Raises `OwnRecordError`, `RecordChangedError`, `NotRegisteredError`.
        """
        record = self.taken(hcp_id, last)
        for row in live(self._session, hcp_id):
            row.ended = self._now
            keep(self._session, self._keyring, row)
        record.ended = self._now
        found = Findings(assurance=Assurance.A0, status=Status.UNKNOWN, evidence=evidence, reason=reason)
        self._settle(record, found, "end", None, attested=tuple(NEVER))

    def doubt(self, hcp_id: UUID, reason: str, *, days: int) -> None:
        """Have somebody look at once, because of a report; every last look counts for so many days more at most.

        Raises `NotRegisteredError`.
        """
        record = HcpRecord.locked(self._session, hcp_id)
        if record is None:
            raise NotRegisteredError("there is no such registration; look at the list again")
        ends = self._now + days * _DAY
        for row in live(self._session, hcp_id):
            row.checked_until = min(row.checked_until, ends)
            keep(self._session, self._keyring, row)
            said = self._session.get_one(SaidRegistration, row.said_id)
            said.looked = None
            keep(self._session, self._keyring, said)
        until = Instant(min(record.checked_until, ends))
        alone = Together(Assurance(record.assurance), Status(record.status), until)
        found = Findings(assurance=alone.assurance, status=alone.status, evidence=_REPORT.text, reason=reason)
        self._settle(record, found, "doubt", None, alone=alone)
        record.waiting_since = self._now
        keep(self._session, self._keyring, record)

    def taken(self, hcp_id: UUID, last: str) -> HcpRecord:
        """Return a record that nobody else changes meanwhile, as the verifier saw it.

        Raises `OwnRecordError`, `RecordChangedError`, `NotRegisteredError`.
        """
        record = HcpRecord.locked(self._session, hcp_id)
        if record is None:
            raise NotRegisteredError("there is no such registration; look at the list again")
        self._refuse_own(record)
        of = said_in(last)
        current = {row.id for row in SaidRegistration.current(self._session, hcp_id)}
        held = {row.said_id for row in live(self._session, hcp_id)}
        if state_of(self._session, record, of) != last or (of is not None and of not in current | held):
            raise RecordChangedError("this registration changed since you opened it; look at it again")
        return record

    def _refuse_own(self, record: HcpRecord, found: str = "") -> None:
        if is_own(self._session, self._keyring, record.id, self._verifier, found):
            raise OwnRecordError("nobody marks their own registration; ask another verifier")

    def _matched(self, said: SaidRegistration) -> HeldRegistration:
        row = self._session.get(HeldRegistration, said.number_digest)
        if row is None:
            return HeldRegistration(
                number_digest=said.number_digest, hcp_id=said.hcp_id, professions="", first_held=self._now
            )
        if row.hcp_id != said.hcp_id:
            taken = Sentence(
                "another record was matched with this %(register)s number; one of the two is not who they say"
            )
            raise NumberTakenError(taken._replace(values={"register": said.register}))
        return row

    def _hold(
        self,
        row: HeldRegistration,
        said: SaidRegistration,
        found: Findings,
        until: Instant,
        last_day: Instant | None,
    ) -> None:
        words = dict.fromkeys([*(row.professions.split() if row.ended is None else ()), said.profession])
        row.said_id, row.register, row.professions = said.id, said.register, " ".join(words)
        row.assurance, row.status, row.checked_until = int(found.assurance), found.status.value, until
        row.method, row.seen, row.renews, row.ended = MANUAL, self._now, last_day, None
        row.sealed_name = seal_name(self._session, self._keyring, row, found.name)
        keep(self._session, self._keyring, row)
        # A register gives a person one number for a profession: the one from before was mistyped, or is no more.
        for other in live(self._session, said.hcp_id):
            same = other.register == row.register and said.profession in other.professions.split()
            # THREAT: who was struck off under one number would be as good as new under another person's.
            if other is not row and same and not stands_worse(other):
                other.ended = self._now
                keep(self._session, self._keyring, other)

    def _prove(self, said: SaidRegistration, found: Findings) -> None:
        if found.assurance is not Assurance.A4 or ControlProof.standing(self._session, said.hcp_id, said.number_digest):
            return
        if not found.proof.strip():
            raise NotMatchedError("for A4, write what showed that the entry is theirs")
        note_seen(self._session, self._keyring, said, found.proof, Act(self._verifier.id, self._now))

    def _not_found(self, record: HcpRecord, said: SaidRegistration | None, found: Findings) -> None:
        row = None if said is None else self._session.get(HeldRegistration, said.number_digest)
        if row is not None and row.hcp_id == record.id and row.ended is None:
            row.assurance, row.status, row.checked_until = int(Assurance.A0), Status.UNKNOWN.value, BEGINNING
            keep(self._session, self._keyring, row)
        self._settle(record, found, "not_found", said, alone=NOTHING)

    def _vouched(self, record: HcpRecord, said: SaidRegistration, found: Findings) -> None:
        row = self._session.get(HeldRegistration, said.number_digest)
        if row is not None and row.ended is None:
            raise NotMatchedError("this number was matched with a register; mark what the register shows now")
        if found.status is not Status.UNKNOWN:
            raise NotMatchedError("only a register tells a status; mark A3 or A4, or leave the status out")
        if not found.evidence.strip() or not found.reason.strip():
            raise NotMatchedError("write who vouched or what you saw, and the reason")
        self._settle(record, found, "vouched", said, alone=Together(found.assurance, Status.UNKNOWN, BEGINNING))

    def _settle(
        self,
        record: HcpRecord,
        found: Findings,
        act: str,
        said: SaidRegistration | None,
        *,
        alone: Together = NOTHING,
        **members: Any,  # noqa: ANN401 - a fragment's own
    ) -> None:
        """Write down an act and what a record is by it; `alone`: what it is if nothing is held."""
        if said is not None and said.looked is None:
            said.looked = self._now
            keep(self._session, self._keyring, said)
        held = live(self._session, record.id)
        waits = any(row.looked is None for row in SaidRegistration.current(self._session, record.id))
        record.waiting_since = record.waiting_since if waits and record.ended is None else None
        settle(self._session, self._keyring, record, together(held) if held else alone, now=self._now, **members)
        self.keep(record, found, act, said)

    def keep(self, record: HcpRecord, found: Findings, act: str, said: SaidRegistration | None = None) -> None:
        """Write an act into the history of a record and into the ledger."""
        number = new_id()
        key = DataKeys(self._session, self._keyring).of(owner_of("hcp", record.id))
        sealed = key.seal(msgspec.json.encode(asdict(found)), *FINDINGS, str(number))
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
            said_id=None if said is None else said.id,
        )
        keep(self._session, self._keyring, done)
        # Sealed at random, so the digest says nothing; yet the evidence cannot be changed behind the ledger.
        by = pseudonym(self._keyring, "staff", self._verifier.id)
        facts = {"act": act, "by": by, "findings": hashlib.sha256(sealed).hexdigest()}
        note(self._session, self._keyring, record.id, self._now, facts)


def bears(found: Findings, words: OwnWords, register: HcpRegister) -> None:
    """Raise `NotMatchedError` unless what was seen is enough for what is to be marked."""
    if found.status is Status.UNKNOWN or found.status is Status.STALE:
        raise NotMatchedError("mark A3 or A4 with the status that the register shows")
    if not is_name(found.name) or not found.evidence.strip() or not found.reason.strip():
        raise NotMatchedError("write the name on the register, what you saw, and the reason")
    if read_number(register, found.number).number != words.number:
        raise NotMatchedError("the number on the register is not the one they gave; mark that nobody was found")
    if not register.licence and not found.licence.strip():
        raise NotMatchedError("this register holds no licences; write where you saw the licence")


def _opens(before: Status, after: Status) -> bool:
    return after is Status.RESTRICTED and before not in {Status.GOOD, Status.RESTRICTED}
