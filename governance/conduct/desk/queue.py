"""What a verifier sees: the list of who waits, and one registration with its register."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.conduct.due.service import Ahead
from governance.conduct.errors import BadNumberError
from governance.conduct.findings import CaseFile, case_file
from governance.conduct.models import HcpRecord, SaidRegistration
from governance.conduct.numbers import read_number
from governance.conduct.proofs.models import ControlProof
from governance.conduct.service import own_words
from governance.conduct.standing import number_digest
from governance.crypto.data_keys import DataKeys, KeyGoneError
from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Assurance, Instant, Status
from governance.effective.roster import open_badge
from governance.identity.staff.models import StaffMember
from governance.identity.staff.service import staff_name
from governance.policy.current import policies
from governance.policy.views.registers import HcpRegister
from governance.sentences import Sentence

_DAY: Final = timedelta(days=1) // timedelta(microseconds=1)


class Waiting(NamedTuple):
    """One line of the list; `since` none where only the last look grows old.

    No `name`: it cannot be read. No `register`: they were entered by hand.
    """

    id: UUID
    name: str | None
    register: HcpRegister | None
    profession: str
    since: Instant | None
    checked_until: Instant
    was_checked: bool


@dataclass(frozen=True, slots=True)
class DeskFile:
    """One registration as the desk shows it."""

    id: UUID
    case: CaseFile
    badge: str | None
    register: HcpRegister
    doubt: Sentence | None
    status: Status
    assurance: Assurance
    is_proven: bool
    """Somebody proved before that the registration is theirs."""
    staff: Mapping[str, str]
    """What colleagues are called who did something to it, by their id."""


def queue(session: Session, keyring: Keyring, ahead: Ahead, now: Instant, limit: int) -> list[Waiting]:
    """Return who should be looked at, those who wait longest first."""
    manual, feed = now + ahead.manual * _DAY, now + ahead.feed * _DAY
    found = HcpRecord.to_look_at(session, manual, limit, file_before=feed)
    return [_line(session, keyring, record) for record in found]


def with_number(session: Session, keyring: Keyring, typed: str) -> list[Waiting]:
    """Return whose a number is, on whatever register it can stand; waiting or not."""
    digests = set()
    for register in policies().registers.registers.values():
        with suppress(BadNumberError):
            digests.add(number_digest(keyring, register.code, read_number(register, typed).number))
    found = SaidRegistration.hcps_with(session, digests)
    return [_line(session, keyring, session.get_one(HcpRecord, hcp_id)) for hcp_id in found]


def file_of(session: Session, keyring: Keyring, hcp_id: UUID, of: UUID | None = None) -> DeskFile:
    """Return one registration, the one in hand unless another is asked for. Raises `NotRegisteredError`."""
    case = case_file(session, keyring, hcp_id, of)
    registers = policies().registers.registers
    register = registers[case.words.register] if case.words else next(iter(registers.values()))
    return DeskFile(
        id=hcp_id,
        case=case,
        badge=_badge(session, keyring, case.record),
        register=register,
        doubt=read_number(register, case.words.number).doubt if case.words else None,
        status=Status(case.record.status),
        assurance=Assurance(case.record.assurance),
        is_proven=_is_proven(session, case),
        staff=dict(_names(session, keyring, {one.by for one in case.done})),
    )


def _line(session: Session, keyring: Keyring, record: HcpRecord) -> Waiting:
    words = own_words(session, keyring, record.id)
    registers = policies().registers.registers
    return Waiting(
        id=record.id,
        name=words.name if words else _badge(session, keyring, record),
        register=registers[words.register] if words else None,
        profession=words.profession if words else record.profession,
        since=None if record.waiting_since is None else Instant(record.waiting_since),
        checked_until=Instant(record.checked_until),
        was_checked=record.assurance >= Assurance.A3,
    )


def _is_proven(session: Session, case: CaseFile) -> bool:
    said = None if case.said_id is None else session.get_one(SaidRegistration, case.said_id)
    return said is not None and ControlProof.standing(session, said.hcp_id, said.number_digest) is not None


def _names(session: Session, keyring: Keyring, ids: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the names of those who are members of staff; programs have none, and who cannot be read neither."""
    for staff_id in ids:
        with suppress(ValueError, EnvelopeError, KeyGoneError):
            member = session.get(StaffMember, UUID(staff_id))
            if member is not None:
                yield staff_id, staff_name(session, keyring, member)


def _badge(session: Session, keyring: Keyring, record: HcpRecord) -> str | None:
    try:
        return open_badge(DataKeys(session, keyring), str(record.id), record.sealed_name) if record.sealed_name else ""
    except (EnvelopeError, KeyGoneError):
        return None
