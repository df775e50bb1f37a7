"""Real worker processes that can be killed: ours, and two built wrongly on purpose.

Each is forked from a small server that has everything loaded, so that a round takes a moment and not seconds.
"""

import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from contextlib import contextmanager, suppress

from sqlalchemy import text
from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring, KeySet
from governance.db.engine import open_engine
from governance.ledger.outbox import service, worker
from governance.ledger.outbox.crew import Crew
from governance.ledger.outbox.worker import Tools
from governance.ui.clock import now

LEASE = 400_000
STALL_SECONDS = 3 * LEASE / 1_000_000
PER_ROUND = 8
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.ledger.outbox.processes", "psycopg"])


class Outbox:
    """A database seen from one process."""

    def __init__(self, url, keys):
        self.engine = open_engine(url)
        self.keyring = Keyring(KeySet.parse(keys))

    @contextmanager
    def writing(self):
        with Session(self.engine, expire_on_commit=False) as session:
            yield session
            session.commit()

    @contextmanager
    def looking(self):
        with Session(self.engine) as session:
            session.connection(execution_options={"read_only": True})
            yield session

    def tools(self, handlers):
        return Tools(self.writing, self.looking, self.keyring, handlers, now, lease=LEASE)

    def count(self, query):
        with self.looking() as session:
            return session.scalar(text(query))


def write_effect(session, work):
    session.execute(text("INSERT INTO effect (job) VALUES (:job)"), {"job": work.id.hex})


def ours(_outbox, longest=0.03):
    def handle(work):
        time.sleep(random.uniform(0, longest))
        return lambda session: write_effect(session, work)

    return handle


def without_proof(outbox):
    worker.service.prove = lambda _session, _job: None
    return ours(outbox, longest=0.3)


def in_two_transactions(outbox):
    def handle(work):
        with outbox.writing() as session:
            write_effect(session, work)
        # So long that whoever is killed at work is killed here.
        time.sleep(STALL_SECONDS / 4)
        return lambda _session: None

    return handle


def main(url, keys, variant):
    """What a worker process does until it is killed."""
    worker.IDLE_SECONDS = 0.05
    outbox = Outbox(url, keys)
    Crew(outbox.tools({"k": variant(outbox)}), 2).start()
    signal.pause()


class Yard:
    """Two worker processes on one database, and what is done to them."""

    def __init__(self, url, variant):
        self.keys = KeySet.fresh().dump()
        self.outbox = Outbox(url, self.keys)
        self._url, self._variant = url, variant
        self.wanted, self.unwanted = set(), set()
        self.crews = []

    def __enter__(self):
        with self.outbox.writing() as session:
            session.execute(text("CREATE TABLE effect (job VARCHAR(32) NOT NULL)"))
        self.crews = [self._start(), self._start()]
        return self

    def __exit__(self, *_):
        for crew in self.crews:
            crew.kill()
            crew.join()
        self.outbox.engine.dispose()

    def _start(self):
        crew = _FORKS.Process(target=main, args=(self._url, self.keys, self._variant), daemon=True)
        crew.start()
        return crew

    def wants(self, number=PER_ROUND):
        with self.outbox.writing() as session:
            made = {self._enqueue(session) for _ in range(number)}
        self.wanted |= made

    def changes_its_mind(self):
        with suppress(InterruptedError), self.outbox.writing() as session:
            self.unwanted.add(self._enqueue(session))
            raise InterruptedError

    def _enqueue(self, session):
        return service.enqueue(session, self.outbox.keyring, "k", {}, now()).hex

    def kills_one(self):
        place = random.randrange(2)
        os.kill(self.crews[place].pid, signal.SIGKILL)
        self.crews[place].join()
        self.crews[place] = self._start()

    def kills_one_at_work(self):
        time.sleep(random.uniform(0.05, STALL_SECONDS / 4))
        self.kills_one()

    def stalls_one(self):
        """Stop a process for longer than its leases, as a busy machine or a sleeping laptop does."""
        time.sleep(random.uniform(0.02, 0.2))
        stalled = random.choice(self.crews).pid
        os.kill(stalled, signal.SIGSTOP)
        time.sleep(STALL_SECONDS)
        os.kill(stalled, signal.SIGCONT)

    def round(self, number):
        self.wants()
        self.changes_its_mind()
        time.sleep(random.uniform(0.02, 0.25))
        self.kills_one()
        if number % 5 == 0:
            self.stalls_one()

    def drains(self, seconds=90):
        """Wait until no job is left; those that failed by the way are due at once."""
        until = time.monotonic() + seconds
        while self.outbox.count("SELECT count(*) FROM job"):
            assert time.monotonic() < until, "jobs are left"
            with self.outbox.writing() as session:
                session.execute(text("UPDATE job SET due = 0 WHERE lease_token IS NULL AND dead IS NULL"))
            time.sleep(0.1)

    def effects(self):
        with self.outbox.looking() as session:
            return Counter(session.scalars(text("SELECT job FROM effect")))
