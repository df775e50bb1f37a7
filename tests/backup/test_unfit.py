"""What is no backup of this service is refused with the reason, and leaves nothing behind; so does a full disk."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from governance.backup import copies, manifest, restoring
from governance.backup.errors import BackupError, RestoreError
from governance.crypto.keys import Keyring
from tests.backup.house import House
from tests.crypto.fixed import with_root

ROOT = Path(__file__).resolve().parents[2]


def empty_file(file):
    file.write_bytes(b"")
    return file


def folder(file):
    return file.parent


def link(file):
    there = file.with_name("link")
    there.symlink_to(file)
    manifest.beside(there).symlink_to(manifest.beside(file))
    return there


def pipe(file):
    os.mkfifo(file.with_name("pipe"))
    return file.with_name("pipe")


def nothing(file):
    return file.with_name("nothing")


def without_manifest(file):
    manifest.beside(file).unlink()
    return file


def manifest_of_another(file):
    shutil.copyfile(file, file.with_name("copy"))
    shutil.copyfile(manifest.beside(file), manifest.beside(file.with_name("copy")))
    with file.open("ab") as opened:
        opened.write(b"more")
    return file


def manifest_alone(file):
    file.unlink()
    return file


UNFIT = {
    empty_file: "the file is empty",
    folder: "this is a folder",
    link: "this is a link",
    pipe: "no ordinary file",
    nothing: "see that its name is right",
    without_manifest: r"its manifest `backup\.manifest`, cannot be read \(No such file",
    manifest_alone: "only the manifest of this backup is here; put its first file, `backup`,",
    manifest.beside: "name the first one, `backup`",
    manifest_of_another: "was changed or damaged",
}


def state(house):
    """Every file there is, as it is, and what the database holds."""
    files = {path: path.read_bytes() for path in house.folder.rglob("*") if path.is_file() and not is_live(path)}
    return files, house.permits("nia", "ana")


def is_live(path):
    return path.name.startswith("governance.db")


@pytest.mark.parametrize("make", UNFIT, ids=lambda make: make.__name__)
def test_what_is_no_backup_is_refused_and_nothing_is_changed(lived_in, empty, make):
    file = make(lived_in.backup())
    before = state(lived_in)
    with pytest.raises(BackupError, match=UNFIT[make]):
        copies.verify(lived_in.keyring, file)
    if empty is None:
        with pytest.raises(BackupError, match=UNFIT[make]):
            lived_in.restore(file)
    assert state(lived_in) == before
    assert not list(lived_in.folder.glob("*restor*"))


def test_one_of_a_service_with_other_keys_is_refused(lived_in, empty):
    file = lived_in.backup()
    lived_in.keyring = Keyring(with_root(b"o" * 32))
    with pytest.raises(BackupError, match="another service's"):
        lived_in.restore(file, to=empty)


@pytest.fixture
def twin(both, tmp_path, request):
    """Another installation with the same keys, such as a place to try things out."""
    (tmp_path / "twin").mkdir()
    if both == "sqlite":
        yield House(f"sqlite:///{tmp_path / 'twin' / 'governance.db'}", tmp_path / "twin").furnish()
        return
    with request.getfixturevalue("postgres").lend(tables=False) as url:
        twin = House(url, tmp_path / "twin").furnish()
        yield twin
        twin.close()


def test_one_of_a_service_with_the_same_keys_is_refused(lived_in, empty, twin):
    with twin.forum() as forum:
        forum.registers("nia")
    file = twin.backup()
    twin.close()
    for careless in (False, True):
        with pytest.raises(RestoreError, match="another service with the same keys"):
            lived_in.restore(file, to=empty, without_journal=careless)


def test_one_of_a_newer_program_is_refused_unread(lived_in, empty, monkeypatch):
    file = lived_in.backup()
    found = manifest.read(lived_in.keyring, file)
    newer = msgspec.structs.replace(found, contents=msgspec.structs.replace(found.contents, schema_revision="9999"))
    manifest.beside(file).write_bytes(manifest.signed(lived_in.keyring, newer))
    monkeypatch.setattr(restoring.copies, "verify", lambda *_: pytest.fail("it was read"))
    with pytest.raises(RestoreError, match="a newer version of the program made this backup"):
        lived_in.restore(file, to=empty)


def test_one_exchanged_while_it_is_restored_is_refused(lived_in, both, monkeypatch):
    if both == "postgres":
        pytest.skip("PostgreSQL's own program reads it; the ledger in it is held against the manifest then")
    file = lived_in.backup()
    verify = copies.verify

    def verify_and_exchange(keyring, path):
        found = verify(keyring, path)
        with path.open("ab") as opened:
            opened.write(bytes(4096))
        return found

    monkeypatch.setattr(copies, "verify", verify_and_exchange)
    with pytest.raises(BackupError, match="was changed or damaged"):
        lived_in.restore(file)
    assert lived_in.permits("nia", "ana")


def limited(house, what, limit, file):
    words = [sys.executable, "-m", "tests.backup.limited", what, limit, house.url.render_as_string(), house.folder]
    house.close()
    done = subprocess.run([*map(str, words), str(file)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("room", [0, 100, 4_096, 16_384])
def test_a_disk_that_is_full_while_a_backup_is_made_leaves_nothing_of_it(lived_in, room):
    before = state(lived_in)
    assert limited(lived_in, "backup", room, "full").startswith("backup: ")
    assert state(lived_in) == before
    assert not list(lived_in.folder.glob(".*"))


def test_with_room_for_the_copy_and_not_for_what_it_is_there_is_neither(lived_in, monkeypatch):
    before = state(lived_in)
    monkeypatch.setattr(manifest, "signed", lambda *_: no_room())
    with pytest.raises(BackupError, match="nothing was kept of it"):
        lived_in.backup()
    assert state(lived_in) == before
    assert not list(lived_in.folder.glob(".*"))


def no_room():
    raise OSError(28, os.strerror(28))


@pytest.mark.slow
@pytest.mark.parametrize("beyond", [-4_096, 1])
def test_a_disk_that_is_full_while_a_backup_is_restored_leaves_the_database_as_it_was(lived_in, both, beyond):
    if both == "postgres":
        pytest.skip("the server writes there, in one transaction")
    file = lived_in.backup()
    with lived_in.forum() as forum:
        for number in range(40):
            forum.hides(f"p{number}")
    said = limited(lived_in, "restore", file.stat().st_size + beyond, file)
    assert said.startswith("restore: the restore did not come to its end")
    assert not list(lived_in.folder.glob("*restor*"))
    assert lived_in.permits("nia", "ana")
    assert not lived_in.permits("nia", "p7")
    lived_in.restore(file)
    assert lived_in.permits("nia", "ana")
    assert not lived_in.permits("nia", "p7")


@pytest.mark.slow
def test_the_process_with_room_enough_comes_to_its_end(lived_in):
    """The control."""
    assert limited(lived_in, "backup", 1 << 30, "roomy") == "done"
    assert copies.verify(lived_in.keyring, lived_in.folder / "roomy")
