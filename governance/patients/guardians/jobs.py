"""The job that says in the log that a working day is over and nobody heard a young person."""

from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from governance.ledger.outbox.handlers import Effect, Handler
from governance.ledger.outbox.service import Work
from governance.patients.guardians.models import Hearing

_log = structlog.get_logger()


def overdue_handler() -> Handler:
    """Return what wakes somebody where a hearing is late; it says of nobody who they are."""

    def handle(work: Work) -> Effect:
        hearing_id = UUID(str(work.payload["hearing"]))

        def effect(session: Session) -> None:
            hearing = session.get(Hearing, hearing_id)
            if hearing is not None and hearing.heard is None:
                _log.critical("hearing_overdue", hearing=str(hearing_id), do="run `governance guardian requests`")

        return effect

    return handle
