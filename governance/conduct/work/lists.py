"""An organisation's whole list of who works there: read, shown before it counts, taken as a whole or not at all."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.conduct.errors import BadFileError, OwnRecordError
from governance.conduct.feeds.entries import plain
from governance.conduct.feeds.files import day_in, each_row, name_in, number_in, rows_of
from governance.conduct.findings import Verifier
from governance.conduct.held import badge_of, open_name
from governance.conduct.models import HcpAccount, HeldRegistration
from governance.conduct.standing import number_digest
from governance.conduct.work.models import Affiliation, Organisation
from governance.conduct.work.service import leave_work, verify_work
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.ledger import rows
from governance.ledger.entries import Facts
from governance.ledger.service import append, pseudonym
from governance.policy.views.registers import HcpRegister
from governance.ui.clock import to_instant

_COLUMNS: Final = {"register", "number", "name"}
_OPTIONAL: Final = {"until"}
_AT_ONCE: Final = 500
_DAY: Final = timedelta(days=1) // timedelta(microseconds=1)


class Employee(NamedTuple):
    """One line of an organisation's list; `until` is the last day of their work there, if there is one."""

    register: str
    number: str
    name: str
    until: date | None = None


class EmployeeList(NamedTuple):
    """A whole list, and as of when it is; who is not in it does not work there."""

    employees: tuple[Employee, ...]
    as_of: Instant
    sha256: str


@dataclass(slots=True)
class Listed:
    """What a list came to: `verified`, `left`, and `unlike` whose name is not the one on the register."""

    lines: int
    did: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Change:
    """What a list changes, before it does; whom it names that nobody here is, it does not say."""

    lines: int
    there: tuple[tuple[HeldRegistration, Instant], ...]
    """Who is on it, and until when it says so."""
    new: frozenset[UUID]
    """Of those, who was not on the last one."""
    unlike: tuple[Employee, ...]
    """Whose name is not the one on the register: nothing of theirs is changed, and they are on no list."""
    leaving: tuple[Affiliation, ...]
    """Who was on a list and is not on this one."""
    seen: str
    """Names all of it: what is taken must be what was shown."""


def read_list(raw: bytes, registers: Mapping[str, HcpRegister], as_of: Instant) -> EmployeeList:
    """Return an organisation's list. Raises `WrongFileError`, `BadFileError`."""
    found: dict[Employee, None] = {}

    def take(values: Mapping[str, str]) -> None:
        found[_employee(values, registers)] = None

    each_row(rows_of(raw, _COLUMNS, _OPTIONAL), take)
    return EmployeeList(tuple(found), as_of, hashlib.sha256(raw).hexdigest())


def change_by(
    session: Session, keyring: Keyring, organisation: Organisation, told: EmployeeList, *, days: int
) -> Change:
    """Return what an organisation's list changes. Raises `BadFileError` if a newer list came before."""
    if organisation.listed is not None and told.as_of <= organisation.listed:
        raise BadFileError("a newer list of this organisation was taken before; nothing was changed")
    held, there, unlike = _held(session, keyring, told), dict[UUID, tuple[HeldRegistration, Instant]](), []
    for employee in told.employees:
        row = held.get(number_digest(keyring, employee.register, employee.number))
        if row is None:
            continue
        if plain(employee.name) != plain(open_name(session, keyring, row) or badge_of(session, keyring, row)):
            unlike.append(employee)
            continue
        until = Instant(told.as_of + days * _DAY)
        there[row.hcp_id] = (row, until if employee.until is None else min(until, end_of(employee.until)))
    # Who only says so was never on a list: a refusal binds them by their own word, and nothing was open.
    listed = [row for row in Affiliation.at(session, organisation.key) if row.verified_until is not None]
    leaving = tuple(row for row in listed if row.hcp_id not in there)
    new = frozenset(there) - {row.hcp_id for row in listed}
    seen = _digest(organisation, told, list(there.values()), leaving)
    return Change(len(told.employees), tuple(there.values()), new, tuple(unlike), leaving, seen)


def take_list(  # noqa: PLR0913 - whose list, for how long, by whom
    session: Session,
    keyring: Keyring,
    organisation: Organisation,
    told: EmployeeList,
    *,
    days: int,
    now: Instant,
    by: Verifier | None = None,
) -> Listed:
    """Take an organisation's whole list: who is on it works there, who was and is not has left, at once.

    `by`: who brings it, if it is not the command line's operator. Raises `BadFileError` if a newer list came before,
    `OwnRecordError` if whoever brings it is on it.
    """
    change = change_by(session, keyring, organisation, told, days=days)
    for row, until in change.there:
        if by is not None and by.subject_digest and HcpAccount.is_subject_of(session, row.hcp_id, by.subject_digest):
            raise OwnRecordError("you are on this list yourself; ask another verifier to send it in")
        verify_work(session, keyring, row.hcp_id, organisation, until=until, now=now)
    for gone in change.leaving:
        leave_work(session, keyring, gone.hcp_id, organisation.key, now)
    organisation.listed = told.as_of
    rows.keep(session, keyring, organisation)
    facts: Facts = {"organisation": str(organisation.id), "file": told.sha256, "as_of": int(told.as_of)}
    whose: Facts = {} if by is None else {"by": pseudonym(keyring, "staff", by.id)}
    append(session, keyring, now, "organisation", {"did": "list", **facts, **whose})
    did = {"verified": len(change.there), "left": len(change.leaving), "unlike": len(change.unlike)}
    return Listed(change.lines, +Counter(did))


def end_of(day: date) -> Instant:
    """Return the midnight after a day."""
    return to_instant(datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1))


def _employee(values: Mapping[str, str], registers: Mapping[str, HcpRegister]) -> Employee:
    register = registers.get(values["register"].strip())
    if register is None:
        raise BadFileError("the register is none that we know; write its code, such as gb-nmc")
    number, name = number_in(values["number"], register), name_in(values["name"])
    return Employee(register.code, number, name, day_in(values.get("until", "")))


def _held(session: Session, keyring: Keyring, told: EmployeeList) -> dict[str, HeldRegistration]:
    """Return by digest the registrations on a list that somebody here holds."""
    digests = [number_digest(keyring, one.register, one.number) for one in told.employees]
    found: dict[str, HeldRegistration] = {}
    for start in range(0, len(digests), _AT_ONCE):
        some = HeldRegistration.live_among(session, digests[start : start + _AT_ONCE])
        found.update({row.number_digest: row for row in some})
    return found


def _digest(
    organisation: Organisation,
    told: EmployeeList,
    there: Sequence[tuple[HeldRegistration, Instant]],
    leaving: Sequence[Affiliation],
) -> str:
    stay = sorted(f"{row.number_digest} {row.hcp_id} {until}" for row, until in there)
    gone = sorted(str(row.hcp_id) for row in leaving)
    said = [str(organisation.id), str(organisation.listed), str(told.as_of), told.sha256, *stay, "", *gone]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()
