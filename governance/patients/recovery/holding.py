"""What is held of recoveries: that one was asked for; neither by whom of the staff nor for which other account."""

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.ledger.holding import Holding, Told, Whose
from governance.patients.recovery.models import Recovery
from governance.ui.clock import in_iso, in_iso_or_none


def _told(session: Session, _keyring: Keyring, whose: Whose) -> Told:
    return {
        "recoveries": [
            {"asked": in_iso(Instant(one.asked)), "ended": in_iso_or_none(one.ended), "outcome": one.outcome}
            for one in Recovery.of_accounts(session, whose.account_ids)
        ]
    }


def _forgotten(session: Session, _keyring: Keyring, whose: Whose) -> None:
    for row in Recovery.of_accounts(session, whose.account_ids):
        session.delete(row)
    session.flush()


HOLDING = Holding((Recovery,), _told, _forgotten)
