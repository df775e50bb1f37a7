"""The daily job that publishes a year once it is over, and says which months' overrides nobody looked at."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import structlog
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.ledger.outbox import service as outbox
from governance.ledger.outbox.handlers import Effect, Handler
from governance.policy.loader import Policies
from governance.reporting.numbers.service import publish_years, unseen_months
from governance.reporting.work import Work

KIND: Final = "figures_published"
_log = structlog.get_logger()


def publishing_handler(keyring: Keyring, clock: Callable[[], Instant], policies: Callable[[], Policies]) -> Handler:
    """Return what publishes the years that are over; asked for once more it publishes nothing twice."""

    def handle(_work: outbox.Work) -> Effect:
        def effect(session: Session) -> None:
            work = Work(session, keyring, clock())
            for year in publish_years(work, policies()):
                _log.info("figures_published", year=year)
            today = datetime.fromtimestamp(work.now / 1_000_000, UTC).date()
            for month in unseen_months(session, today):
                _log.critical("overrides_not_looked_at", month=month.isoformat()[:7], do="open Desks, Overrides")

        return effect

    return handle
