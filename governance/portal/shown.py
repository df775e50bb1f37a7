"""What pages tell of a patient's history: all of it, or what came since they hid it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.optout.history import Version, versions
from governance.optout.models import Directive, Receipt
from governance.patients.hiding.service import history_from


def history_shown(session: Session, keyring: Keyring, patient_id: UUID) -> list[Version]:
    """Return the versions that pages tell, the newest first; the first of them looks as if it were the very first."""
    found = versions(session, keyring, patient_id)
    first = _first_shown(session, patient_id, [(one.number, one.since) for one in found])
    shown = [one for one in found if one.number >= first]
    if len(shown) == len(found):
        return found
    # Numbers that begin with 5 would say that there were four others.
    renumbered = [one._replace(number=one.number - first + 1) for one in shown]
    return [*renumbered[:-1], renumbered[-1]._replace(before=None)]


def receipts_shown(session: Session, patient_id: UUID) -> list[Receipt]:
    """Return the receipts that pages tell, the newest first."""
    rows = Directive.all_of(session, patient_id)
    first = _first_shown(session, patient_id, [(row.version, row.at) for row in rows])
    return [one for one in Receipt.all_of(session, patient_id) if one.version >= first]


def _first_shown(session: Session, patient_id: UUID, numbers: Sequence[tuple[int, int]]) -> int:
    """Return the number of the oldest version that is shown; what counts now always is."""
    since = history_from(session, patient_id)
    shown = [number for number, at in numbers if at >= since]
    newest = max((number for number, _ in numbers), default=0)
    return min(shown, default=newest)
