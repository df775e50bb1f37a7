"""What a verifier sees: the list of who waits, and one registration with its register."""

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.conduct.models import HcpRecord
from governance.conduct.numbers import read_number
from governance.conduct.service import own_words
from governance.conduct.verifying import CaseFile, case_file
from governance.crypto.data_keys import DataKeys, KeyGoneError
from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Assurance, Instant, Status
from governance.effective.roster import open_badge
from governance.policy.current import policies
from governance.policy.views.registers import HcpRegister


class Waiting(NamedTuple):
    """One line of the list; `since` none where only the last look grows old."""

    id: UUID
    name: str
    register: str
    profession: str
    since: Instant | None
    checked_until: Instant
    was_checked: bool


@dataclass(frozen=True, slots=True)
class DeskFile:
    """One registration as the desk shows it."""

    id: UUID
    case: CaseFile
    badge: str
    register: HcpRegister
    doubt: str
    status: Status
    assurance: Assurance


def queue(session: Session, keyring: Keyring, due_before: Instant, limit: int) -> list[Waiting]:
    """Return who should be looked at, those who wait longest first."""
    return [_line(session, keyring, record) for record in HcpRecord.to_look_at(session, due_before, limit)]


def file_of(session: Session, keyring: Keyring, hcp_id: UUID) -> DeskFile:
    """Return one registration. Raises `NotRegisteredError`."""
    case = case_file(session, keyring, hcp_id)
    registers = policies().registers.registers
    register = registers[case.words.register] if case.words else next(iter(registers.values()))
    return DeskFile(
        id=hcp_id,
        case=case,
        badge=_badge(session, keyring, case.record),
        register=register,
        doubt=read_number(register, case.words.number).doubt if case.words else "",
        status=Status(case.record.status),
        assurance=Assurance(case.record.assurance),
    )


def _line(session: Session, keyring: Keyring, record: HcpRecord) -> Waiting:
    words = own_words(session, keyring, record.id)
    registers = policies().registers.registers
    return Waiting(
        id=record.id,
        name=words.name if words else _badge(session, keyring, record),
        register=registers[words.register].name if words else "entered by hand",
        profession=words.profession if words else record.profession,
        since=None if record.waiting_since is None else Instant(record.waiting_since),
        checked_until=Instant(record.checked_until),
        was_checked=record.assurance >= Assurance.A3,
    )


def _badge(session: Session, keyring: Keyring, record: HcpRecord) -> str:
    try:
        return open_badge(DataKeys(session, keyring), str(record.id), record.sealed_name) if record.sealed_name else ""
    except (EnvelopeError, KeyGoneError):
        return "(cannot be read)"
