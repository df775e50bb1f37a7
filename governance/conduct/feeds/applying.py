"""What a register's word changes: worse counts at once, the same goes on, better waits for a person.

A file or a program never makes anybody good: it can only say that what a person found is still so.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from governance.conduct.errors import BadFileError
from governance.conduct.feeds.entries import Answer, Delivery, Entry, NoAnswer, NotThere
from governance.conduct.findings import Findings, Verifier
from governance.conduct.held import FEED, badge_of, live, open_name, settle, severity, together
from governance.conduct.models import HcpRecord, HeldRegistration, RegisterCheck, SaidRegistration
from governance.conduct.standing import keep, number_digest
from governance.conduct.verifying import Verifying
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Assurance, Instant, Status
from governance.ledger.entries import Facts
from governance.ledger.service import append
from governance.policy.views.registers import HcpRegister
from governance.sentences import Sentence
from governance.ui.clock import to_instant

_FEED: Final = Verifier("register")
_DAY: Final = timedelta(days=1) // timedelta(microseconds=1)
_FEW: Final = 10
_REASONS: Final = {
    "worse": Sentence("the register says so"),
    "gone": Sentence("the register does not list this number any more"),
    "renamed": Sentence("the name on the register is not the one that was found before; somebody has to look"),
    "no_person": Sentence("the number belongs to an organisation, not to a person"),
    "better": Sentence("the register says something better than before; somebody has to look before it counts"),
}
_EVIDENCE: Final = Sentence("told by the register")


class Progress(Protocol):
    """How far long work is."""

    def expect(self, steps: int) -> None:
        """Learn that there are so many steps more."""

    def __call__(self) -> None:
        """One step is done."""


@dataclass(slots=True)
class Tally:
    """What a file or a round of look-ups came to, in numbers."""

    lines: int = 0
    ours: int = 0
    did: Counter[str] = field(default_factory=Counter)
    """`kept`, `worse`, `gone`, `renamed`, `no_person`, `better`, `older`, `no_answer`."""


class Feed:
    """Applies a register's word to those who hold a registration on it, in one transaction."""

    def __init__(self, session: Session, keyring: Keyring, register: HcpRegister, *, days: int, now: Instant) -> None:
        """`days`: for how long what the register sends counts, from the instant it speaks of."""
        self._session, self._keyring, self._register = session, keyring, register
        self._days, self._now = days, now
        self._changed: dict[UUID, list[tuple[HeldRegistration, str, str]]] = {}

    def take(self, delivery: Delivery, progress: Progress, *, complete: bool) -> Tally:
        """Apply a file; `complete`: it lists everybody, so who is not in it is not on the register."""
        tally = Tally(lines=len(delivery.entries))
        held = {row.number_digest: row for row in HeldRegistration.live_on(self._session, self._register.code)}
        for entry in delivery.entries:
            digest = number_digest(self._keyring, self._register.code, entry.number)
            row = held.pop(digest, None)
            if row is not None:
                tally.ours += 1
                tally.did[self._said(row, entry, delivery.as_of)] += 1
            progress()
        if complete:
            _refuse_if_cut_short(gone=len(held), listed=tally.ours)
        for row in held.values() if complete else ():
            tally.did[self._said(row, NotThere(), delivery.as_of)] += 1
        self._settle(progress)
        facts: Facts = {"register": self._register.code, "file": delivery.sha256, "as_of": int(delivery.as_of)}
        append(self._session, self._keyring, self._now, "register_file", facts)
        return tally

    def answered(self, row: HeldRegistration, answer: Answer, as_of: Instant) -> str:
        """Apply what a register answered about one number; return what it came to."""
        did = self._said(row, answer, as_of)
        self._settle()
        return did

    def _said(self, row: HeldRegistration, answer: Answer, as_of: Instant) -> str:
        if isinstance(answer, NoAnswer):
            return "no_answer"
        if as_of <= row.seen:
            return "older"
        before, did = row.status, self._judged(row, answer)
        if did == "kept":
            self._go_on(row, answer, as_of)
        elif did != "better":
            row.seen = as_of
        self._changed.setdefault(row.hcp_id, []).append((row, did, before))
        keep(self._session, self._keyring, row)
        return did

    def _judged(self, row: HeldRegistration, answer: Entry | NotThere) -> str:
        """Decide, and make worse what is worse."""
        if isinstance(answer, NotThere):
            return self._worse(row, Status.UNKNOWN, "gone")
        if not answer.names:
            return self._worse(row, Status.UNKNOWN, "no_person")
        name = open_name(self._session, self._keyring, row) or badge_of(self._session, self._keyring, row)
        if not answer.is_of(name):
            return self._worse(row, Status.UNKNOWN, "renamed")
        before = Status(row.status)
        if severity(answer.status) > severity(before):
            return self._worse(row, answer.status, "worse")
        return "kept" if answer.status is before else "better"

    def _worse(self, row: HeldRegistration, status: Status, did: str) -> str:
        if severity(status) > severity(Status(row.status)):
            row.status = status.value
        return did

    def _go_on(self, row: HeldRegistration, answer: Answer, as_of: Instant) -> None:
        row.seen = as_of
        if not isinstance(answer, Entry) or not self._register.is_feed or row.assurance < Assurance.A3:
            return
        # INVARIANT: counted from what the register spoke of, never from when it came; no day off makes it longer.
        until = as_of + self._days * _DAY
        if answer.renews is not None:
            row.renews = to_instant(self._register.midnight_after(answer.renews))
        until = min(until, row.renews or until)
        # THREAT: who was reported would go on for ever, where the very entry that is doubted is confirmed every day.
        reported = RegisterCheck.is_doubted(self._session, row.hcp_id, row.said_id)
        row.method, row.checked_until = FEED, min(until, row.checked_until) if reported else until

    def _settle(self, progress: Progress | None = None) -> None:
        if progress is not None:
            progress.expect(len(self._changed))
        for hcp_id, changes in self._changed.items():
            record = HcpRecord.locked(self._session, hcp_id)
            if record is None:  # pragma: no cover - the table's own key forbids it
                continue
            # Told every day anew, it is written down once.
            news = [
                (row, did)
                for row, did, before in changes
                if did != "kept" and self._waits_now(record, row, worse=before != row.status)
            ]
            settle(self._session, self._keyring, record, together(live(self._session, hcp_id)), now=self._now)
            for row, did in news:
                self._note(record, row, did)
            if progress is not None:
                progress()
        self._changed.clear()

    def _waits_now(self, record: HcpRecord, row: HeldRegistration, *, worse: bool) -> bool:
        """Put a registration on the desk; say whether it was not there yet, or stands for something else now."""
        said = self._session.get_one(SaidRegistration, row.said_id)
        if said.looked is None and not worse:
            return False
        said.looked = None
        keep(self._session, self._keyring, said)
        record.waiting_since = record.waiting_since or self._now
        return True

    def _note(self, record: HcpRecord, row: HeldRegistration, did: str) -> None:
        found = Findings(
            assurance=Assurance(row.assurance),
            status=Status(row.status),
            evidence=_EVIDENCE.text,
            reason=_REASONS[did].text,
        )
        said = self._session.get_one(SaidRegistration, row.said_id)
        Verifying(self._session, self._keyring, _FEED, self._now).keep(record, found, f"feed_{did}", said)


def _refuse_if_cut_short(*, gone: int, listed: int) -> None:
    """Raise `BadFileError` where most people would be gone: a file that lost its end must not shut everybody out."""
    if gone > _FEW and gone > listed:
        raise BadFileError(
            f"{gone} of {gone + listed} people here are not in this file; is it whole? Nothing was taken"
        )
