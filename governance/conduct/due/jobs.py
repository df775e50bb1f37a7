"""The hourly job that warns of looks that grow old; that they refuse needs no job."""

from collections.abc import Callable
from typing import Final

from sqlalchemy.orm import Session

from governance.conduct.due.service import Ahead, warn
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.ledger.outbox.handlers import Effect, Handler
from governance.ledger.outbox.service import Work

KIND: Final = "conduct_looks"


def looks_handler(keyring: Keyring, clock: Callable[[], Instant], ahead: Callable[[], Ahead]) -> Handler:
    """Return what tells professionals that a look at them ends, or is over."""

    def handle(_work: Work) -> Effect:
        def effect(session: Session) -> None:
            warn(session, keyring, ahead(), clock())

        return effect

    return handle
