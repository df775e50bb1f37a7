"""What a guardian asks a young person for: a class and a level, never a name. Only the young person's yes counts."""

from typing import NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from governance.crypto.data_keys import DataKeys, owner_of
from governance.crypto.keys import Keyring
from governance.db.base import new_id
from governance.decision.vocabulary import Instant, Level
from governance.errors import NotFoundError
from governance.patients.guardians.models import GuardianRequest, Guardianship
from governance.patients.guardians.service import Guardian


class Request(msgspec.Struct, frozen=True):
    """The level that a guardian wants for `care_team` or `others`."""

    circle: str
    level: Level


class Asked(NamedTuple):
    """A request, opened, with the guardian who made it."""

    row: GuardianRequest
    wish: Request
    guardian: Guardian


def ask(session: Session, keyring: Keyring, guardian: Guardian, wish: Request, now: Instant) -> GuardianRequest:
    """Put a request before the young person; the same one twice is put once."""
    for asked in open_for(session, keyring, [guardian]):
        if asked.wish == wish:
            return asked.row
    row = GuardianRequest(id=new_id(), guardianship_id=guardian.link.id, asked=now)
    key = DataKeys(session, keyring).of(owner_of("patient", guardian.link.patient_id))
    row.sealed_wish = key.seal(msgspec.json.encode(wish), *_place(row))
    session.add(row)
    return row


def open_for(session: Session, keyring: Keyring, guardians: list[Guardian]) -> list[Asked]:
    """Return what these guardians ask for and nobody answered; of a link that is not in force, nothing."""
    by_link = {one.link.id: one for one in guardians if one.in_force}
    keys, found = DataKeys(session, keyring), []
    for row in GuardianRequest.open_of(session, list(by_link)):
        guardian = by_link[row.guardianship_id]
        found.append(Asked(row, wish_of(keys, row, guardian.link), guardian))
    return found


def wish_of(keys: DataKeys, row: GuardianRequest, link: Guardianship) -> Request:
    """Return what a request asks for. Raises `KeyGoneError`, `EnvelopeError`."""
    sealed = keys.known(owner_of("patient", link.patient_id)).unseal(row.sealed_wish, *_place(row))
    return msgspec.json.decode(sealed, type=Request)


def take(session: Session, keyring: Keyring, guardians: list[Guardian], request_id: UUID, now: Instant) -> Asked:
    """Return a request and mark it answered. Raises `NotFoundError`."""
    GuardianRequest.locked(session, request_id)
    for asked in open_for(session, keyring, guardians):
        if asked.row.id == request_id:
            asked.row.answered = now
            return asked
    raise NotFoundError("this was answered already; look at your guardians again")


def _place(row: GuardianRequest) -> tuple[str, str, str]:
    return "guardian_request", "sealed_wish", f"{row.guardianship_id}/{row.id}"
