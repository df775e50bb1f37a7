"""The alarm: every hour the worker counts in the decision log, over all processes, who asked about how many people."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from statistics import median
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.db.base import new_id
from governance.decision.vocabulary import AccountKey, Instant
from governance.ledger.decisions.service import Entry, Kind, each_since
from governance.ledger.outbox.handlers import Effect, Handler
from governance.ledger.outbox.service import Work
from governance.pdp.probing.models import ProbingAlarm, ProbingHour
from governance.pdp.probing.sketch import Sketch
from governance.pdp.probing.watching import HOUR, quota_of, usual_of
from governance.policy.views.conduct import ProbingLimits

KIND: Final = "probing.count"
LATE: Final = 5 * 60 * 1_000_000
"""Microseconds after an hour's end from which its log is whole: processes write theirs within a second."""
_LOOKS_BACK: Final = 24 * HOUR
_USUAL_FROM: Final = 7 * 24 * HOUR
"""Microseconds from which the usual number of pairs by name is taken."""
_MOST: Final = 16_384
"""Accounts that are counted in an hour; of more, the alarm says that it could not count them all."""
Reading = Callable[[], AbstractContextManager[Session]]
_log = structlog.get_logger()


class Counts:
    """What one forum's professionals asked about in an hour."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.authors: dict[AccountKey, Sketch] = {}
        self.named = Sketch()
        """Pairs that a choice by name decided."""

    def take(self, entry: Entry) -> bool:
        """Count one line of the log; say whether there was room."""
        viewer = AccountKey(entry.logged.viewer)
        if viewer not in self.authors and len(self.authors) >= _MOST:
            return False
        self.authors.setdefault(viewer, Sketch()).add(entry.author)
        if entry.logged.named:
            self.named.add(f"{viewer} {entry.author}")
        return True


def counting_handler(
    reading: Reading, keyring: Keyring, clock: Callable[[], Instant], limits: Callable[[], ProbingLimits]
) -> Handler:
    """Return what counts every whole hour that was not counted yet, a day back at most.

    Reading the log takes long and keeps nobody from writing; only what it comes to is written.
    """

    def handle(_work: Work) -> Effect:
        whole = (clock() - LATE) // HOUR * HOUR
        with reading() as session:
            last = ProbingHour.last(session, whole)
            first = max(whole - _LOOKS_BACK, whole - HOUR if last is None else last + HOUR)
            found = {Instant(hour): counted(session, keyring, Instant(hour)) for hour in range(first, whole, HOUR)}

        def effect(session: Session) -> None:
            for hour, forums in found.items():
                judge(session, hour, forums, limits())

        return effect

    return handle


def counted(session: Session, keyring: Keyring, hour: Instant) -> dict[UUID, Counts]:
    """Return what was asked about in one hour, by forum."""
    forums: dict[UUID, Counts] = {}
    missed = 0
    for entry in each_since(session, keyring, hour, Instant(hour + HOUR)):
        if entry.kind is Kind.ASKED:
            missed += not forums.setdefault(entry.platform_id, Counts()).take(entry)
    if missed:
        _log.critical("probing_not_counted", lines=missed)
    return forums


def judge(session: Session, hour: Instant, forums: Mapping[UUID, Counts], limits: ProbingLimits) -> None:
    """Raise the alarms that follow from what was counted, and keep what is usual."""
    for platform_id, counts in forums.items():
        _judge(session, platform_id, hour, counts, limits)


def _judge(session: Session, platform_id: UUID, hour: Instant, counts: Counts, limits: ProbingLimits) -> None:
    asked = {viewer: sketch.count for viewer, sketch in counts.authors.items()}
    usual = round(usual_of(asked.values()))
    for viewer, many in asked.items():
        if many > quota_of(limits, usual):
            _raise(session, ProbingAlarm(kind="authors", account=viewer, counted=many, usual=usual), platform_id, hour)
    before = ProbingHour.named_before(session, platform_id, hour - _USUAL_FROM, hour)
    named, often = counts.named.count, round(median(before)) if before else 0
    if named > max(limits.floor_named, limits.times_usual * often):
        _raise(session, ProbingAlarm(kind="named", account="", counted=named, usual=often), platform_id, hour)
    session.merge(ProbingHour(platform_id=platform_id, hour=hour, viewers=len(asked), usual=usual, named=named))


def _raise(session: Session, alarm: ProbingAlarm, platform_id: UUID, hour: Instant) -> None:
    alarm.id, alarm.platform_id, alarm.hour = new_id(), platform_id, hour
    session.add(alarm)
    # Of whom stands in the table alone: logs name nobody.
    _log.critical("probing_alarm", kind=alarm.kind, counted=alarm.counted, usual=alarm.usual, see=str(alarm.id))
