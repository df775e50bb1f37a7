"""What pages tell of a patient's history: all of it, or what came since they hid it."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.optout.history import Version, first_shown, versions
from governance.optout.models import Receipt


class ShownReceipt(NamedTuple):
    """A receipt, and the number that pages give it: that of the version as they tell it."""

    number: int
    receipt: Receipt


def history_shown(session: Session, keyring: Keyring, patient_id: UUID) -> list[Version]:
    """Return the versions that pages tell, the newest first; the first of them looks as if it were the very first."""
    found, hidden = versions(session, keyring, patient_id), _hidden(session, patient_id)
    # Numbers that begin with 5 would say that there were four others; so would those of receipts.
    shown = [one._replace(number=one.number - hidden) for one in found if one.number > hidden]
    return [*shown[:-1], *(one._replace(before=None) for one in shown[-1:])]


def receipts_shown(session: Session, patient_id: UUID) -> list[ShownReceipt]:
    """Return the receipts that pages tell, the newest first."""
    hidden = _hidden(session, patient_id)
    return [
        ShownReceipt(one.version - hidden, one) for one in Receipt.all_of(session, patient_id) if one.version > hidden
    ]


def shown_since(session: Session, patient_id: UUID) -> Instant | None:
    """Return from when on pages tell what was in force; none if they tell all there is."""
    first = first_shown(session, patient_id)
    return None if first is None else Instant(first.at)


def _hidden(session: Session, patient_id: UUID) -> int:
    """Return how many versions are not told."""
    first = first_shown(session, patient_id)
    return 0 if first is None else first.version - 1
