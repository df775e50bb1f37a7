"""Real worker processes that put changes in force, and can be killed; and the shortest wait there is."""

import multiprocessing
import os
import random
import signal
import time
from contextlib import contextmanager

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring, KeySet
from governance.ledger.commits import OUTSIDE
from governance.ledger.outbox import worker
from governance.ledger.outbox.crew import Crew
from governance.optout.choices import Choices
from governance.optout.jobs import loosening_handler
from governance.optout.models import Directive, WaitingChange
from governance.optout.ratchet import Press, choose
from governance.optout.waiting import KIND
from governance.ui.clock import now
from tests.forum import CLOSED, SEEN, Forum
from tests.ledger.outbox.processes import Outbox

SOON = 50_000
PER_KILL = 3
_FORKS = multiprocessing.get_context("forkserver")


class Records(Outbox):
    """The same, with a ledger that is kept in the database alone."""

    @contextmanager
    def writing(self):
        with Session(self.engine, expire_on_commit=False, info={OUTSIDE: None}) as session:
            yield session
            session.commit()


def main(url, keys):
    """What a worker process does until it is killed."""
    worker.IDLE_SECONDS = 0.02
    outbox = Records(url, keys)
    handler = loosening_handler(outbox.keyring, now)

    def slowly(work):
        effect = handler(work)

        def at_leisure(session: Session):
            effect(session)
            # So long that whoever is killed at work is killed between the effect and its commit.
            time.sleep(0.02)

        return at_leisure

    Crew(outbox.tools({KIND: slowly}), 2).start()
    signal.pause()


class Ward:
    """Patients whose changes are due, and two worker processes."""

    def __init__(self, url, number):
        self.keys = KeySet.fresh().dump()
        self.url, self.names = url, [f"p{index}" for index in range(number)]
        self.outbox = Records(url, self.keys)
        with self.outbox.writing() as session:
            forum = Forum(session, Keyring(KeySet.parse(self.keys)), at=now())
            for name in self.names:
                self._asks(session, forum, name)
        self.workers = [self._start(), self._start()]
        self.kills = 0

    def _asks(self, session, forum, name):
        forum.acknowledges(name)
        forum.chooses(name, CLOSED, CLOSED)
        press = Press(now(), wait=SOON, consent_age=16, proved=True)
        choose(session, forum.keyring, forum.patient(name).id, Choices(others=SEEN), press)

    def _start(self):
        process = _FORKS.Process(target=main, args=(self.url, self.keys), daemon=True)
        process.start()
        return process

    def kills_one(self):
        place = random.randrange(2)
        os.kill(self.workers[place].pid, signal.SIGKILL)
        self.workers[place].join()
        self.workers[place] = self._start()

    def drains(self, seconds=90):
        """Wait until no job is left; whenever some are done, somebody who does the next ones is killed."""
        until, left = time.monotonic() + seconds, len(self.names)
        while found := self.outbox.count("SELECT count(*) FROM job"):
            assert time.monotonic() < until, "jobs are left"
            if found <= left - PER_KILL:
                left = found
                self.kills_one()
                self.kills += 1
            time.sleep(random.uniform(0, 0.05))

    def versions(self):
        with self.outbox.looking() as session:
            rows = session.query(Directive.patient_id, Directive.version).all()
            found = {}
            for patient, version in sorted(rows):
                found.setdefault(patient, []).append(version)
            return list(found.values())

    def outcomes(self):
        with self.outbox.looking() as session:
            return [change.outcome for change in session.query(WaitingChange)]

    def ends(self):
        for process in self.workers:
            process.kill()
            process.join()
        self.outbox.engine.dispose()
