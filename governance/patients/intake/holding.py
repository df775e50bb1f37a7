"""What is held of what a patient asked for by phone or on paper; who of the staff took it is not told."""

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.ledger.holding import Holding, Told, Whose
from governance.ledger.rows import forget
from governance.patients.intake.models import Intake
from governance.ui.clock import in_iso, in_iso_or_none


def _told(session: Session, _keyring: Keyring, whose: Whose) -> Told:
    return {
        "asked_through_staff": [
            {
                "asked": one.asked,
                "how": one.how,
                "at": in_iso(Instant(one.at)),
                "seen": in_iso_or_none(one.seen),
            }
            for one in Intake.all_of(session, whose.patient_id)
        ]
    }


def _forgotten(session: Session, keyring: Keyring, whose: Whose) -> None:
    for row in Intake.all_of(session, whose.patient_id):
        forget(session, keyring, row)
    session.flush()


HOLDING = Holding((Intake,), _told, _forgotten)
