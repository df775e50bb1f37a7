"""A backup is taken while others write, proven before it is called one, and never silently damaged."""

import os
import random
import shutil
import stat
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from governance.backup import copies, manifest, postgresql, sqlite
from governance.backup.errors import BackupError
from governance.crypto.keys import Keyring
from tests.crypto.fixed import with_root
from tests.ledger.place import NOW
from tests.marks import few

ROOT = Path(__file__).resolve().parents[2]
BACKUPS = 15


class Writer:
    """Another process that hides one patient after the other."""

    def __init__(self, house, told: Path) -> None:
        self.told = told
        words = [sys.executable, "-m", "tests.backup.child", "write", house.url.render_as_string(), str(house.folder)]
        with told.open("wb") as output:
            self.process = subprocess.Popen(words, cwd=ROOT, env=os.environ, stdout=output)

    @property
    def acknowledged(self):
        return self.told.read_bytes().count(b"\n")


@contextmanager
def write_load(house):
    writers = [Writer(house, house.folder / f"told-{number}") for number in range(2)]
    try:
        wait_for(lambda: all(writer.acknowledged for writer in writers))
        yield lambda: sum(writer.acknowledged for writer in writers)
    finally:
        for writer in writers:
            writer.process.kill()
            writer.process.wait()


def wait_for(it_is_so):
    until = time.monotonic() + 300
    while not it_is_so():
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.mark.slow
def test_under_write_load_every_backup_is_good(house):
    with write_load(house) as acknowledged:
        for number in range(BACKUPS):
            before = acknowledged()
            file = house.backup(f"backup-{number}")
            held = copies.verify(house.keyring, file).contents
            assert held.rows["patient"] == held.rows["directive"] >= before
            # The forum's community has a row of its own, and its accounts none.
            assert held.rows["effective_row"] == held.rows["patient"] + 2
            wait_for(lambda before=before: acknowledged() > before)


@pytest.mark.slow
def test_under_write_load_a_copy_of_the_file_alone_is_not_good(house, both):
    """The control: what somebody does who knows the file's name and not the database."""
    if both == "postgres":
        pytest.skip("there is no one file to copy")
    good = 0
    with write_load(house) as acknowledged:
        for number in range(BACKUPS):
            before, copy = acknowledged(), house.folder / f"copy-{number}"
            shutil.copyfile(sqlite.path_of(house.url), copy)
            good += is_good(house, copy, before)
            time.sleep(0.05)
    assert good < BACKUPS // 2


def is_good(house, copy, acknowledged):
    try:
        return sqlite.contents(copy, house.keyring).rows["patient"] >= acknowledged
    except Exception:  # noqa: BLE001 - whatever is wrong with it, it is no backup
        return False


@pytest.fixture
def file(lived_in):
    return lived_in.backup()


@pytest.mark.parametrize("seed", few(range(20), plain=4))
def test_one_changed_bit_is_found(house, seed):
    file = house.backup("one")
    copies.verify(house.keyring, file)
    rng = random.Random(seed)
    changed = manifest.beside(file) if seed % 4 == 0 else file
    data = bytearray(changed.read_bytes())
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    changed.write_bytes(data)
    with pytest.raises(BackupError):
        copies.verify(house.keyring, file)


def test_a_cut_one_is_found(house, file):
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(BackupError):
        copies.verify(house.keyring, file)


def test_the_manifest_of_another_service_is_found(file):
    with pytest.raises(BackupError):
        copies.verify(Keyring(with_root(b"o" * 32)), file)


def test_one_without_a_manifest_is_none(house, file):
    manifest.beside(file).unlink()
    with pytest.raises(BackupError):
        copies.verify(house.keyring, file)


def test_a_ledger_that_does_not_verify_is_not_called_a_backup(lived_in):
    with lived_in.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE ledger_entry SET document = leaf WHERE number = 3")
    with pytest.raises(BackupError, match="ledger"):
        lived_in.backup()
    assert not list(lived_in.folder.glob("*backup*"))


def test_nothing_is_overwritten_and_others_cannot_read_it(house):
    file = house.backup()
    before = file.read_bytes()
    with pytest.raises(BackupError, match="never overwritten"):
        house.backup()
    assert file.read_bytes() == before
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not list(house.folder.glob(".*unfinished"))


@pytest.mark.parametrize(
    ("name", "mends"),
    [("nowhere/b", "mkdir -p"), ("file/b", "mkdir -p"), ("b.manifest", "choose a name"), ("b", "delete .*unfinished")],
)
def test_a_place_where_none_can_be_made_is_said_with_what_mends_it(house, name, mends):
    (house.folder / "file").touch()
    (house.folder / ".b.unfinished").touch()
    with pytest.raises(BackupError, match=mends):
        house.backup(name)


def test_a_folder_that_is_not_ours_is_said_so():
    assert "run as its owner" in copies._why_not(Path("/there/b"), PermissionError(13, "Permission denied"))


def test_in_a_folder_it_is_named_by_its_time(house):
    (house.folder / "many").mkdir()
    assert copies.place_for(house.folder / "many", NOW).name == "governance-20270115T080000Z.backup"


def test_the_progress_reaches_its_end(house, both):
    if both == "postgres":
        pytest.skip("pg_dump does not say how far it is")
    told = []
    house.backup(progress=lambda *parts: told.append(parts))
    assert told[-1][0] == told[-1][1] > 0


def test_a_machine_without_the_programs_is_told_so(house, both, monkeypatch):
    if both == "sqlite":
        pytest.skip("SQLite needs no programs")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(BackupError, match="postgresql-client"):
        house.backup()


def test_a_password_is_not_on_the_command_line(house):
    address, environment = postgresql._address(house.url.set(password="hidden"))
    assert "hidden" not in address
    assert environment["PGPASSWORD"] == "hidden"
