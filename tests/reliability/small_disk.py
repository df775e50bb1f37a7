"""A PostgreSQL on file systems of its own that are small: what it keeps, and what it logs before, can be full.

Mounting one takes rights that not every machine gives; who asks is told so by name.
"""

import shutil
import subprocess
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.postgres import Cluster, libpq
from tests.room import closed_folder

_DATA, _LOG = "160m", "24m"
_BLOCK = 4096
_SEGMENT, _LOG_FILE = 1 << 20, 1 << 32
"""Bytes of one file of the log, and of those whose names begin alike."""
_DIGITS = 24


class Disk:
    """A small file system in memory; a ballast fills it as far as one likes."""

    def __init__(self, folder):
        self.folder, self._ballast = folder, folder / "ballast"

    def fill(self, room=0):
        """Leave so many bytes free."""
        with self._ballast.open("ab", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(_BLOCK))
            except OSError:
                file.truncate(max(0, file.tell() - room))

    def empty(self):
        self._ballast.unlink(missing_ok=True)


class SmallCluster(Cluster):
    """A server whose tables are on one disk and whose log of what it is about to do is on another."""

    def __init__(self, folder, data, log):
        # No checkpoint in between, which would make room again.
        super().__init__(folder, max_wal_size="1GB", min_wal_size="2MB", checkpoint_timeout="1h")
        self.disk, self.log_disk = data, log

    @property
    def data(self):
        return self.disk.folder / "data"

    def create(self):
        said = ("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")
        log = ("-X", str(self.log_disk.folder / "log"), "--wal-segsize=1")
        self.run("initdb", "-D", str(self.data), "-U", "governance", *said, *log)

    @property
    def said(self):
        return (self.folder / "log").read_text()

    def fill_log(self, room):
        """Leave so many bytes to be logged; then the server gives up."""
        self.log_disk.fill()
        names = [path.name for path in (self.log_disk.folder / "log").iterdir() if len(path.name) == _DIGITS]
        last = max(int(name[8:16], 16) * (_LOG_FILE // _SEGMENT) + int(name[16:], 16) for name in names)
        with psycopg.connect(libpq(self.url), autocommit=True) as connection:
            (at,) = connection.execute("SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint").fetchone()
            left = (last + 1) * _SEGMENT - at
            connection.execute("SELECT pg_logical_emit_message(false, '', repeat('x', %s))", [max(0, left - room)])


@contextmanager
def _mounted(folder, size):
    folder.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    words = [mount, "-t", "tmpfs", "-o", f"size={size},mode=1777", "tmpfs", folder]
    if not mount or not umount or subprocess.run(words, check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a file system: no small disk")
    try:
        yield Disk(folder)
    finally:
        # A server that is just ending may hold it for a moment longer.
        subprocess.run([umount, "--lazy", folder], check=True)


@contextmanager
def small_cluster():
    """Give a running server on two small disks."""
    folder = closed_folder() or Path(tempfile.mkdtemp(prefix="governance-pg-", dir="/tmp"))
    try:
        with ExitStack() as stack:
            disks = [stack.enter_context(_mounted(folder / name, size)) for name, size in (("d", _DATA), ("w", _LOG))]
            server = SmallCluster(folder, *disks)
            server.create()
            server.start()
            stack.callback(server.stop)
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)
