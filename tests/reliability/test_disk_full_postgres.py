"""PostgreSQL without room, on real small file systems: nothing that was told as saved is lost, and nobody sees more.

Where its tables lie it refuses what it has no place for; where its log lies it gives up altogether, and comes back when
somebody made room and started it: to the service that is a server killed in the middle of a commit.
"""

import os
import signal
import time
from contextlib import suppress

import pytest
import requests
from sqlalchemy import text

from governance.ledger.decisions.jobs import FORGET
from governance.ledger.outbox.service import enqueue
from governance.ui.clock import now
from tests.reliability.small_disk import small_cluster
from tests.reliability.test_disk_full import DONE, presses
from tests.reliability.test_kill import Forum

pytestmark = pytest.mark.slow
MEMBERS, ROOM, LOG_ROOM = 80, 1_000_000, 150_000
"""Bytes for some presses, and not for all."""
JOBS = 3
_UNSURE = "what you sent may not be saved"


@pytest.fixture
def server():
    with small_cluster() as server:
        yield server


@pytest.fixture
def database(server) -> str:
    return server.url.render_as_string(hide_password=False)


class Crowd:
    """Members who press *hide me*, each once, and what they were told."""

    def __init__(self, house, members=MEMBERS):
        self._house, self.cookies = house, house.signs_in([f"member {number}" for number in range(members)])
        self.hidden, self.refused = set(), {}

    def presses(self, service):
        for name, cookie in self.cookies.items():
            answer = presses(service, self._house, cookie)
            if answer.status_code == DONE:
                self.hidden.add(name)
            else:
                self.refused[name] = answer

    def presses_again(self, service):
        return {presses(service, self._house, self.cookies[name]).status_code for name in self.refused}

    def was_told_plainly(self):
        return all((one.status_code, _UNSURE in one.text) == (500, True) for one in self.refused.values())


def wants_jobs(house):
    with house.writing() as session:
        for _ in range(JOBS):
            enqueue(session, house.keyring, FORGET, {}, now())


def waits_until_done(house, seconds=60):
    left = text("SELECT count(*) FROM job WHERE kind = :kind AND every IS NULL")
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        with house.reading() as session:
            if not session.scalar(left, {"kind": FORGET}):
                return True
        time.sleep(0.2)
    return False


def is_whole(house):
    house.verifies()
    house.has_an_entry_for_every_effect()


def test_without_room_for_tables_what_was_told_as_saved_is_there(house, starts, server):
    credentials, crowd = house.founds_forum(), Crowd(house)
    with starts.serving(house) as service, starts.working(house) as worker:
        forum = Forum(service.address, credentials)
        wants_jobs(house)
        server.disk.fill(ROOM)
        crowd.presses(service)
        assert len(crowd.hidden) > 1
        assert len(crowd.refused) > 1
        assert crowd.was_told_plainly()
        assert "OperationalError 53100" in starts.log
        assert "member" not in starts.log
        # Who only asks is still told, and nothing but what is saved.
        assert forum.hidden(set(crowd.cookies)) == crowd.hidden
        server.disk.empty()
        assert crowd.presses_again(service) == {DONE}
        assert forum.hidden(set(crowd.cookies)) == set(crowd.cookies)
        assert waits_until_done(house)
        os.kill(worker, 0)
    is_whole(house)


def test_without_room_for_its_log_the_server_gives_up_and_nothing_told_is_lost(house, starts, server):
    credentials, crowd = house.founds_forum(), Crowd(house)
    with starts.serving(house) as service, starts.working(house) as worker:
        forum = Forum(service.address, credentials)
        server.fill_log(LOG_ROOM)
        crowd.presses(service)
        assert "PANIC" in server.said
        assert "No space left on device" in server.said
        assert crowd.hidden
        assert len(crowd.refused) > 1
        # Also those who were signed in, of whom nobody could know by then.
        assert crowd.was_told_plainly()
        assert forum.asks("dan", "member 0").status_code == 500
        assert requests.get(f"{service.address}/readyz", timeout=10).status_code == 503
        assert "Traceback" not in starts.log, starts.log[max(0, starts.log.find("Traceback") - 1500) :][:5000]
        assert "member" not in starts.log
        server.log_disk.empty()
        server.start()
        # Of a commit whose end nobody heard either may be true.
        assert crowd.hidden <= forum.hidden(set(crowd.cookies))
        assert crowd.presses_again(service) == {DONE}
        assert forum.hidden(set(crowd.cookies)) == set(crowd.cookies)
        wants_jobs(house)
        assert waits_until_done(house)
        os.kill(worker, signal.SIGTERM)
        assert ends(worker)
    is_whole(house)


def ends(process, seconds=30):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_a_service_that_answers_before_it_commits_is_caught(house, starts, server):
    """The control: it tells people that they are hidden, who are not."""
    credentials, crowd = house.founds_forum(), Crowd(house)
    with starts.serving(house, "acknowledging-first") as service, suppress(requests.RequestException):
        server.fill_log(LOG_ROOM)
        crowd.presses(service)
    server.log_disk.empty()
    server.start()
    with starts.serving(house) as service:
        assert crowd.hidden - Forum(service.address, credentials).hidden(set(crowd.cookies))
