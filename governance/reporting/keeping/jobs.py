"""The daily job that enters new reports into the ledger, together and in no order.

An entry of the same minute as somebody's block would say who reported whom.
"""

from collections.abc import Callable
from typing import Final

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.ledger.outbox import service as outbox
from governance.ledger.outbox.handlers import Effect, Handler
from governance.reporting.keeping.models import Report
from governance.reporting.work import Work

KIND: Final = "reports_entered"


def entering_handler(keyring: Keyring, clock: Callable[[], Instant]) -> Handler:
    """Return what enters all reports of which the ledger knows nothing yet."""

    def handle(_work: outbox.Work) -> Effect:
        def effect(session: Session) -> None:
            enter(Work(session, keyring, clock()))

        return effect

    return handle


def enter(work: Work) -> int:
    """Enter new reports and return how many there were; random ids put them into no order."""
    found = Report.not_entered(work.session)
    for row in found:
        work.note(row.id, "filed", None)
        row.entered = True
        work.keep(row, row.id)
    return len(found)
