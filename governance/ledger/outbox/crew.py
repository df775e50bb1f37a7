"""The workers of one process, and a keeper who renews their leases and tells when work is left undone."""

from collections.abc import Sequence
from threading import Condition, Event, Thread
from typing import Final

import structlog

from governance.ledger.outbox import alarm, service
from governance.ledger.outbox.backoff import SECOND
from governance.ledger.outbox.errors import code_of
from governance.ledger.outbox.handlers import LONGEST, SHORTEST, Recurring
from governance.ledger.outbox.worker import Hands, Tools, Worker

GRACE_SECONDS: Final = 20.0
"""How long a job in hand may take to be finished after a stop; then others get it."""
_RENEWALS: Final = 3
"""In the time of one lease: two may fail before a job is lost."""
_log = structlog.get_logger("governance.outbox")


class Crew:
    """Some workers and their keeper, as threads."""

    def __init__(self, tools: Tools, workers: int) -> None:
        """Get ready; nothing runs yet."""
        self._tools = tools
        self._hands = Hands()
        self._stop, self._done = Event(), Event()
        self._left, self._ended = workers, Condition()
        # Daemons: a handler that never ends must not keep the process from ending.
        self._workers = [Thread(target=self._work, daemon=True) for _ in range(workers)]
        self._keeper = Thread(target=self._keep, daemon=True)

    def start(self, recurring: Sequence[Recurring] = ()) -> None:
        """See to it that the recurring jobs are there, and begin."""
        if any(not SHORTEST <= job.every <= LONGEST for job in recurring):
            raise ValueError("a recurring job comes every second at most, and once a day at least")
        with self._tools.transaction() as session:
            for kind, every in recurring:
                service.ensure_recurring(session, self._tools.keyring, kind, every, now=self._tools.clock())
        for thread in (self._keeper, *self._workers):
            thread.start()

    def stop(self, grace: float = GRACE_SECONDS) -> bool:
        """Let every worker finish what it has in hand, give back what is not done in time; say if all was done."""
        self._stop.set()
        with self._ended:
            self._ended.wait_for(lambda: self._left == 0, timeout=grace)
        self._done.set()
        self._keeper.join(grace)
        left = self._hands.held()
        if left:
            with self._tools.transaction() as session:
                for job in left:
                    service.give_back(session, job)
        return not left

    def _work(self) -> None:
        try:
            Worker(self._tools, self._hands).run(self._stop)
        finally:
            with self._ended:
                self._left -= 1
                self._ended.notify_all()

    def _keep(self) -> None:
        # The keeper goes on while the last jobs are finished: they may take longer than a lease.
        while not self._done.wait(self._tools.lease / SECOND / _RENEWALS):
            try:
                self._renew()
                self._look()
            except Exception as error:  # noqa: BLE001 - a database that is away for a minute must not end the keeper
                _log.error("outbox_keeper_interrupted", code=code_of(error))

    def _renew(self) -> None:
        held = self._hands.held()
        if not held:
            return
        with self._tools.transaction() as session:
            for job in held:
                service.renew(session, job, self._tools.clock(), lease=self._tools.lease)

    def _look(self) -> None:
        now = self._tools.clock()
        with self._tools.reading() as session:
            found = alarm.condition(session, now)
        if found.is_well:
            return
        with self._tools.transaction() as session:
            kinds = alarm.take_alarms(session, found, now)
        for kind in kinds:
            alarm.tell(found, kind)
