"""Once a year, somebody who gave a safe contact is told by mail that there is something new; their page says what."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.disclosure.coverage import DAY
from governance.disclosure.models import Acknowledgement
from governance.disclosure.service import RECORD
from governance.effective.errors import BrokenRowError
from governance.effective.models import GovernedAccount
from governance.effective.service import Register
from governance.ledger.outbox.errors import BadPayloadError
from governance.ledger.outbox.handlers import Effect, Handler
from governance.ledger.outbox.service import Work, enqueue
from governance.patients.ages.told import has_died
from governance.patients.contact.notices import Kind, notify, put_away, told_last
from governance.patients.hiding.service import NOTHING_HIDDEN, history_from
from governance.policy.history import history_of
from governance.policy.records import PolicyRecord
from governance.policy.views.disclosure import DisclosurePolicy

REMIND: Final = "disclosure_remind"
"""Comes every day."""
_STEP: Final = 25
"""People in one transaction: others who write wait for as long as it takes."""
_log = structlog.get_logger()


def reminding_handler(
    keyring: Keyring, clock: Callable[[], Instant], disclosure: Callable[[], PolicyRecord]
) -> Handler:
    """Return what reminds the next people whose year is over, and has itself called again until there are none."""

    def handle(work: Work) -> Effect:
        after = work.payload.get("after")
        if after is not None and not isinstance(after, str):
            raise BadPayloadError("a job of this kind goes on after a patient, or begins")

        def effect(session: Session) -> None:
            at = clock()
            record = history_of(session, RECORD, disclosure()).at(at).record
            before = at - DisclosurePolicy(record).remind_days * DAY
            people = Acknowledgement.told_before(session, before, None if after is None else UUID(after), _STEP)
            for patient_id in people:
                remind(session, keyring, patient_id, before, at)
            if len(people) == _STEP:
                enqueue(session, keyring, REMIND, {"after": str(people[-1])}, at)

        return effect

    return handle


def remind(session: Session, keyring: Keyring, patient_id: UUID, before: int, now: Instant) -> bool:
    """Tell a patient that it is a year ago, unless they were told since `before`, or had better not be written to."""
    last = told_last(session, patient_id, Kind.LOOK_AGAIN)
    if (last is not None and last > before) or _had_better_not(session, keyring, patient_id, now):
        return False
    # Last year's may still be there unread: with it away, this one is noted with its own day.
    put_away(session, patient_id, now, Kind.LOOK_AGAIN)
    notify(session, keyring, patient_id, Kind.LOOK_AGAIN, now)
    return True


def _had_better_not(session: Session, keyring: Keyring, patient_id: UUID, now: Instant) -> bool:
    """Say whether a mail would be of no use to somebody, or a danger.

    THREAT: who hid their history lives with somebody who looks. Who is hidden from all has nothing open to look after,
    and may be about to be erased. Of the dead, and of a record that rests in another one, nobody is left to write to.
    """
    if history_from(session, patient_id) != NOTHING_HIDDEN:
        return True
    try:
        is_dead = has_died(session, keyring, patient_id)
        is_hidden = Register(session, keyring, now).document("patient", str(patient_id)).hold
    except (BrokenRowError, EnvelopeError) as error:
        # One row that another hand changed must keep nobody else from being reminded.
        _log.critical("broken_row", kind="patient", code=error.code)
        return True
    return is_dead or is_hidden or not GovernedAccount.of_patient(session, str(patient_id))
