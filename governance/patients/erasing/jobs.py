"""The job that erases whoever has waited their time; it comes every hour, so that no restore can lose it."""

from collections.abc import Callable, Sequence
from typing import Final

import structlog
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.errors import GovernanceError
from governance.ledger.holding import Holding
from governance.ledger.outbox.handlers import Effect, Handler
from governance.ledger.outbox.service import Work
from governance.patients.erasing.models import ErasureRequest
from governance.patients.erasing.service import take_effect

KIND: Final = "erasing"
_MOST: Final = 100
"""In one transaction; the next hour has its own."""
_log = structlog.get_logger()


def erasing_handler(keyring: Keyring, clock: Callable[[], Instant], holdings: Sequence[Holding]) -> Handler:
    """Return what erases everybody whose wait is over."""

    def effect(session: Session) -> None:
        at = clock()
        for row in ErasureRequest.due_by(session, at, _MOST):
            try:
                with session.begin_nested():
                    take_effect(session, keyring, row, at, holdings)
            except GovernanceError as error:
                # One broken record must keep nobody else from being deleted.
                _log.critical("erasure_failed", code=error.code, do="run `governance ledger verify`")

    def handle(_work: Work) -> Effect:
        return effect

    return handle
