"""The hourly job that deletes what is due of reports and cases."""

from collections.abc import Callable
from typing import Final

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.ledger.outbox import service as outbox
from governance.ledger.outbox.handlers import Effect, Handler
from governance.policy.views.retention import RetentionPolicy
from governance.reporting.retention.service import sweep
from governance.reporting.work import Work

KIND: Final = "reports_kept"


def keeping_handler(keyring: Keyring, clock: Callable[[], Instant], policy: Callable[[], RetentionPolicy]) -> Handler:
    """Return what deletes what is due; killed in the middle it has deleted nothing."""

    def handle(_work: outbox.Work) -> Effect:
        def effect(session: Session) -> None:
            sweep(Work(session, keyring, clock()), policy())

        return effect

    return handle
