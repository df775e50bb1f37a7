"""Clocks of a case: started and stopped by its marks, paused for named causes alone, and said to be late once."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple
from uuid import UUID, uuid4

from governance.crypto.data_keys import owner_of
from governance.decision.vocabulary import Instant
from governance.errors import BadInputError
from governance.ledger.rows import keep
from governance.policy.views.desk import Clock, DeskPolicy, Regime
from governance.reporting.clocks.calendars import after_pause, due
from governance.reporting.clocks.models import CaseClock
from governance.reporting.work import Work

DAY: Final = 24 * 3600 * 1_000_000


class Timed(NamedTuple):
    """What clocks must know of a case."""

    case_id: UUID
    kinds: frozenset[str]
    severity: str
    picked: frozenset[str]
    """The regimes that an officer picked."""
    calendar: str


class Clocks:
    """The clocks of one case, in one transaction."""

    def __init__(self, work: Work, desk: DeskPolicy, case: Timed) -> None:
        """Work at this instant."""
        self._work, self._desk, self._case, self._now = work, desk, case, work.now

    def mark(self, mark: str, since: Instant | None = None) -> None:
        """Stop what waited for this, and start what runs from it; `since`: when it was, if not now."""
        for row in self._running():
            if self._desk.clocks[row.name].stops == mark:
                self._stop(row)
                self._again(row)
        for regime in self._regimes():
            for clock in regime.clocks:
                if clock.starts == mark:
                    self._start(regime, clock, since or self._now)

    def catch_up(self, marks: dict[str, Instant]) -> None:
        """Start what applies now and did not before, as after a regime was picked, but for what was done already."""
        there = {row.name for row in CaseClock.of_case(self._work.session, self._case.case_id)}
        for regime in self._regimes():
            for clock in regime.clocks:
                if clock.name not in there and clock.starts in marks and clock.stops not in marks:
                    self._start(regime, clock, marks[clock.starts])

    def hurry(self) -> None:
        """Let running clocks end sooner where the case is more serious now; no clock ever ends later for it."""
        for row in self._running():
            clock = self._desk.clocks[row.name]
            sooner = due(Instant(row.started), clock.span(self._case.severity), self._desk.calendars[row.calendar])
            if sooner < row.due:
                row.due = sooner
                self._keep(row)

    def pause(self, cause: str) -> int:
        """Let every running clock stand still; return how many. Raises `BadInputError` for a cause that is none."""
        if cause not in self._desk.causes:
            raise BadInputError("a clock stands still for one of the named causes alone; pick one")
        found = [row for row in self._running() if row.paused is None and row.due > self._now]
        for row in found:
            row.paused, row.cause = self._now, cause
            self._keep(row)
        return len(found)

    def resume(self) -> int:
        """Let what stood still go on; return how many."""
        found = [row for row in self._running() if row.paused is not None]
        for row in found:
            self._go_on(row)
        return len(found)

    def end_updates(self) -> None:
        """Stop what comes again and again: the outcome was told."""
        for row in self._running():
            if self._desk.clocks[row.name].again:
                self._stop(row)

    def stop_all(self) -> None:
        """Stop everything: nobody waits any more."""
        for row in self._running():
            self._stop(row)

    def _running(self) -> list[CaseClock]:
        return CaseClock.running(self._work.session, self._case.case_id)

    def _regimes(self) -> Iterator[Regime]:
        found = {one.code: one for kind in self._case.kinds for one in self._desk.regimes_for(kind)}
        found |= {code: self._desk.regimes[code] for code in self._case.picked if code in self._desk.regimes}
        yield from (found[code] for code in sorted(found))

    def _start(self, regime: Regime, clock: Clock, since: Instant) -> None:
        if any(row.name == clock.name for row in self._running()):
            return
        name = self._case.calendar if regime.calendar == "desk" else regime.calendar
        span = clock.span(self._case.severity)
        row = CaseClock(
            id=uuid4(),
            case_id=self._case.case_id,
            name=clock.name,
            calendar=name,
            started=since,
            due=due(since, span, self._desk.calendars[name]),
            missed=False,
        )
        self._keep(row)

    def _again(self, row: CaseClock) -> None:
        clock = self._desk.clocks[row.name]
        if clock.again:
            self._start(self._desk.regimes[clock.regime], clock, self._now)

    def _stop(self, row: CaseClock) -> None:
        # Nobody needs to know to the second when somebody worked on a case of long ago.
        row.stopped = self._work.today
        row.started, row.due, row.paused = row.started - row.started % DAY, row.due - row.due % DAY, None
        self._keep(row)

    def _go_on(self, row: CaseClock) -> None:
        span = self._desk.clocks[row.name].span(self._case.severity)
        stood_still = min(self._now - (row.paused or self._now), self._desk.longest_pause_days * DAY)
        row.due = after_pause(Instant(row.due), stood_still, span, self._desk.calendars[row.calendar])
        row.paused = None
        self._keep(row)

    def _keep(self, row: CaseClock) -> None:
        keep(self._work.session, self._work.keyring, row, of=owner_of("case", row.case_id))


def wake_paused(work: Work, desk: DeskPolicy, cases: Iterable[Timed]) -> int:
    """Let clocks go on that stood still for as long as one may; return how many."""
    longest, woken = desk.longest_pause_days * DAY, 0
    for case in cases:
        late = [
            row
            for row in CaseClock.running(work.session, case.case_id)
            if row.paused and work.now - row.paused >= longest
        ]
        woken += Clocks(work, desk, case).resume() if late else 0
    return woken


def late(work: Work) -> list[tuple[UUID, str]]:
    """Say of every clock that ran out that it did: of which case, and which. Each is returned once, ever."""
    found = []
    for row in CaseClock.run_out(work.session, work.now):
        row.missed = True
        keep(work.session, work.keyring, row, of=owner_of("case", row.case_id))
        found.append((row.case_id, row.name))
    return found
