"""Use cases around a patient's record."""

from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.data_keys import owner_of
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import AccountKey, Instant
from governance.effective.documents import PatientDocument, Stone
from governance.effective.service import Register
from governance.ledger.rows import keep
from governance.patients.models import Patient, PatientAccount

_ROOM = "patients"
_RETURNED = "returned"
"""Not the room of tombstones: a restore that found one there would erase the new record."""


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
    register = Register(session, keyring, now)
    bound = register.patient_of(key)
    stone = None if bound is None else _stone_of(register, bound)
    if bound is not None and stone is None:
        if not register.said("patient", str(bound), _ROOM).get("record", True):
            # Whose account this was before left a record of nobody, which refuses what they wrote.
            register.put("patient", str(bound), _ROOM, {"record": True})
        return _found_again(session, bound, account_id, now)
    patient = Patient(created=now)
    session.add(patient)
    # The account's row needs the patient's id.
    session.flush()
    session.add(PatientAccount(account_id=account_id, patient_id=patient.id, linked=now))
    register.put("patient", str(patient.id), _ROOM, {"record": True})
    if stone is not None:
        # INVARIANT: coming back opens nothing that was closed when the record was deleted.
        register.put("patient", str(patient.id), _RETURNED, {"erased": stone})
    register.bind(platform_id, key, patient=patient.id)
    return patient


def _stone_of(register: Register, patient_id: UUID) -> Stone | None:
    """Return what is left of a patient who was erased and has not come back; None for anybody else."""
    document: PatientDocument = register.document("patient", str(patient_id))
    return None if document.record else document.erased


def _found_again(session: Session, patient_id: UUID, account_id: UUID, now: Instant) -> Patient:
    """Return the record of a patient whom a restored database knows by what is in force about them alone.

    With a new one, all that was refused for them since the backup would be forgotten.
    """
    patient = session.get(Patient, patient_id)
    if patient is None:
        patient = Patient(id=patient_id, created=now)
        session.add(patient)
        session.flush()
    session.add(PatientAccount(account_id=account_id, patient_id=patient_id, linked=now))
    session.flush()
    return patient


def remember(session: Session, keyring: Keyring, patient: Patient) -> None:
    """Write a patient's own row and have the journal keep it, for what a restore brings back refers to it."""
    keep(session, keyring, patient, of=owner_of("patient", patient.id))


def set_adult_from(session: Session, keyring: Keyring, patient: Patient, adult_from: Instant, now: Instant) -> None:
    """Write down when a patient turns 18; until then every rule for minors holds."""
    patient.adult_from = adult_from
    Register(session, keyring, now).put(
        "patient", str(patient.id), _ROOM, {"record": True, "adult_from": int(adult_from)}
    )
