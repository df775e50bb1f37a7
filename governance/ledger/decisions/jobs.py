"""The job that forgets old decisions, a thousand at a time: other writers get their turn in between."""

from collections.abc import Callable
from typing import Final

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.ledger.decisions.service import BATCH, forget_old
from governance.ledger.outbox.handlers import Effect, Handler
from governance.ledger.outbox.service import Work, enqueue

FORGET: Final = "decisions.forget"


KeptSince = Callable[[Session, Instant], Instant]


def forget_handler(keyring: Keyring, clock: Callable[[], Instant], kept_since: KeptSince | None = None) -> Handler:
    """Return what deletes decisions that are thirteen months old and that no case holds.

    `kept_since`: from when on everything is kept, such as for a report of which nobody copied what it is about.
    """

    def effect(session: Session) -> None:
        now = clock()
        if forget_old(session, now, None if kept_since is None else kept_since(session, now)) == BATCH:
            enqueue(session, keyring, FORGET, {}, now)

    def forget(_work: Work) -> Effect:
        return effect

    return forget
