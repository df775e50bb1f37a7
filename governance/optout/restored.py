"""After a restore: the list of directives says again what is in force."""

from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.optout.service import UNREADABLE, body_in_force, body_written, supersede
from governance.patients.models import Patient


def catch_up(session: Session, keyring: Keyring, patient_id: UUID, now: Instant) -> None:
    """Write the directive that what is in force came from, if the restored database lost it or cannot read it."""
    body = body_in_force(session, keyring, patient_id)
    # Who came after the backup has no record yet; the first choice they make then begins from what is in force.
    if not body.said or session.get(Patient, patient_id) is None:
        return
    try:
        if body == body_written(session, keyring, patient_id):
            return
    except UNREADABLE:
        pass
    try:
        supersede(session, keyring, patient_id, body, now)
    except UNREADABLE:
        return
