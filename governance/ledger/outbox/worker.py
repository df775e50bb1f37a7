"""Does one job after the other: takes it, does it, and writes effect and completion in one transaction."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from random import SystemRandom
from threading import Event, Lock
from typing import Final

import structlog
from sqlalchemy.orm import Session

from governance.crypto.data_keys import KeyGoneError
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.errors import GovernanceError
from governance.ledger.outbox import service
from governance.ledger.outbox.backoff import MOST_TRIES, Chance
from governance.ledger.outbox.errors import DiedInHandError, LeaseLostError, code_of
from governance.ledger.outbox.handlers import Handlers
from governance.ledger.outbox.models import Leased

IDLE_SECONDS: Final = 1.0
"""How long to wait when nothing is due, at most; half of it on average."""
PAUSE_SECONDS: Final = 5.0
"""How long to wait when the database does not answer."""
_log = structlog.get_logger("governance.outbox")


@dataclass(frozen=True, slots=True)
class Tools:
    """What workers work with."""

    transaction: Callable[[], AbstractContextManager[Session]]
    """Gives a session that is committed at the end; called in any thread, never inside another one."""
    reading: Callable[[], AbstractContextManager[Session]]
    keyring: Keyring
    handlers: Handlers
    clock: Callable[[], Instant]
    chance: Chance = field(default=SystemRandom().random)
    lease: int = service.LEASE
    """In microseconds."""


class Hands:
    """The jobs that the workers of one process hold, for whoever renews their leases or gives them back."""

    def __init__(self) -> None:
        """Begin with empty hands."""
        self._held: set[Leased] = set()
        self._lock = Lock()

    def hold(self, job: Leased) -> None:
        """Note that a job is begun."""
        with self._lock:
            self._held.add(job)

    def put_down(self, job: Leased) -> None:
        """Note that a job is over, whatever became of it."""
        with self._lock:
            self._held.discard(job)

    def held(self) -> list[Leased]:
        """Return the jobs in hand now."""
        with self._lock:
            return list(self._held)


class Worker:
    """One pair of hands; several run in one process, and processes beside it."""

    def __init__(self, tools: Tools, hands: Hands) -> None:
        """Work with these tools; the hands may be shared."""
        self._tools = tools
        self._hands = hands
        self._kinds = sorted(tools.handlers)

    def run(self, stop: Event) -> None:
        """Work until told to stop, and then finish what is in hand."""
        while not stop.is_set():
            try:
                seconds = 0.0 if self.step() else IDLE_SECONDS * self._tools.chance()
            except Exception as error:  # noqa: BLE001 - a database that is away for a minute must not end the worker
                _log.error("outbox_interrupted", code=code_of(error))
                seconds = PAUSE_SECONDS
            stop.wait(seconds)

    def step(self) -> bool:
        """Do the job that is due longest; false if there is none."""
        job = self._take()
        if job is None:
            return False
        self._hands.hold(job)
        try:
            self._do(job)
        finally:
            self._hands.put_down(job)
        return True

    def _take(self) -> Leased | None:
        tools = self._tools
        with tools.reading() as session:
            if not service.is_any_due(session, self._kinds, tools.clock(), lease=tools.lease):
                return None
        with tools.transaction() as session:
            return service.take(session, self._kinds, tools.clock(), lease=tools.lease)

    def _do(self, job: Leased) -> None:
        try:
            self._complete(job)
        except LeaseLostError:
            _log.info("outbox_lease_lost", kind=job.kind, job=str(job.id))
        except Exception as error:  # noqa: BLE001 - whatever a handler raises is a failed try
            self._put_off(job, error)

    def _complete(self, job: Leased) -> None:
        if job.tries > MOST_TRIES and job.every is None:
            raise DiedInHandError("this job ended every worker that began it")
        work = self._opened(job)
        # Outside of any transaction: a mail server that is slow must keep nobody from writing.
        effect = None if work is None else self._tools.handlers[job.kind](work)
        with self._tools.transaction() as session:
            service.prove(session, job)
            if effect is None:
                service.discard(session, job)
                return
            effect(session)
            service.finish(session, job, self._tools.clock())

    def _opened(self, job: Leased) -> service.Work | None:
        """Return a job to do; nothing if whoever it is about was erased since: then nothing is left to do for them."""
        try:
            with self._tools.reading() as session:
                return service.open_work(session, self._tools.keyring, job)
        except KeyGoneError:
            _log.info("outbox_owner_erased", kind=job.kind, job=str(job.id))
            return None

    def _put_off(self, job: Leased, error: Exception) -> None:
        # Our own errors name nobody; what others say may.
        why = str(error) if isinstance(error, GovernanceError) else None
        _log.warning("outbox_try_failed", kind=job.kind, job=str(job.id), tries=job.tries, code=code_of(error), why=why)
        with self._tools.transaction() as session:
            service.fail(session, job, error, now=self._tools.clock(), chance=self._tools.chance)
