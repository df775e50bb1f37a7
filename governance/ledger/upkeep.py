"""The job that verifies the whole ledger and every row in force, so that damage is found before somebody looks."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final, NamedTuple

import structlog
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.ledger.errors import LedgerError
from governance.ledger.outbox.handlers import Effect, Handler, nothing
from governance.ledger.outbox.service import Work
from governance.ledger.outside import Outside
from governance.ledger.verify import Check, verify

VERIFY: Final = "ledger.verify"
_log = structlog.get_logger()


class Ledger(NamedTuple):
    """Where a ledger is, and what proves it."""

    reading: Callable[[], AbstractContextManager[Session]]
    keyring: Keyring
    outside: Outside


def verify_handler(ledger: Ledger, checks: Callable[[], list[Check]]) -> Handler:
    """Return what verifies; it fails while there is damage, so that `governance worker status` says so too."""

    def run(_work: Work) -> Effect:
        with ledger.reading() as session:
            found = verify(session, ledger.keyring, ledger.outside, checks()).findings
        if found.damage:
            _log.critical("ledger_damaged", counts=dict(found.counts), do="run `governance ledger verify`")
            raise LedgerError("the ledger does not verify; run `governance ledger verify`")
        return nothing

    return run
