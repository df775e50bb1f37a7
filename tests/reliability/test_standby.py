"""The primary is lost: a synchronous standby has every acknowledged write, and showed it at once."""

import random
import threading
import time
from contextlib import suppress

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from governance.db.base import new_id
from governance.db.engine import open_engine
from governance.effective.audit import RowAudit
from governance.effective.service import Register
from governance.ledger.verify import verify
from governance.ui.clock import now
from tests.reliability.house import House
from tests.reliability.standby import pair

pytestmark = [pytest.mark.hunt, pytest.mark.timeout(900)]
KILLS = 10


class Watch:
    """Writes to the primary, reads from the standby, and counts what is missing there."""

    def __init__(self, house, servers):
        self.house, self._servers = house, servers
        self.standby = open_engine(servers.standby.url).execution_options(read_only=True)
        self.acknowledged, self.stale = [], 0

    def writes_until_the_primary_is_killed(self, seconds, at_least=1):
        killer = threading.Thread(target=self._kill, args=[seconds, len(self.acknowledged) + at_least])
        killer.start()
        while killer.is_alive():
            with suppress(OperationalError):
                self._write()
        self.house.engine.dispose()

    def _kill(self, seconds, acknowledged):
        """Wait for writes as well as for the time: a busy machine may need all of it for one."""
        time.sleep(seconds)
        while len(self.acknowledged) < acknowledged:
            time.sleep(0.01)
        self._servers.primary_is_killed()

    def _write(self):
        subject = str(new_id())
        with self.house.writing() as session:
            Register(session, self.house.keyring, now()).put("patient", subject, "optout", {"hold": True})
        self.acknowledged.append(subject)
        self.stale += subject not in self.seen([subject])

    def seen(self, subjects):
        query = text("SELECT subject FROM effective_row WHERE subject = ANY(:subjects)")
        with self.standby.connect() as connection:
            return set(connection.scalars(query, {"subjects": list(subjects)}))

    def lost(self):
        return len(set(self.acknowledged) - self.seen(self.acknowledged))

    def found_on_the_standby(self):
        """What `governance ledger verify` says of the standby as the database to go on with."""
        with Session(self.standby) as session:
            report = verify(session, self.house.keyring, self.house.outside, [RowAudit(self.house.keyring)])
        return set(report.findings.counts)


def watched(tmp_path, servers):
    house = House(tmp_path / "here", servers.primary.url.render_as_string(hide_password=False))
    servers.wait_until_it_follows()
    return Watch(house, servers)


def test_a_standby_that_is_waited_for_has_and_shows_everything(tmp_path):
    rng = random.Random(7)
    with pair(synchronous=True) as servers:
        watch = watched(tmp_path, servers)
        for _ in range(KILLS):
            before = len(watch.acknowledged)
            watch.writes_until_the_primary_is_killed(0.5 + rng.random())
            assert len(watch.acknowledged) > before
            assert (watch.lost(), watch.stale) == (0, 0)
            # A write that was committed and not answered may be on the one and not yet on the other.
            assert watch.found_on_the_standby() == set()
            servers.primary_comes_back()
        watch.house.verifies()
        watch.standby.dispose()
        watch.house.close()


def test_a_standby_that_nobody_waits_for_loses_and_shows_old_rows(tmp_path):
    """The control: the line carries nothing any more, and verification says so."""
    with pair(synchronous=False) as servers:
        watch = watched(tmp_path, servers)
        servers.line.hold()
        watch.writes_until_the_primary_is_killed(0.5, at_least=20)
        assert watch.lost() > 0
        assert watch.stale > 0
        assert "rolled_back" in watch.found_on_the_standby()
        time.sleep(1)
        assert watch.lost() > 0, "they came late, and were not lost"
        watch.standby.dispose()
        watch.house.close()
