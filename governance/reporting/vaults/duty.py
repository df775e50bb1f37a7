"""Who is on duty: to whom a report is sealed, and whether it may be taken at all."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.decision.vocabulary import Instant
from governance.errors import BadInputError
from governance.identity.permissions import Role, roles_of
from governance.identity.staff.models import StaffMember
from governance.ledger.rows import forget, keep
from governance.ledger.service import append, pseudonym
from governance.reporting.errors import DutyClosedError
from governance.reporting.vaults.models import Duty, OutsideContact, Vault
from governance.reporting.work import DAY, Work

FEWEST: Final = 2
"""So many must be able to read: one may be ill, gone, or the very person whom a report is about."""
WORKED_WITHIN_DAYS: Final = 30
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody to whom reports are sealed."""

    staff_id: UUID
    public: bytes
    worked: Instant
    """The day on which their passphrase worked last."""


@dataclass(frozen=True, slots=True)
class DutyGroup:
    """Those to whom a report about one forum, or about none, is sealed now."""

    platform_id: UUID | None
    members: tuple[Reader, ...]

    @property
    def staff_ids(self) -> frozenset[UUID]:
        """Return who they are."""
        return frozenset(member.staff_id for member in self.members)


def duty_group(
    session: Session, platform_id: UUID | None, now: Instant, *, without: frozenset[UUID] = frozenset()
) -> DutyGroup:
    """Return who reads what is filed now. `without`: who must not read it.

    Raises `DutyClosedError` if fewer than two officers' passphrases worked within 30 days.
    """
    found = officers(session, platform_id)
    members = tuple(one for one in found if is_recent(one, now) and one.staff_id not in without)
    if len(members) < FEWEST:
        contact = session.get(OutsideContact, 1)
        raise DutyClosedError(None if contact is None else (contact.name, contact.reach))
    return DutyGroup(platform_id, members)


def officers(session: Session, platform_id: UUID | None) -> tuple[Reader, ...]:
    """Return the officers with a vault who read reports of a forum, however long they have been away.

    A report about no forum is for those who read all of them.
    """
    narrowed: dict[UUID, set[UUID]] = {}
    for row in Duty.narrowed(session):
        narrowed.setdefault(row.staff_id, set()).add(row.platform_id)
    return tuple(
        one for one in all_officers(session) if one.staff_id not in narrowed or platform_id in narrowed[one.staff_id]
    )


def all_officers(session: Session) -> tuple[Reader, ...]:
    """Return every officer who has a vault."""
    return _serving(session, Role.OFFICER)


def custodians(session: Session) -> tuple[Reader, ...]:
    """Return the custodians who have a vault."""
    return _serving(session, Role.CUSTODIAN)


def living(session: Session) -> frozenset[UUID]:
    """Return everybody who works here and has a vault."""
    return frozenset(member.id for _, member in Vault.serving(session))


def narrow(work: Work, staff_id: UUID, platforms: frozenset[UUID]) -> None:
    """Let somebody read the reports of these forums alone, with none named of all. Raises `BadInputError`."""
    member = StaffMember.locked(work.session, staff_id)
    if member is None or member.ended is not None or Role.OFFICER not in roles_of(member.roles):
        raise BadInputError("name an officer who works here; `governance staff list` shows them")
    there = {row.platform_id: row for row in Duty.of(work.session, staff_id)}
    for platform_id in there.keys() - platforms:
        forget(work.session, work.keyring, there[platform_id])
    for platform_id in platforms - there.keys():
        keep(work.session, work.keyring, Duty(staff_id=staff_id, platform_id=platform_id))
    whose = pseudonym(work.keyring, "staff", str(staff_id))
    append(work.session, work.keyring, work.now, "duty", {"staff": whose, "forums": len(platforms)})


def name_contact(work: Work, name: str, reach: str) -> None:
    """Name whom people turn to where the form is closed. Raises `BadInputError`."""
    if not all(0 < len(said.strip()) <= _LONGEST for said in (name, reach)):
        raise BadInputError("give a name and how to reach them, each of 1 to 200 letters")
    row = work.session.get(OutsideContact, 1) or OutsideContact(number=1)
    row.name, row.reach, row.since = name.strip(), reach.strip(), work.now
    keep(work.session, work.keyring, row)
    append(work.session, work.keyring, work.now, "outside_contact", {"did": "named"})


def outside_contact(session: Session) -> OutsideContact | None:
    """Return whom people can turn to outside of the desk."""
    return session.get(OutsideContact, 1)


def _serving(session: Session, role: Role) -> tuple[Reader, ...]:
    return tuple(
        Reader(member.id, vault.public, Instant(vault.worked))
        for vault, member in Vault.serving(session)
        if role in roles_of(member.roles)
    )


def is_recent(one: Reader, now: Instant) -> bool:
    """Say whether a passphrase worked lately enough to count on it."""
    return now - now % DAY - one.worked <= WORKED_WITHIN_DAYS * DAY
