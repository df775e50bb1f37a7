"""Hiding one's history: whoever looks over a shoulder sees what counts now, and nothing of how it came."""

from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.data_keys import owner_of
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import BEGINNING, Instant
from governance.ledger.rows import forget, keep
from governance.patients.hiding.models import HiddenHistory

__all__ = ["NOTHING_HIDDEN", "hide_history", "history_from", "show_history"]

NOTHING_HIDDEN: Final = BEGINNING


def history_from(session: Session, patient_id: UUID) -> Instant:
    """Return from when on pages tell a patient's history; `NOTHING_HIDDEN` if they tell all of it."""
    row = session.get(HiddenHistory, patient_id)
    return NOTHING_HIDDEN if row is None else Instant(row.before)


def hide_history(session: Session, keyring: Keyring, patient_id: UUID, now: Instant) -> None:
    """Let pages tell nothing of what was before now; it takes no proof and leaves no entry that names it."""
    row = session.get(HiddenHistory, patient_id, with_for_update=True)
    if row is None:
        row = HiddenHistory(patient_id=patient_id)
    row.before = now
    # A restore must not show what was hidden.
    keep(session, keyring, row, of=owner_of("patient", patient_id))


def show_history(session: Session, keyring: Keyring, patient_id: UUID) -> None:
    """Let pages tell all of it again; the door has asked for proof."""
    row = session.get(HiddenHistory, patient_id, with_for_update=True)
    if row is not None:
        forget(session, keyring, row)
