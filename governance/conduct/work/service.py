"""Use cases of where professionals work: said by them, verified and ended by their organisation or a verifier.

What is only said binds refusals and opens nothing; who left is bound by them still.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.conduct.errors import BadFileError, UnknownOrganisationError
from governance.conduct.feeds.entries import plain
from governance.conduct.held import badge_of, open_name
from governance.conduct.models import HcpRecord, HeldRegistration
from governance.conduct.standing import claims_of_work, keep, note, number_digest, said, say
from governance.conduct.work.models import Affiliation, Organisation
from governance.crypto.blind_index import organisation_key
from governance.crypto.data_keys import DataKeys, owner_of
from governance.crypto.envelope import seal, unseal
from governance.crypto.keys import Keyring
from governance.db.base import new_id
from governance.decision.vocabulary import Assurance, Instant
from governance.errors import BadInputError
from governance.ledger import rows
from governance.ledger.entries import Facts
from governance.ledger.service import append
from governance.ui.clock import to_instant

_NAME: Final = ("affiliation", "sealed_name")
_ORGANISATION: Final = ("organisation", "sealed_name")
_SEALED: Final = "organisation.name"
_LONGEST: Final = 200
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


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where somebody works, as pages show it."""

    key: str
    name: str
    is_verified: bool
    verified_until: Instant | None
    ended: Instant | None


@dataclass(slots=True)
class Listed:
    """What a list came to: `verified`, `left`, `unlike` whose name is not the one on the register.

    `unproven`: who did not prove yet that the number is theirs; they need a list after that.
    """

    lines: int
    did: Counter[str] = field(default_factory=Counter)


def named(session: Session, keyring: Keyring, name: str, now: Instant) -> Organisation:
    """Return an organisation, which is known from now on. Raises `BadInputError`."""
    shown = " ".join(name.split())
    if not 0 < len(shown) <= _LONGEST:
        raise BadInputError("an organisation needs a name of 1 to 200 letters")
    key = organisation_key(keyring, shown)
    found = Organisation.known_as(session, key)
    if found is None:
        number = new_id()
        sealed = seal(keyring.derive(_SEALED), shown.encode(), *_ORGANISATION, str(number))
        found = Organisation(id=number, key=key, sealed_name=sealed, created=now)
        rows.keep(session, keyring, found)
        append(session, keyring, now, "organisation", {"did": "added", "organisation": str(found.id)})
    return found


def known(session: Session, keyring: Keyring, name: str) -> Organisation:
    """Return an organisation that was added before. Raises `UnknownOrganisationError`."""
    found = Organisation.known_as(session, organisation_key(keyring, name))
    if found is None:
        raise UnknownOrganisationError("no organisation of this name is known; add it first")
    return found


def name_of(keyring: Keyring, organisation: Organisation) -> str:
    """Return an organisation's name, opened."""
    place = (*_ORGANISATION, str(organisation.id))
    return unseal(keyring.derive(_SEALED), organisation.sealed_name, *place).decode()


def declare_work(session: Session, keyring: Keyring, hcp_id: UUID, name: str, now: Instant) -> None:
    """Take down where a professional says they work: refusals bind by it from now on, permits do not.

    Raises `BadInputError`.
    """
    shown = " ".join(name.split())
    if not 0 < len(shown) <= _LONGEST:
        raise BadInputError("type the name of the place, with at most 200 letters")
    HcpRecord.locked(session, hcp_id)
    row = _affiliation(session, keyring, hcp_id, (organisation_key(keyring, shown), shown))
    if row.said is not None and row.ended is None:
        return
    row.said, row.ended = now, None
    _put(session, keyring, row, "said", now)


def leave_work(session: Session, keyring: Keyring, hcp_id: UUID, key: str, now: Instant) -> None:
    """End that somebody works there, whoever says so: permits end with this transaction, refusals go on.

    Raises `UnknownOrganisationError`.
    """
    HcpRecord.locked(session, hcp_id)
    row = Affiliation.between(session, hcp_id, key)
    if row is None:
        raise UnknownOrganisationError("they never said that they work there; look at the list again")
    row.ended, row.verified_until = now, None
    _put(session, keyring, row, "left", now)


def verify_work(  # noqa: PLR0913 - who, where, until when
    session: Session, keyring: Keyring, hcp_id: UUID, organisation: Organisation, *, until: Instant, now: Instant
) -> None:
    """Write down that an organisation says that somebody works there; permits count until then."""
    HcpRecord.locked(session, hcp_id)
    row = _affiliation(session, keyring, hcp_id, (organisation.key, name_of(keyring, organisation)))
    if row.verified_until == until and row.ended is None:
        return
    row.verified, row.verified_until, row.ended = now, until, None
    _put(session, keyring, row, "verified", now)


def take_list(  # noqa: PLR0913 - whose list, for how long
    session: Session, keyring: Keyring, organisation: Organisation, told: EmployeeList, *, days: int, now: Instant
) -> Listed:
    """Take an organisation's whole list: who is on it works there, who was and is not has left, at once.

    Raises `BadFileError` if a newer list came before.
    """
    if organisation.listed is not None and told.as_of <= organisation.listed:
        raise BadFileError("a newer list of this organisation was taken before; nothing was changed")
    listed, there = Listed(lines=len(told.employees)), set()
    for employee in told.employees:
        held = _held(session, keyring, employee)
        if held is None:
            continue
        doubt = _doubt(session, keyring, employee, held)
        if doubt:
            listed.did[doubt] += 1
            continue
        until = Instant(told.as_of + days * _DAY)
        if employee.until is not None:
            until = min(until, _end_of(employee.until))
        verify_work(session, keyring, held.hcp_id, organisation, until=until, now=now)
        there.add(held.hcp_id)
        listed.did["verified"] += 1
    _end_others(session, keyring, organisation, there, listed, now=now)
    organisation.listed = told.as_of
    rows.keep(session, keyring, organisation)
    facts: Facts = {"organisation": str(organisation.id), "file": told.sha256, "as_of": int(told.as_of)}
    append(session, keyring, now, "organisation", {"did": "list", **facts})
    return listed


def workplaces(session: Session, keyring: Keyring, hcp_id: UUID, now: Instant) -> list[Workplace]:
    """Return where somebody works and worked, for their own page."""
    found = Affiliation.of_hcp(session, hcp_id)
    return [_shown(session, keyring, row, now) for row in found]


def _shown(session: Session, keyring: Keyring, row: Affiliation, now: Instant) -> Workplace:
    until = None if row.verified_until is None else Instant(row.verified_until)
    counts = row.ended is None and until is not None and now < until
    ended = None if row.ended is None else Instant(row.ended)
    return Workplace(row.organisation_key, _name_of(session, keyring, row), counts, until, ended)


def _end_others(  # noqa: PLR0913 - of whom, and into which count
    session: Session, keyring: Keyring, organisation: Organisation, there: set[UUID], listed: Listed, *, now: Instant
) -> None:
    for row in Affiliation.at(session, organisation.key):
        # Who only says so was never on a list: a refusal binds them by their own word, and nothing was open.
        if row.hcp_id not in there and row.verified_until is not None:
            leave_work(session, keyring, row.hcp_id, organisation.key, now)
            listed.did["left"] += 1


def _held(session: Session, keyring: Keyring, employee: Employee) -> HeldRegistration | None:
    digest = number_digest(keyring, employee.register, employee.number)
    row = session.get(HeldRegistration, digest)
    return None if row is None or row.ended is not None else row


def _doubt(session: Session, keyring: Keyring, employee: Employee, held: HeldRegistration) -> str:
    """Return why a line does not count for whoever holds its number; empty if it does."""
    if plain(employee.name) != plain(open_name(session, keyring, held) or badge_of(session, keyring, held)):
        return "unlike"
    # THREAT: a colleague's name and number stand on a public register; whoever typed them would be let in.
    return "unproven" if held.assurance < Assurance.A4 else ""


def _end_of(day: date) -> Instant:
    return to_instant(datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1))


def _affiliation(session: Session, keyring: Keyring, hcp_id: UUID, called: tuple[str, str]) -> Affiliation:
    key, name = called
    row = Affiliation.between(session, hcp_id, key)
    if row is not None:
        return row
    number = new_id()
    own = DataKeys(session, keyring).of(owner_of("hcp", hcp_id))
    sealed = own.seal(name.encode(), *_NAME, str(number))
    return Affiliation(id=number, hcp_id=hcp_id, organisation_key=key, sealed_name=sealed)


def _name_of(session: Session, keyring: Keyring, row: Affiliation) -> str:
    own = DataKeys(session, keyring).known(owner_of("hcp", row.hcp_id))
    return own.unseal(row.sealed_name, *_NAME, str(row.id)).decode()


def _put(session: Session, keyring: Keyring, row: Affiliation, did: str, now: Instant) -> None:
    """Write a change into the list and into what is in force, in the caller's transaction."""
    keep(session, keyring, row)
    before = said(session, keyring, row.hcp_id, now).get("claims", [])
    counts = row.ended is None and row.verified_until is not None and row.verified_until > now
    span = (int(now), int(row.verified_until or now)) if counts else None
    say(session, keyring, row.hcp_id, now, claims=claims_of_work(before, row.organisation_key, span))
    note(session, keyring, row.hcp_id, now, {"act": "work", "did": did})
