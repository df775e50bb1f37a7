"""What was done to a case and told in it: a row each, sealed, with the true time inside."""

import hashlib
from enum import StrEnum
from typing import Final

import msgspec
from sqlalchemy.orm import Session

from governance.crypto.data_keys import owner_of
from governance.crypto.keys import Keyring
from governance.ledger.rows import keep
from governance.ledger.service import append
from governance.reporting.cases.errors import NotSaidError
from governance.reporting.cases.models import Case, CaseEvent
from governance.reporting.cases.sealing import CaseKey, opened, sealed_to
from governance.reporting.work import Work
from governance.sentences import Sentence

LONGEST: Final = 20_000
_TABLE: Final = "case_event"


class What(StrEnum):
    """What an event is."""

    OPENED = "opened"
    MOVED = "moved"
    SEVERITY = "severity"
    CLAIMED = "claimed"
    ASSIGNED = "assigned"
    RECUSED = "recused"
    PASSED_OUTSIDE = "passed_outside"
    MERGED = "merged"
    NOTE = "note"
    PEOPLE = "people"
    RECORDS = "records"
    EVIDENCE = "evidence"
    PROTECTED = "protected"
    LIFTED = "lifted"
    PROPOSED = "proposed"
    ANSWERED = "answered"
    PAUSED = "paused"
    RESUMED = "resumed"
    LATE = "late"
    LETTER = "letter"
    STATEMENT = "statement"
    READ = "read"
    HELD = "held"
    HOLD_LIFTED = "hold_lifted"


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One event, opened."""

    what: What
    at: int
    by: str = ""
    """Of staff; empty for what came by itself, or from somebody outside."""
    words: str = ""
    facts: dict[str, str] = {}
    number: int = 0

    def __repr__(self) -> str:
        """Show nothing: what is shown ends in logs."""
        return "Event(...)"


def add(work: Work, case: Case, event: Event) -> CaseEvent:
    """Add an event to a case that the caller has locked. Raises `NotSaidError` if it is too long."""
    if len(event.words) > LONGEST:
        raise NotSaidError(Sentence("write at most %(most)s letters", {"most": LONGEST}))
    number = CaseEvent.last_number(work.session, case.id) + 1
    sealed = sealed_to(work, case, msgspec.json.encode(event), _TABLE, str(number))
    row = CaseEvent(case_id=case.id, number=number, day=work.today, sealed=sealed, entered=False)
    keep(work.session, work.keyring, row, of=owner_of("case", case.id))
    return row


def history(session: Session, keyring: Keyring, key: CaseKey) -> tuple[Event, ...]:
    """Return everything that was done to a case, the oldest first."""
    return tuple(_opened(session, keyring, key, row) for row in CaseEvent.of(session, key.case_id))


def enter(work: Work) -> int:
    """Give the ledger the digests of what it does not know yet, in no order of time; return how many."""
    rows = CaseEvent.not_entered(work.session)
    for digest in sorted(hashlib.sha256(row.sealed).hexdigest() for row in rows):
        append(work.session, work.keyring, work.now, "case", {"event": digest})
    for row in rows:
        row.entered = True
        keep(work.session, work.keyring, row, of=owner_of("case", row.case_id))
    return len(rows)


def _opened(session: Session, keyring: Keyring, key: CaseKey, row: CaseEvent) -> Event:
    plain = opened(session, keyring, key, row.sealed, (_TABLE, str(row.number)))
    return msgspec.structs.replace(msgspec.json.decode(plain, type=Event), number=row.number)
