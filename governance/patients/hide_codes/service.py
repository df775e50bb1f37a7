"""Printed hide codes: made once, shown once, and good for hiding and nothing else. No HTTP, no clock."""

from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.data_keys import owner_of
from governance.crypto.keys import Keyring
from governance.crypto.spoken import code_digest, new_code
from governance.decision.vocabulary import Instant
from governance.ledger.rows import forget, keep
from governance.ledger.service import append, pseudonym
from governance.patients.forums.hands import Hands
from governance.patients.forums.models import Joined
from governance.patients.hide_codes.models import HideCode
from governance.patients.models import Patient
from governance.patients.service import remember

_BITS: Final = 120
_PURPOSE: Final = "hide"


def make_code(session: Session, keyring: Keyring, patient_id: UUID, now: Instant) -> str:
    """Return a new code of a patient, which is kept nowhere; an older one hides nobody any more."""
    for old in HideCode.of_patient(session, patient_id):
        forget(session, keyring, old)
    code = new_code(_BITS)
    remember(session, keyring, session.get_one(Patient, patient_id))
    row = HideCode(digest=code_digest(keyring, _PURPOSE, code), patient_id=patient_id, made=now)
    keep(session, keyring, row, of=owner_of("patient", patient_id))
    _enter(session, keyring, patient_id, "made", now)
    return code


def made_when(session: Session, patient_id: UUID) -> Instant | None:
    """Return when a patient's code was made, if they have one."""
    return max((Instant(one.made) for one in HideCode.of_patient(session, patient_id)), default=None)


def owner_of_code(session: Session, keyring: Keyring, typed: str) -> UUID | None:
    """Return whom a code hides: where their record went into another one, that one."""
    found = session.get(HideCode, code_digest(keyring, _PURPOSE, typed))
    if found is None:
        return None
    patient_id = found.patient_id
    while (into := Joined.into(session, patient_id)) is not None:
        patient_id = into
    return patient_id


def hide_by_code(session: Session, keyring: Keyring, hands: Hands, typed: str, now: Instant) -> None:
    """Hide whose code this is, at once; a wrong one does nothing, and whoever typed it is told the same."""
    patient_id = owner_of_code(session, keyring, typed)
    if patient_id is not None:
        hands.hide(session, keyring, patient_id, now)
        _enter(session, keyring, patient_id, "used", now)


def forget_codes(session: Session, keyring: Keyring, patient_id: UUID, since: Instant) -> None:
    """Forget a patient's codes that were made since an instant."""
    for one in HideCode.of_patient(session, patient_id):
        if one.made >= since:
            forget(session, keyring, one)


def _enter(session: Session, keyring: Keyring, patient_id: UUID, what: str, now: Instant) -> None:
    whose = pseudonym(keyring, "patient", str(patient_id))
    append(session, keyring, now, "hide_code", {"what": what, "subject": whose})
