"""Eight writers with slow commits, and a reader who asks for what comes after what it has: nothing is ever left out."""

import random
import threading
import time
from contextlib import contextmanager
from itertools import count

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from governance.db.engine import open_engine
from governance.decision.vocabulary import Mark
from governance.effective.models import PlatformChange
from governance.effective.service import Register
from governance.feed.rules import rules_in_force
from governance.feed.service import Cursor, Feed
from governance.ledger.commits import OUTSIDE
from governance.ledger.outside import Outside
from tests.conftest import make_tables
from tests.forum import Forum

pytestmark = pytest.mark.usefixtures("both")
WRITERS, EACH = 8, 3


class House:
    """A forum whose accounts are declared by many at once."""

    def __init__(self, settings, keyring):
        make_tables(settings.database_url)
        self.engine, self.keyring = open_engine(settings.database_url), keyring
        self.info = {OUTSIDE: Outside(settings.outside)}
        with self.writing() as session:
            forum = Forum(session, keyring)
            self.platform_id, self.now = forum.id, forum.now
            self.keys = [[forum.key(f"{one} {two}") for two in range(EACH)] for one in range(WRITERS)]
            session.commit()

    @contextmanager
    def writing(self):
        with Session(self.engine, expire_on_commit=False, info=self.info) as session:
            yield session

    @contextmanager
    def feed(self):
        with Session(self.engine) as session:
            session.connection(execution_options={"read_only": True})
            yield Feed(session, self.keyring, self.platform_id, rules_in_force(), self.now)


def as_it_is(house):
    """Declare an account as the service does: its revision is taken in the transaction that writes it."""

    def write(key, rng):
        with house.writing() as session:
            Register(session, house.keyring, house.now).mark(house.platform_id, key, Mark.DECLARED)
            session.flush()
            time.sleep(rng.random() / 100)
            session.commit()

    return write


def with_a_serial(house):
    """Take the number first, as a sequence gives it, and commit whenever the turn comes."""
    numbers = count(1)

    def write(key, rng):
        row = {"platform_id": house.platform_id, "revision": next(numbers), "at": house.now}
        time.sleep(rng.random() / 50)
        with house.engine.begin() as connection:
            connection.execute(insert(PlatformChange).values(kind="account", subject=key, version=1, **row))

    return write


def seen_by_a_reader(house, write):
    """Let all write and one read meanwhile; return the tokens the reader met, and the revisions it passed."""
    with house.feed() as feed:
        cursor = feed.cursor()
    seen, passed, done = set(), [cursor.revision], threading.Event()

    def work(number):
        rng = random.Random(number)
        for key in house.keys[number]:
            write(key, rng)

    def read():
        while True:
            last = done.is_set()
            with house.feed() as feed:
                found = feed.changes(Cursor(cursor.epoch, passed[-1]), "", 0)
            seen.update(change.token for change in found.changes)
            passed.append(found.revision)
            if last and found.revision == found.newest:
                return

    reader, *writers = [
        threading.Thread(target=read),
        *(threading.Thread(target=work, args=(n,)) for n in range(WRITERS)),
    ]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    reader.join()
    return seen, passed


@pytest.fixture
def house(settings, keyring):
    house = House(settings, keyring)
    yield house
    house.engine.dispose()


def wanted(house):
    with house.feed() as feed:
        return {feed.keys.account_known(key) for keys in house.keys for key in keys}


def test_no_change_is_left_out(house):
    seen, passed = seen_by_a_reader(house, as_it_is(house))
    assert seen == wanted(house)
    assert passed[-1] - passed[0] == WRITERS * EACH
    assert len(set(passed)) > WRITERS, "the reader must have read in between"


def test_a_number_that_is_taken_before_the_turn_leaves_changes_out(house):
    """The control: the same reader, over numbers as a sequence gives them."""
    seen, _ = seen_by_a_reader(house, with_a_serial(house))
    assert seen < wanted(house)
