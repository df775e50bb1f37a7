"""The job that writes to a safe contact when it is safe to: where to, it asks only then."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.data_keys import owner_of
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.ledger.outbox.errors import BadPayloadError
from governance.ledger.outbox.handlers import Effect, Handler
from governance.ledger.outbox.mailing import Letter, enqueue_mail
from governance.ledger.outbox.sealing import Personal
from governance.ledger.outbox.service import Work, enqueue
from governance.patients.contact.service import contact_of
from governance.ui.mail import Notice

KIND: Final = "safe_contact"


def enqueue_news(session: Session, keyring: Keyring, patient_id: UUID, due: Instant) -> None:
    """Have a patient told by mail that there is something new, no sooner than due."""
    enqueue(session, keyring, KIND, Personal(owner_of("patient", patient_id), {"patient": str(patient_id)}), due)


def contact_handler(keyring: Keyring, clock: Callable[[], Instant]) -> Handler:
    """Return what writes to a contact that still stands.

    THREAT: an address that was taken away in the evening, because somebody reads along there now, must get nothing in
    the morning; one that was changed meanwhile is another one, with other hours.
    """

    def handle(work: Work) -> Effect:
        patient = work.payload.get("patient")
        if not isinstance(patient, str):
            raise BadPayloadError("a job of this kind needs a patient")

        def effect(session: Session) -> None:
            at, patient_id = clock(), UUID(patient)
            found = contact_of(session, keyring, patient_id)
            if found is None or not found[1]:
                return
            contact, due = found[0], found[0].next_time(at)
            if due > at:
                enqueue_news(session, keyring, patient_id, due)
                return
            letter = Letter(owner_of("patient", patient_id), contact.address, Notice.NEWS, language=contact.language)
            enqueue_mail(session, keyring, letter, now=at)

        return effect

    return handle
