"""The hourly job that forgets pictures whose reports were never sent."""

from collections.abc import Callable
from typing import Final

from governance.decision.vocabulary import Instant
from governance.ledger.outbox.handlers import Effect, Handler
from governance.ledger.outbox.service import Work
from governance.reporting.evidence.service import forget_never_sent

KIND: Final = "report_pictures"


def pictures_handler(clock: Callable[[], Instant]) -> Handler:
    """Return what forgets them; nobody has their keys any more."""

    def handle(_work: Work) -> Effect:
        return lambda session: forget_never_sent(session, clock())

    return handle
