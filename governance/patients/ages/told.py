"""What was told us of a patient as a person: sealed, one row for each record."""

from collections.abc import Iterator
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from governance.crypto.data_keys import DataKeys, KeyGoneError, owner_of
from governance.crypto.keys import Keyring
from governance.ledger.rows import keep
from governance.patients.ages.models import Circumstances
from governance.patients.forums.models import Joined


class Said(msgspec.Struct, frozen=True):
    """What one source said: when the person turns 18."""

    adult_from: int
    at: int


class Told(msgspec.Struct, frozen=True):
    """All that was told us about a patient as a person."""

    country: str = ""
    chosen: bool = False
    """Whether the person chose the country; then no forum changes it."""
    zone: str = ""
    """By whose midnights birthdays begin: the latest of their country, where nobody named one."""
    lives: str = ""
    """The zone that somebody named, by whose clock pages speak to them."""
    says: dict[str, Said] = {}
    overruled: dict[str, int] = {}
    """What staff found wrong, by who said it: said again it changes nothing."""
    died: int | None = None
    incapable: int | None = None
    """Since when the person cannot decide, as staff were shown."""
    evidence: str = ""
    """What showed staff the last of these two."""
    wished: dict[str, str] = {}
    """The countries that wait for an officer's word, each by its hearing; here, and not there in the clear."""


def told(session: Session, keyring: Keyring, patient_id: UUID) -> Told:
    """Return what was told us about a patient; nothing of somebody who was erased."""
    row = session.get(Circumstances, patient_id)
    if row is None:
        return Told()
    try:
        key = DataKeys(session, keyring).known(owner_of("patient", patient_id))
    except KeyGoneError:
        return Told()
    return msgspec.json.decode(key.unseal(row.sealed_data, *_place(patient_id)), type=Told)


def put(session: Session, keyring: Keyring, patient_id: UUID, known: Told) -> None:
    """Write down all that was told us about a patient."""
    row = session.get(Circumstances, patient_id) or Circumstances(patient_id=patient_id)
    owner = owner_of("patient", patient_id)
    row.sealed_data = DataKeys(session, keyring).of(owner).seal(msgspec.json.encode(known), *_place(patient_id))
    keep(session, keyring, row, of=owner)


def has_died(session: Session, keyring: Keyring, patient_id: UUID) -> bool:
    """Say whether staff were told that a person has died, by any account that was joined to their record."""
    return any(one.died is not None for one in _of_person(session, keyring, patient_id))


def cannot_decide(session: Session, keyring: Keyring, patient_id: UUID) -> bool:
    """Say whether staff were shown that a person cannot decide, by any account that was joined to their record."""
    return any(one.incapable is not None for one in _of_person(session, keyring, patient_id))


def _of_person(session: Session, keyring: Keyring, patient_id: UUID) -> Iterator[Told]:
    # THREAT: joined to an account of which nobody told us anything, the dead and the incapable would choose again.
    for one in (patient_id, *Joined.resting_in(session, patient_id)):
        yield told(session, keyring, one)


def _place(patient_id: UUID) -> tuple[str, str, str]:
    return "circumstances", "sealed_data", str(patient_id)
