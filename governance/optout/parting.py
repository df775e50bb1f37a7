"""What this room does when two records are joined or parted, called by the rooms below through the app."""

from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.optout.models import Directive, Receipt, WaitingChange
from governance.optout.waiting import End, drop_all


def stop_waiting(session: Session, keyring: Keyring, patient_id: UUID, now: Instant) -> None:
    """Stop whatever waits to open: it was wished for one record, and would open another one."""
    drop_all(session, keyring, patient_id, End.OVERTAKEN, now)


def forget_since(session: Session, _keyring: Keyring, patient_id: UUID, since: Instant) -> None:
    """Forget every choice, receipt and wish from an instant on: some of them are another person's.

    The caller puts in force what was chosen before; whoever was given a receipt meanwhile has it still.
    """
    waits = {*WaitingChange.open_of(session, patient_id), *WaitingChange.ended_since(session, patient_id, since)}
    found = [
        *(one for one in Receipt.all_of(session, patient_id) if one.issued >= since),
        *(one for one in waits if one.made >= since),
        *(one for one in Directive.all_of(session, patient_id) if one.at >= since),
    ]
    for row in found:
        session.delete(row)
    session.flush()
