"""When a block of a pair ends, its patient is asked whether to go on by a refusal of their own.

A block that ends unnoticed would open what somebody counted on: hazard H4.
"""

from collections.abc import Callable
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from governance.crypto.data_keys import owner_of
from governance.decision.vocabulary import AccountKey, Instant
from governance.effective.models import Measure
from governance.errors import NotFoundError
from governance.ledger.rows import keep
from governance.patients.contact.notices import Kind, notify
from governance.patients.models import Patient
from governance.reporting.protection.models import RefusalOffer
from governance.reporting.work import DAY, Work

AHEAD = 3 * DAY
"""So long before the end one is asked: who answers in time leaves no gap."""
Refuse = Callable[[UUID, AccountKey], None]
"""Has a patient refuse a professional by name, at once."""


def offer(work: Work) -> int:
    """Ask every patient whose pair block ends soon, once for each; return how many were asked."""
    asked, offered = 0, RefusalOffer.offered(work.session)
    for measure in Measure.pairs_ending(work.session, work.now + AHEAD):
        patient_id = UUID(measure.subject)
        if measure.id in offered or work.session.get(Patient, patient_id) is None:
            continue
        row = RefusalOffer(
            id=uuid4(), patient_id=patient_id, measure_id=measure.id, account=measure.about[0], made=work.now
        )
        keep(work.session, work.keyring, row, of=owner_of("patient", patient_id))
        notify(work.session, work.keyring, patient_id, Kind.BLOCK_ENDS, work.now)
        asked += 1
    return asked


def answer(work: Work, patient_id: UUID, offer_id: UUID, *, refuse: Refuse | None) -> None:
    """Take a patient's answer; `refuse` none leaves it. Raises `NotFoundError`."""
    row = work.session.get(RefusalOffer, offer_id, with_for_update=True)
    if row is None or row.patient_id != patient_id or row.answer is not None:
        raise NotFoundError("this was answered already; look at your choices")
    if refuse is not None:
        refuse(patient_id, AccountKey(row.account))
    row.answer = "no" if refuse is None else "yes"
    keep(work.session, work.keyring, row, of=owner_of("patient", patient_id))


def ends(session: Session, row: RefusalOffer) -> Instant:
    """Return when the block ends, or ended."""
    measure = session.get(Measure, row.measure_id)
    return Instant(row.made + AHEAD if measure is None else measure.until)
