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


def forget_handler(keyring: Keyring, clock: Callable[[], Instant]) -> Handler:
    """Return what deletes decisions that are thirteen months old and that no case holds."""

    def effect(session: Session) -> None:
        now = clock()
        if forget_old(session, now) == BATCH:
            enqueue(session, keyring, FORGET, {}, now)

    def forget(_work: Work) -> Effect:
        return effect

    return forget
