"""Killed anywhere in a restore, it can be run again, and nothing is open in between or afterwards."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from governance.backup.errors import RestoreError
from tests.backup.child import WHERE
from tests.backup.house import House
from tests.marks import few

ROOT = Path(__file__).resolve().parents[2]


def killed_at(house, where, file, url):
    words = [sys.executable, "-m", "tests.backup.child", where, url, str(house.folder), str(file)]
    done = subprocess.run(words, cwd=ROOT, env=os.environ, check=False, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.parametrize("where", few(WHERE, plain=2))
def test_a_killed_restore_is_run_again(lived_in, empty, where):
    if empty is not None and where == "unplaced":
        pytest.skip("nothing is put in place on PostgreSQL")
    file = lived_in.backup()
    with lived_in.forum() as forum:
        forum.hides("ana")
    url = empty or lived_in.url.render_as_string()
    lived_in.close()
    killed_at(lived_in, where, file, url)
    if empty is None:
        # The database of before is still there, whole, and as closed as it was.
        there = House(url, lived_in.folder)
        there.now = lived_in.now
        assert not there.permits("nia", "ana")
        assert there.permits("nia", "bea")
        there.close()
    elif where == "committed":
        # There it is done; another restore needs another database.
        with pytest.raises(RestoreError, match="not empty"):
            lived_in.restore(file, to=empty)
        there = House(url, lived_in.folder)
        there.now = lived_in.now
        assert not there.permits("nia", "ana")
        assert there.permits("nia", "bea")
        there.close()
        return
    lived_in.restore(file, to=empty)
    assert not lived_in.permits("nia", "ana")
    assert lived_in.permits("nia", "bea")
