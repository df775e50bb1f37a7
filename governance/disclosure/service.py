"""Use cases of risk disclosure: what was told counts for permits, and for nothing else."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import FOREVER, Action, Instant
from governance.disclosure.models import Acknowledgement
from governance.effective.service import Register

_ROOM = "disclosure"


@dataclass(frozen=True, slots=True)
class Told:
    """Exactly what a person read: version, language, variant, and the hash of the words."""

    version: str
    language: str
    variant: str
    text_sha256: str


def acknowledge(session: Session, keyring: Keyring, patient_id: UUID, told: Told, now: Instant) -> Acknowledgement:
    """Write down that a patient was told, and let permits count from now on.

    Refusals never need this.
    """
    acknowledgement = Acknowledgement(
        patient_id=patient_id,
        version=told.version,
        language=told.language,
        variant=told.variant,
        text_sha256=told.text_sha256,
        at=now,
    )
    session.add(acknowledgement)
    covered = {action.value: (int(now), int(FOREVER)) for action in Action}
    Register(session, keyring, now).put("patient", str(patient_id), _ROOM, {"covered": covered})
    return acknowledgement


def current_acknowledgement(session: Session, patient_id: UUID) -> Acknowledgement | None:
    """Return what a patient acknowledged last."""
    return Acknowledgement.latest(session, patient_id)
