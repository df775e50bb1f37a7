"""A key file is replaced whole, by one at a time; kill -9 in the middle leaves the old keys or the new ones."""

import signal
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from governance.config import KeysError, KeySet, key_file
from governance.config.providers import KeysInFile
from tests.crypto.fixed import FIXED


@pytest.fixture
def path(tmp_path):
    key_file.create(tmp_path / "keys.json", FIXED)
    return tmp_path / "keys.json"


def add_epoch(path):
    with key_file.changing(path) as file:
        keys = KeysInFile(path).read().with_new_epoch(9)
        file.replace(keys)


def test_a_new_file_is_its_owners_alone(path):
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert KeysInFile(path).read() == FIXED


def test_keys_are_never_overwritten(path, tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for taken in (path, tmp_path / "link"):
        with pytest.raises(KeysError, match="never overwritten"):
            key_file.create(taken, KeySet.fresh())
    assert KeysInFile(path).read() == FIXED


def test_a_changed_file_keeps_its_mode_and_leaves_nothing_beside(path):
    add_epoch(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert [file.name for file in path.parent.iterdir()] == ["keys.json"]


def test_a_link_stays_a_link(path, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(path)
    add_epoch(link)
    assert link.is_symlink()
    assert KeysInFile(path).read().newest.id == "e3"


def test_eight_at_once_each_add_an_epoch_of_their_own(path):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_epoch, [path] * 8))
    assert KeysInFile(path).read().newest.id == "e10"


def test_a_folder_that_is_gone_is_said_so(tmp_path):
    with pytest.raises(KeysError, match="folder"):
        key_file.create(tmp_path / "gone" / "keys.json", FIXED)


DIES = """
import os, signal, sys
from pathlib import Path
from governance.config import key_file
from governance.config.providers import KeysInFile
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
{spoil}
path = Path(sys.argv[1])
with key_file.changing(path) as file:
    file.replace(KeysInFile(path).read().with_new_epoch(9))
"""


@pytest.mark.parametrize(
    ("spoil", "newest"),
    [("key_file.os.fsync = die", "e2"), ("Path.replace = die", "e2"), ("key_file._sync = die", "e3")],
)
def test_a_process_killed_while_it_writes_leaves_whole_keys(path, spoil, newest):
    died = subprocess.run([sys.executable, "-c", DIES.format(spoil=spoil), str(path)], check=False)
    assert died.returncode == -signal.SIGKILL
    assert KeysInFile(path).read().newest.id == newest
    add_epoch(path)
    assert KeysInFile(path).read().epoch("e3") is not None
    assert [file.name for file in path.parent.iterdir()] == ["keys.json"]
