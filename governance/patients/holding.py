"""What this room holds of a patient: their record, where they may be reached, what their pages tell."""

from typing import Any

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.ledger.holding import Holding, Told, Whose
from governance.ledger.rows import forget
from governance.patients.contact.models import PatientNotice, SafeContact
from governance.patients.contact.service import contact_of
from governance.patients.erasing.models import ErasureRequest
from governance.patients.erasing.service import waiting
from governance.patients.hiding.models import HiddenHistory
from governance.patients.models import Patient, PatientAccount
from governance.ui.clock import in_iso


def _told(session: Session, keyring: Keyring, whose: Whose) -> Told:
    patient = session.get(Patient, whose.patient_id)
    hidden = session.get(HiddenHistory, whose.patient_id)
    erasing = waiting(session, keyring, whose.patient_id)
    return {
        "person": None
        if patient is None
        else {
            "known_since": in_iso(Instant(patient.created)),
            "adult_from": None if patient.adult_from is None else in_iso(Instant(patient.adult_from)),
            "history_shown_from": None if hidden is None else in_iso(Instant(hidden.before)),
            "will_be_deleted": None if erasing is None else in_iso(erasing.due),
        },
        "contact": _contact(session, keyring, whose),
        "notices": [
            {
                "kind": one.kind,
                "at": in_iso(Instant(one.at)),
                "seen": None if one.seen is None else in_iso(Instant(one.seen)),
            }
            for one in PatientNotice.all_of(session, whose.patient_id)
        ],
    }


def _contact(session: Session, keyring: Keyring, whose: Whose) -> dict[str, Any] | None:
    found = contact_of(session, keyring, whose.patient_id)
    if found is None:
        return None
    contact, confirmed = found
    return {
        "email": contact.address,
        "not_from_hour": contact.quiet_from,
        "not_to_hour": contact.quiet_to,
        "zone": contact.zone,
        "confirmed": confirmed,
        "language": contact.language or None,
    }


def _forgotten(session: Session, keyring: Keyring, whose: Whose) -> None:
    PatientNotice.forget_of(session, whose.patient_id)
    for table in (SafeContact, ErasureRequest, HiddenHistory):
        row = session.get(table, whose.patient_id)
        if row is not None:
            forget(session, keyring, row)
    for account in PatientAccount.of_patient(session, whose.patient_id):
        forget(session, keyring, account)
    session.flush()
    patient = session.get(Patient, whose.patient_id)
    if patient is not None:
        forget(session, keyring, patient)
        session.flush()


HOLDING = Holding(
    (Patient, PatientAccount, SafeContact, PatientNotice, ErasureRequest, HiddenHistory), _told, _forgotten
)
