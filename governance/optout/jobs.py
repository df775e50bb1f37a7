"""Jobs of opt-out: what has waited its time is put in force, and a patient is reminded before a no ends."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.ledger.outbox.errors import BadPayloadError
from governance.ledger.outbox.handlers import Effect, Handler
from governance.ledger.outbox.service import Work
from governance.optout.models import Directive
from governance.optout.own.reminders import ends_of
from governance.optout.ratchet import take_effect
from governance.optout.service import body_in_force

AfterIt = Callable[[Session, Directive, Instant], None]
"""What else is written with a version that took effect by itself, such as its receipt."""


Tell = Callable[[Session, UUID, Instant], None]
"""What tells a patient that there is something new, by whatever way is safe for them; never what."""


def reminding_handler(keyring: Keyring, clock: Callable[[], Instant], tell: Tell | None) -> Handler:
    """Return what reminds of a no that still stands and still ends then.

    Without `tell` the patient's page alone says so: it works that out by itself, in the last week.
    """

    def handle(work: Work) -> Effect:
        patient, end = work.payload.get("patient"), work.payload.get("end")
        if not isinstance(patient, str) or not isinstance(end, int):
            raise BadPayloadError("a job of this kind needs a patient and an end")

        def effect(session: Session) -> None:
            at, patient_id = clock(), UUID(patient)
            stands = end in ends_of(body_in_force(session, keyring, patient_id).rules)
            if tell is not None and stands and at < end:
                tell(session, patient_id, at)

        return effect

    return handle


def loosening_handler(keyring: Keyring, clock: Callable[[], Instant], after_it: AfterIt | None = None) -> Handler:
    """Return what puts a change in force, in the transaction that ends the job: so it happens once."""

    def handle(work: Work) -> Effect:
        change, token = work.payload.get("change"), work.payload.get("token")
        if not isinstance(change, str) or not isinstance(token, str):
            raise BadPayloadError("a job of this kind needs a change and its token")
        change_id = UUID(change)

        def effect(session: Session) -> None:
            at = clock()
            directive = take_effect(session, keyring, change_id, token, at)
            if directive is not None and after_it is not None:
                after_it(session, directive, at)

        return effect

    return handle
