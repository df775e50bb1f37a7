"""The job that puts in force what has waited its time."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.ledger.outbox.errors import BadPayloadError
from governance.ledger.outbox.handlers import Effect, Handler
from governance.ledger.outbox.service import Work
from governance.optout.models import Directive
from governance.optout.ratchet import take_effect

AfterIt = Callable[[Session, Directive, Instant], None]
"""What else is written with a version that took effect by itself, such as its receipt."""


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
