"""Is work left undone? For `governance worker status`, for readiness, and for whoever reads the log."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import structlog
from sqlalchemy.orm import Session

from governance.decision.vocabulary import Instant
from governance.ledger.outbox import models
from governance.ledger.outbox.backoff import HOUR, SECOND

PATIENCE: Final = 15 * 60 * SECOND
"""How long a kind may fail, or wait for a worker, before somebody is told."""
PAUSE: Final = HOUR
"""Between two lines of the log about one kind."""
_log = structlog.get_logger("governance.outbox")


class Condition(NamedTuple):
    """How the outbox fares; counts and kinds, nothing about anybody."""

    waiting: Mapping[str, int]
    """Jobs still to be done, by kind, those in hand included."""
    in_hand: int
    dead: Mapping[str, int]
    failing: Mapping[str, int]
    """Since when every try of a kind failed, where that is longer than our patience."""
    overdue: frozenset[str]
    """Kinds whose jobs nobody takes: no worker runs, too few do, or none that knows the kind."""

    @property
    def is_well(self) -> bool:
        """Whether nobody needs to do anything."""
        return not self.troubled

    @property
    def troubled(self) -> frozenset[str]:
        """The kinds for which somebody has to do something."""
        return frozenset(self.dead) | frozenset(self.failing) | self.overdue

    def as_json(self) -> dict[str, Any]:
        """Return what a script reads; instants in microseconds since 1970."""
        return {
            "well": self.is_well,
            "waiting": dict(self.waiting),
            "in_hand": self.in_hand,
            "dead": dict(self.dead),
            "failing_since": dict(self.failing),
            "overdue": sorted(self.overdue),
        }


def condition(session: Session, now: Instant) -> Condition:
    """Return how the outbox fares. Readiness asks this too: `condition(session, now).is_well`."""
    waiting = models.count_waiting(session)
    since = {row.kind: row.failing_since for row in models.JobKind.all(session) if row.failing_since is not None}
    return Condition(
        waiting=waiting,
        in_hand=models.count_in_hand(session, now),
        dead=models.count_dead(session),
        failing={kind: at for kind, at in since.items() if kind in waiting and _is_long_ago(at, now)},
        overdue=frozenset(models.overdue_kinds(session, Instant(now - PATIENCE), now)),
    )


def take_alarms(session: Session, found: Condition, now: Instant) -> list[str]:
    """Return the kinds about which it is for the caller to tell, once this is committed: each once an hour."""
    return [kind for kind in sorted(found.troubled) if models.take_alarm(session, kind, now, PAUSE)]


def tell(found: Condition, kind: str) -> None:
    """Wake somebody."""
    _log.critical(
        "outbox_in_trouble",
        kind=kind,
        dead=found.dead.get(kind, 0),
        failing=kind in found.failing,
        overdue=kind in found.overdue,
        do="run `governance worker status`, then `governance worker dead`",
    )


def _is_long_ago(at: int, now: Instant) -> bool:
    # A beginning in the future is a clock's fault: better told too early than never.
    return at <= now - PATIENCE or at > now
