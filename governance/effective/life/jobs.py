"""The hourly job that puts a forum on hold again, of which a walk was owed that did not come."""

from collections.abc import Callable
from typing import Final

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.effective.life.models import PlatformStage
from governance.effective.life.service import Life
from governance.effective.life.states import WALK_WITHIN, Why
from governance.ledger.outbox.handlers import Effect, Handler
from governance.ledger.outbox.service import Work

KIND: Final = "life.walks_owed"


def walks_handler(keyring: Keyring, clock: Callable[[], Instant]) -> Handler:
    """Return what shuts every forum whose time for a walk is over."""

    def handle(_work: Work) -> Effect:
        def effect(session: Session) -> None:
            now = clock()
            for row in PlatformStage.owing(session, Why.WALK_OWED, now - WALK_WITHIN):
                Life(session, keyring, row.platform_id, now).hold_again()

        return effect

    return handle
