"""What a verifier sees of organisations, and of what a list of theirs would change."""

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.conduct.errors import UnknownOrganisationError
from governance.conduct.models import HcpRecord
from governance.conduct.work.lists import Change
from governance.conduct.work.models import Affiliation, Organisation
from governance.conduct.work.service import name_of
from governance.crypto.data_keys import DataKeys, KeyGoneError
from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.effective.roster import open_badge

MOST_SHOWN = 200


class Known(NamedTuple):
    """One line of the list of organisations."""

    id: UUID
    name: str
    listed: Instant | None


class There(NamedTuple):
    """Somebody whom an organisation's list names; no `name`: it cannot be read."""

    hcp_id: UUID
    name: str | None
    until: Instant | None


@dataclass(frozen=True, slots=True)
class Place:
    """One organisation, and who works there by its own word."""

    known: Known
    there: tuple[There, ...]
    more: int
    """How many there are beside those that are shown."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a list changes, as a page tells it."""

    change: Change
    new: tuple[There, ...]
    leaving: tuple[There, ...]

    @property
    def stays(self) -> int:
        """How many go on."""
        return len(self.change.there) - len(self.change.new)

    @property
    def looks_cut_short(self) -> bool:
        """Say whether most who were on the last list are gone: a file that lost its end looks like this."""
        return len(self.change.leaving) > self.stays


def organisations(session: Session, keyring: Keyring) -> list[Known]:
    """Return every organisation, by name."""
    found = (_known(keyring, row) for row in Organisation.all(session))
    return sorted(found, key=lambda one: one.name.casefold())


def locked(session: Session, organisation_id: UUID) -> Organisation:
    """Return an organisation that nobody else changes meanwhile. Raises `UnknownOrganisationError`."""
    return _there_is(Organisation.locked(session, organisation_id))


def unlocked(session: Session, organisation_id: UUID) -> Organisation:
    """Return an organisation, to be read alone. Raises `UnknownOrganisationError`."""
    return _there_is(session.get(Organisation, organisation_id))


def place(session: Session, keyring: Keyring, organisation_id: UUID) -> Place:
    """Return one organisation. Raises `UnknownOrganisationError`."""
    found = unlocked(session, organisation_id)
    rows = [row for row in Affiliation.at(session, found.key) if row.verified_until is not None]
    there = tuple(_there(session, keyring, row) for row in rows[:MOST_SHOWN])
    return Place(_known(keyring, found), there, len(rows) - len(there))


def shown(session: Session, keyring: Keyring, change: Change) -> Shown:
    """Return a change with the names of whom it is about."""
    new = [
        There(row.hcp_id, _name(session, keyring, row.hcp_id), until)
        for row, until in change.there
        if row.hcp_id in change.new
    ]
    return Shown(change, tuple(new), tuple(_there(session, keyring, row) for row in change.leaving))


def _there_is(found: Organisation | None) -> Organisation:
    if found is None:
        raise UnknownOrganisationError("there is no such organisation; go back to the list of them")
    return found


def _known(keyring: Keyring, row: Organisation) -> Known:
    return Known(row.id, name_of(keyring, row), None if row.listed is None else Instant(row.listed))


def _there(session: Session, keyring: Keyring, row: Affiliation) -> There:
    until = None if row.verified_until is None else Instant(row.verified_until)
    return There(row.hcp_id, _name(session, keyring, row.hcp_id), until)


def _name(session: Session, keyring: Keyring, hcp_id: UUID) -> str | None:
    record = session.get_one(HcpRecord, hcp_id)
    if not record.sealed_name:
        return ""
    try:
        return open_badge(DataKeys(session, keyring), str(record.id), record.sealed_name)
    except (EnvelopeError, KeyGoneError):
        return None
