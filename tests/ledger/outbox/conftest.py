"""Workers on a real database, with a clock that the test sets and a chance that the test throws."""

from contextlib import contextmanager

import pytest
from sqlalchemy import select

from governance.db.extension import db, reading, transaction
from governance.ledger.outbox import alarm, service
from governance.ledger.outbox.models import Job
from governance.ledger.outbox.worker import Hands, Tools, Worker

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
START = 1_800_000_000 * SECOND


class Office:
    """An outbox whose time stands still until the test moves it."""

    def __init__(self, app, keyring):
        self.app, self.keyring = app, keyring
        self.now = START
        self.chance = 0.5
        self.handlers = {}
        self.done = []

    @contextmanager
    def writing(self):
        with self.app.app_context(), transaction() as session:
            yield session

    @contextmanager
    def looking(self):
        with self.app.app_context(), reading() as session:
            yield session

    @property
    def tools(self):
        return Tools(
            self.writing, self.looking, self.keyring, self.handlers, lambda: self.now, chance=lambda: self.chance
        )

    def worker(self):
        return Worker(self.tools, Hands())

    def does(self, kind, fail=None):
        """Have jobs of a kind noted in `done` when they are committed, or fail by what `fail` returns."""

        def handle(work):
            error = fail() if fail else None
            if error is not None:
                raise error
            return lambda _session: self.done.append(dict(work.payload))

        self.handlers[kind] = handle

    def wants(self, kind="k", due=None, **payload):
        with self.writing() as session:
            return service.enqueue(session, self.keyring, kind, payload, self.now if due is None else due)

    def recurs(self, kind, every):
        with self.writing() as session:
            service.ensure_recurring(session, self.keyring, kind, every, now=self.now)

    def take(self):
        with self.writing() as session:
            return service.take(session, sorted(self.handlers), self.now)

    def works(self, steps=50):
        """Do what is due, and return how many jobs were begun."""
        worker = self.worker()
        return next((number for number in range(steps) if not worker.step()), steps)

    def later(self, microseconds):
        self.now += microseconds

    def rows(self):
        with self.looking() as session:
            return session.scalars(select(Job).order_by(Job.due)).all()

    def row(self):
        (row,) = self.rows()
        return row

    def condition(self):
        with self.looking() as session:
            return alarm.condition(session, self.now)


@pytest.fixture
def office(app, keyring, both):
    """On both databases."""
    assert both
    yield Office(app, keyring)
    with app.app_context():
        db.engine.dispose()
