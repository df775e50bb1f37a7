"""The legal hold at filing: no decision from before an open report is forgotten until somebody copied what it is about.

It is one day for all, and no mark on anybody's rows: a mark on a patient's decisions would say who reported.
"""

from sqlalchemy.orm import Session

from governance.decision.vocabulary import Instant
from governance.ledger.decisions.service import KEPT
from governance.reporting.cases.models import Case


def oldest_kept(session: Session) -> int | None:
    """Return the day of the oldest report of which nobody copied the decisions; none if there is none."""
    return Case.oldest_hold(session)


def kept_since(session: Session, now: Instant) -> Instant:
    """Return from when on decisions are kept: thirteen months back from now, or from the oldest such report."""
    oldest = oldest_kept(session)
    return Instant(min(now, now if oldest is None else oldest) - KEPT)
