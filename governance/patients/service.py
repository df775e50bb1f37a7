"""Use cases around a patient's record."""

from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import AccountKey, Instant
from governance.effective.service import Register
from governance.patients.models import Patient, PatientAccount

_ROOM = "patients"


def find_patient(session: Session, account_id: UUID) -> Patient | None:
    """Return the patient whose account this is, if they have a record."""
    return Patient.of_account(session, account_id)


def patient_for(session: Session, keyring: Keyring, account: tuple[UUID, UUID, AccountKey], now: Instant) -> Patient:
    """Return the patient of an account (id, platform, key), making the record at the first act.

    Signing in alone makes none: who only looks leaves nothing behind.
    """
    account_id, platform_id, key = account
    patient = Patient.of_account(session, account_id)
    if patient is not None:
        return patient
    patient = Patient(created=now)
    session.add(patient)
    # The account's row needs the patient's id.
    session.flush()
    session.add(PatientAccount(account_id=account_id, patient_id=patient.id, linked=now))
    register = Register(session, keyring, now)
    register.put("patient", str(patient.id), _ROOM, {"record": True})
    register.bind(platform_id, key, patient=patient.id)
    return patient


def set_adult_from(session: Session, keyring: Keyring, patient: Patient, adult_from: Instant, now: Instant) -> None:
    """Write down when a patient turns 18; until then every rule for minors holds."""
    patient.adult_from = adult_from
    Register(session, keyring, now).put(
        "patient", str(patient.id), _ROOM, {"record": True, "adult_from": int(adult_from)}
    )
