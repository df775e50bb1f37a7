"""kill -9 at the worst moments: nothing acknowledged is lost, and what is left over is told for what it is."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from governance.ledger.checkpoints import Signer
from tests.crypto.fixed import RING

ROOT = Path(__file__).resolve().parents[2]


def spawn(place, where, after=0):
    words = [sys.executable, "-m", "tests.ledger.child", place.url, str(place.folder), where, str(after)]
    return subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=os.environ)


def acknowledged_by(child):
    said, _ = child.communicate(timeout=60)
    assert child.returncode == -signal.SIGKILL
    return [int(line) for line in said.splitlines()]


def records(place):
    return [record.decode() for record in place.told()]


def test_killed_between_journal_and_commit_the_journal_has_one_record_too_many(place):
    assert acknowledged_by(spawn(place, "journal", after=3)) == [0, 1, 2] == place.numbers()
    assert records(place) == [f"record {number}" for number in range(4)]
    assert place.start().size == 3
    assert place.append() == [3]
    assert place.found() == set()


def test_killed_between_commit_and_checkpoint_the_entry_is_there_and_was_not_acknowledged(place):
    assert acknowledged_by(spawn(place, "checkpoint", after=3)) == [0, 1, 2]
    assert place.numbers() == [0, 1, 2, 3]
    assert Signer(RING).open(place.outside.newest()).size == 3
    assert place.start().size == 4
    assert place.found() == set()


def kill_anywhere(place, rng):
    child = spawn(place, "anywhere")
    assert child.stdout is not None
    first = child.stdout.readline()
    time.sleep(rng.random() / 20)
    child.kill()
    return [int(first), *acknowledged_by(child)]


def survive(place, loops):
    told = []
    rng = random.Random(3)
    for _ in range(loops):
        told += kill_anywhere(place, rng)
        place.start()
        report = place.verify()
        assert not report.findings.damage, report.findings.first
        assert set(told) <= set(place.numbers())
        # A tightening may have been journalled too many, never too few.
        assert len(records(place)) >= report.size
    assert told == sorted(set(told))


def test_killed_anywhere_nothing_acknowledged_is_lost(place):
    survive(place, 3)


@pytest.mark.hunt
@pytest.mark.timeout(1800)
def test_killed_anywhere_five_hundred_times_nothing_acknowledged_is_lost(place):
    survive(place, 500)
