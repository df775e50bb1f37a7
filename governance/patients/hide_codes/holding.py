"""What is held of a patient's printed codes: when one was made. Nobody can print it again."""

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.ledger.holding import Holding, Told, Whose
from governance.patients.hide_codes.models import HideCode
from governance.patients.hide_codes.service import forget_codes
from governance.ui.clock import in_iso


def _told(session: Session, _keyring: Keyring, whose: Whose) -> Told:
    found = HideCode.of_patient(session, whose.patient_id)
    return {"hide_codes_made": [in_iso(Instant(one.made)) for one in found]}


def _forgotten(session: Session, keyring: Keyring, whose: Whose) -> None:
    forget_codes(session, keyring, whose.patient_id, Instant(0))
    session.flush()


HOLDING = Holding((HideCode,), _told, _forgotten)
