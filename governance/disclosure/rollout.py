"""Carrying a published version out: the row of everybody who was told an older one says from when it stops to count.

In small steps, each a transaction of its own that notes how far it came. A program that dies in between goes on
there; a row that was done twice is the same as one that was done once.
"""

from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.disclosure.models import Acknowledgement
from governance.disclosure.service import RECORD, say_again
from governance.effective.errors import BrokenRowError
from governance.ledger.outbox.service import enqueue
from governance.policy.history import History, history_of
from governance.policy.models import PolicyVersion
from governance.policy.publishing import News, note_applied, publish
from governance.policy.records import ChangeClass, PolicyRecord

CARRY_OUT: Final = "disclosure_carry_out"
_BEHIND: Final = 10 * 60 * 1_000_000
_STEP: Final = 25
"""People done in one transaction: others who write wait for as long as it takes."""
_log = structlog.get_logger()


def publish_disclosure(session: Session, keyring: Keyring, record: PolicyRecord, now: Instant) -> News | None:
    """Publish the disclosure; until it is carried out, `carry_on` has something to do.

    From this transaction on everybody is told the new version. Raises `PolicyNotPublishableError`.
    """
    pauses = record.change is ChangeClass.MATERIAL and Acknowledgement.how_many_patients(session) > 0
    news = publish(session, keyring, record, now, waits=pauses)
    if news is not None and news.is_new and pauses:
        # Whoever publishes carries it out at once; this is for the case that they are stopped.
        enqueue(session, keyring, CARRY_OUT, {}, Instant(now + _BEHIND))
    return news


def carry_on(session: Session, keyring: Keyring, now: Instant) -> int | None:
    """Do the next people; return how many are left to do, none when there is nothing to carry out."""
    row = PolicyVersion.unfinished(session, RECORD)
    if row is None:
        return None
    people = Acknowledgement.patients(session, row.upto, _STEP)
    history = history_of(session, RECORD)
    for patient_id in people:
        _say_again(session, keyring, patient_id, now, history)
    if people:
        row.upto = people[-1]
    else:
        note_applied(session, keyring, row, now)
    return Acknowledgement.how_many_patients(session, row.upto) if people else 0


def begin_anew(session: Session) -> None:
    """Have the newest version carried out once more: after rows were repaired."""
    rows = PolicyVersion.all_of(session, RECORD)
    if rows:
        rows[-1].applied, rows[-1].upto = None, None


def _say_again(session: Session, keyring: Keyring, patient_id: UUID, now: Instant, history: History) -> None:
    try:
        say_again(session, keyring, patient_id, now, history)
    except BrokenRowError:
        # It refuses everything as it is. Whoever repairs it publishes once more.
        _log.critical("broken_row", kind="patient", do="repair it, then run `governance policy publish` again")
