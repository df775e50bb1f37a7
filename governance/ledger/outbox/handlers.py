"""What does a kind of job: a handler, named in a table that the app makes."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from governance.ledger.outbox.backoff import HOUR, LONGEST_WAIT
from governance.ledger.outbox.service import Work

Effect = Callable[[Session], None]
"""What a job changes in the database, in the transaction that also writes that the job is done."""

Handler = Callable[[Work], Effect]
"""Does what needs no transaction, such as to send a mail, and returns the job's effect.

It runs outside of any transaction and may take long: the lease is renewed meanwhile. It may run twice for one job,
its effect counts once. It raises `HopelessJobError` where another try would fail too; whatever else it raises is
tried again later.
"""

Handlers = Mapping[str, Handler]
"""Which handler does which kind."""


class Recurring(NamedTuple):
    """A kind of job that comes again and again."""

    kind: str
    every: int
    """In microseconds, from a second to a day."""


SHORTEST: Final = HOUR // 3_600
LONGEST: Final = LONGEST_WAIT


def nothing(_session: Session) -> None:
    """Change nothing in the database: the effect of a handler that has done everything outside of it."""
