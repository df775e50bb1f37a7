"""Decisions are gathered beside the requests: none is lost while the process lives, and few when it is killed."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from governance.db.base import Base
from governance.db.engine import open_engine
from governance.ledger.decisions import buffer
from governance.ledger.decisions.buffer import DecisionBuffer
from governance.ledger.decisions.models import LoggedDecision
from tests.ledger.decisions.steady import refusals

PROMISED = 1.0
"""Seconds; the loss window that README and privacy notice name."""


class Written:
    """Collects groups, and fails as often as it is told to."""

    def __init__(self, fails=0):
        self.groups, self.fails = [], fails

    def __call__(self, group):
        if self.fails:
            self.fails -= 1
            raise OSError("the database does not answer")
        self.groups.append(list(group))

    @property
    def all(self):
        return [noted for group in self.groups for noted in group]


def until(true):
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_what_is_noted_is_written_by_itself_in_order():
    written = Written()
    log = DecisionBuffer(written, within=0.01)
    sent = list(refusals(30))
    for noted in sent:
        log.note([noted])
    until(lambda: len(written.all) == 30)
    assert written.all == sent
    log.close()


def test_a_database_that_fails_for_a_while_costs_nothing_and_is_said():
    written = Written(fails=3)
    log = DecisionBuffer(written, within=0.01)
    with capture_logs() as said:
        log.note(list(refusals(5)))
        until(lambda: len(written.all) == 5)
    log.close()
    assert {entry["event"] for entry in said} == {"decisions_wait"}
    assert {entry["log_level"] for entry in said} == {"critical"}


def test_closing_writes_what_waits():
    written = Written()
    log = DecisionBuffer(written, within=1000)
    log.note(list(refusals(3)))
    log.close()
    assert len(written.all) == 3


def test_many_threads_lose_nothing_and_double_nothing():
    written = Written()
    log = DecisionBuffer(written, within=0.001)
    sent = [list(refusals(200)) for _ in range(8)]
    threads = [threading.Thread(target=lambda mine=mine: [log.note([one]) for one in mine]) for mine in sent]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log.close()
    ids = [noted.id for noted in written.all]
    assert len(ids) == len(set(ids)) == 1600


def test_more_than_it_can_hold_is_dropped_loudly(monkeypatch):
    monkeypatch.setattr(buffer, "MOST", 4)
    log = DecisionBuffer(Written(), within=1000)
    with capture_logs() as said:
        log.note(list(refusals(3)))
        log.note(list(refusals(2)))
    log.close()
    assert [(entry["event"], entry["count"]) for entry in said] == [("decisions_not_logged", 2)]


def killed_after(seconds, url):
    """Let a process decide steadily, kill it without warning, and give what it had answered, by time."""
    command = [sys.executable, "-m", "tests.ledger.decisions.steady", url]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        lines = [process.stdout.readline()]
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            lines.append(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        lines += process.stdout.readlines()
    return [(match[1], float(match[2])) for line in lines if (match := re.fullmatch(r"(\S+) (\S+)\n", line))]


def lost(url, answered):
    """How many seconds before the kill the oldest decision was answered that is missing; 0 if none is."""
    engine = open_engine(url)
    with Session(engine) as session:
        kept = session.scalar(select(func.count()).select_from(LoggedDecision))
    engine.dispose()
    assert 0 < kept <= len(answered)
    return answered[-1][1] - answered[kept][1] if kept < len(answered) else 0.0


@pytest.mark.parametrize("seconds", [0.7, pytest.param(1.3, marks=pytest.mark.slow)])
def test_a_killed_process_loses_no_more_than_was_promised(seconds, database):
    engine = open_engine(database)
    Base.metadata.create_all(engine)
    engine.dispose()
    answered = killed_after(seconds, database)
    assert len(answered) > 20
    assert lost(database, answered) < PROMISED
