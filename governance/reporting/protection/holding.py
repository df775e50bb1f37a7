"""What this room holds of a patient: that they were asked whether to go on by a refusal when a block ended."""

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.ledger.holding import Holding, Told, Whose
from governance.ledger.rows import forget
from governance.reporting.protection.models import RefusalOffer
from governance.ui.clock import in_iso


def _told(session: Session, _keyring: Keyring, whose: Whose) -> Told:
    rows = RefusalOffer.of_patient(session, whose.patient_id)
    return {"blocks_that_ended": [{"asked": in_iso(Instant(row.made)), "kept_closed": row.answer} for row in rows]}


def _forgotten(session: Session, keyring: Keyring, whose: Whose) -> None:
    for row in RefusalOffer.of_patient(session, whose.patient_id):
        forget(session, keyring, row)
    session.flush()


HOLDING = Holding((RefusalOffer,), _told, _forgotten)
