"""Reports that a forum hands in while the service is killed again and again: none is lost, none is there twice."""

import random
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
import requests
from sqlalchemy import func, select

from governance.reporting.keeping.models import Report
from governance.reporting.keeping.reporters import by_code
from governance.ui.clock import now
from tests.reliability.test_kill import Forum
from tests.reporting.office import Office

WRITERS = 8
FEW, MANY = 500, 5_000
AGAIN = 20
"""One of so many acknowledged reports is sent again, and one at least."""
BUSY = 503
SAID = {"type": "boundary", "what": "He wrote to me at night"}


class Reporting:
    """Eight writers who hand in reports, each under a key of its own, until all of them are acknowledged."""

    def __init__(self, house, starts, seed):
        self.house, self._starts, self._rng = house, starts, random.Random(seed)
        credentials = house.founds_forum()
        with house.writing() as session:
            Office(SimpleNamespace(session=session, keyring=house.keyring, now=now())).opens()
        self._credentials, self.codes = credentials, {}

    def all(self, many, kills):
        """Hand in so many; the service is killed so often on the way."""
        waiting = [str(uuid.UUID(int=self._rng.getrandbits(128), version=4)) for _ in range(many)]
        for kill in range(kills + 1):
            last = kill == kills
            with self._starts.serving(self.house) as service:
                headers = Forum(service.address, self._credentials)._headers
                with ThreadPoolExecutor(WRITERS) as pool:
                    work = [pool.submit(self._writes, service, headers, waiting[n::WRITERS]) for n in range(WRITERS)]
                    if not last:
                        self._waits(many * (kill + 1) // (kills + 2))
                        service.kill()
                    for part in work:
                        part.result()
            # Some of what was acknowledged is sent again, too: nobody may tell by that what was filed.
            acknowledged = [key for key in waiting if key in self.codes]
            again = set(self._rng.sample(acknowledged, -(-len(acknowledged) // AGAIN)))
            waiting = [key for key in waiting if key not in self.codes or key in again]
        assert not set(waiting) - self.codes.keys()

    def _waits(self, done):
        until = time.monotonic() + 60
        while len(self.codes) < done and time.monotonic() < until:
            time.sleep(0.005)
        time.sleep(self._rng.random() * 0.05)

    def _writes(self, service, headers, keys):
        for key in keys:
            sent = {"json": SAID, "headers": {**headers, "Idempotency-Key": key}}
            try:
                answer = self._sent(service, sent)
            except requests.RequestException:
                return
            assert answer.status_code == 200, answer.text
            assert self.codes.setdefault(key, answer.json()["code"]) == answer.json()["code"]

    def _sent(self, service, sent):
        """Hand one in; told that nothing was saved, do as one is told, under the same key."""
        while True:
            answer = requests.post(f"{service.address}/v1/reports", **sent, timeout=30)
            if answer.status_code != BUSY:
                return answer
            time.sleep(0.5)

    def ends(self, many):
        """Count what is there, and open every report by the code that its sender has."""
        with self.house.reading() as session:
            assert session.scalar(select(func.count()).select_from(Report)) == many
            opened = {by_code(session, self.house.keyring, code).report_id for code in self.codes.values()}
        assert len(opened) == many
        self.house.verifies()


@pytest.mark.timeout(600)
def test_killed_at_any_moment_no_report_is_lost_and_none_is_there_twice(house, starts):
    reporting = Reporting(house, starts, seed=3)
    reporting.all(FEW, kills=3)
    reporting.ends(FEW)


@pytest.mark.hunt
@pytest.mark.timeout(3600)
def test_of_five_thousand_reports_none_is_lost_and_none_is_there_twice(house, starts):
    reporting = Reporting(house, starts, seed=5)
    reporting.all(MANY, kills=30)
    reporting.ends(MANY)


@pytest.mark.slow
def test_a_service_that_forgets_what_was_sent_is_caught(house, starts, monkeypatch):
    """The control: without what is kept of each sending, a retry files a second report."""
    reporting = Reporting(house, starts, seed=4)
    monkeypatch.setattr(reporting._starts, "serving", _forgetful(reporting._starts.serving))

    def loses():
        reporting.all(100, kills=3)
        reporting.ends(100)

    with pytest.raises(AssertionError):
        loses()


def _forgetful(serving):
    return lambda house: serving(house, "forgetting-sendings")
