"""After a restore: the list of directives says again what is in force, so that the next choice begins from there."""

from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.data_keys import KeyGoneError
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.effective.service import Register
from governance.optout.loosening import body_of
from governance.optout.service import ROOM, body_now, supersede
from governance.patients.models import Patient


def catch_up(session: Session, keyring: Keyring, patient_id: UUID, now: Instant) -> None:
    """Write the directive that what is in force came from, if the restored database lost it."""
    said = Register(session, keyring, now).said("patient", str(patient_id), ROOM)
    # Who came after the backup has no record yet; the first choice they make then begins from what is in force.
    if not said or session.get(Patient, patient_id) is None:
        return
    body = body_of(said)
    try:
        if body != body_now(session, keyring, patient_id):
            supersede(session, keyring, patient_id, body, now)
    except KeyGoneError:
        return
