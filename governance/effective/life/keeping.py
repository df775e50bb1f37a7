"""The daily job that forgets reports of probes on which nothing rests any more."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.effective.life.models import LiveCommunity, PlatformStage, ProbeReport
from governance.effective.life.reports import CANARY, WALK
from governance.ledger.outbox.handlers import Effect, Handler
from governance.ledger.outbox.service import Work, enqueue
from governance.ledger.rows import forget

KIND: Final = "probe_reports_kept"
MOST_AT_ONCE: Final = 500
"""Reports of one run: a forum has two dozen canaries a day, and other writers get their turn in between."""
_DAY: Final = 24 * 3_600 * 1_000_000
_log = structlog.get_logger()


def keeping_handler(keyring: Keyring, clock: Callable[[], Instant], days: Callable[[], int]) -> Handler:
    """Return what forgets the reports that came in more than so many days ago."""

    def effect(session: Session) -> None:
        now = clock()
        if forget_reports(session, keyring, Instant(now - days() * _DAY)) == MOST_AT_ONCE:
            enqueue(session, keyring, KIND, {}, now)

    def handle(_work: Work) -> Effect:
        return effect

    return handle


def forget_reports(session: Session, keyring: Keyring, before: Instant, most: int = MOST_AT_ONCE) -> int:
    """Forget reports that came in before an instant; return how many. What is left over, the next run takes."""
    many = 0
    for platform_id in ProbeReport.platforms_before(session, before):
        if many == most:
            break
        resting = _resting(session, platform_id)
        for row in ProbeReport.taken_before(session, platform_id, before, but=resting, most=most - many):
            forget(session, keyring, row)
            many += 1
    session.flush()
    if many:
        _log.info("probe_reports_forgotten", many=many)
    return many


def _resting(session: Session, platform_id: UUID) -> set[UUID]:
    """Return the reports of a forum that something rests on.

    INVARIANT: the newest, of which each step asks what it says; the one on which the forum came to be live or on hold;
    those on which its communities are live. Without them nobody could say why its members were told so.
    """
    found = [ProbeReport.newest(session, platform_id, kind) for kind in (None, WALK, CANARY)]
    stage = session.get(PlatformStage, platform_id)
    if stage is not None:
        found.append(ProbeReport.last_taken(session, platform_id, stage.since))
    # A community that goes live meanwhile does so on the newest walk.
    live = {one.report_id for one in LiveCommunity.of_platform(session, platform_id)}
    return live | {one.id for one in found if one is not None}
