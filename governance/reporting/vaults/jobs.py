"""The hourly look whether reports can be taken and read; where not, whoever reads the log is told, by counts alone."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final

import structlog
from sqlalchemy.orm import Session

from governance.decision.vocabulary import Instant
from governance.ledger.outbox.handlers import Effect, Handler, nothing
from governance.ledger.outbox.service import Work
from governance.reporting.vaults.sharing import thin
from governance.reporting.vaults.state import standing

KIND: Final = "reports_readers"
_log = structlog.get_logger()


def watching_handler(reading: Callable[[], AbstractContextManager[Session]], clock: Callable[[], Instant]) -> Handler:
    """Return what says where nobody could read a report, and how many can be read by too few."""

    def run(_work: Work) -> Effect:
        with reading() as session:
            closed = [one for one in standing(session, clock()) if not one.is_open]
            too_few = thin(session)
        if closed:
            _log.error("reports_cannot_be_taken", places=len(closed), do="run `governance staff duty list`")
        if too_few:
            nobody = sum(1 for many in too_few.values() if not many)
            _log.critical("reports_have_too_few_readers", one=len(too_few) - nobody, none=nobody, do="open /desk/vault")
        return nothing

    return run
