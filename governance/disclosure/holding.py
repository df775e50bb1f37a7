"""What this room holds of a patient: that they were told, and in which words."""

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.disclosure.models import Acknowledgement
from governance.ledger.holding import Holding, Told, Whose
from governance.ui.clock import in_iso


def _told(session: Session, _keyring: Keyring, whose: Whose) -> Told:
    return {
        "acknowledgements": [
            {
                "at": in_iso(Instant(one.at)),
                "version": one.version,
                "language": one.language,
                "variant": one.variant,
                "text_sha256": one.text_sha256,
            }
            for one in Acknowledgement.all_of(session, whose.patient_id)
        ]
    }


def _forgotten(session: Session, _keyring: Keyring, whose: Whose) -> None:
    Acknowledgement.forget_of(session, whose.patient_id)


HOLDING = Holding((Acknowledgement,), _told, _forgotten)
