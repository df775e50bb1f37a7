"""A PostgreSQL that follows another one over a slow line, which is cut when the other one is killed."""

import select
import socket
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from tests.postgres import Cluster, cluster, libpq

NAME = "second"
_SLOW_SECONDS = 0.05
_NEVER_SECONDS = 600
_SECONDS_TO_FOLLOW = 30


class Line:
    """Carries bytes between a standby and the primary's socket, those to the standby after a while."""

    def __init__(self, primary):
        self._primary = primary
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._open = []
        self._seconds, self._cut = _SLOW_SECONDS, threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def hold(self):
        """Let nothing more arrive at the standby before the line is cut."""
        self._seconds = _NEVER_SECONDS

    def cut(self):
        """Lose what is on its way, as the network does when a machine goes down."""
        self._cut.set()
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._open.clear()
        self._cut, self._seconds = threading.Event(), _SLOW_SECONDS

    def close(self):
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.cut()

    def _accept(self):
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                far = socket.socket(socket.AF_UNIX)
                try:
                    far.connect(str(self._primary.socket / ".s.PGSQL.5432"))
                except OSError:
                    near.close()
                    far.close()
                    continue
                self._open += [near, far]
                threading.Thread(target=self._carry, args=[near, far], daemon=True).start()

    def _carry(self, near, far):
        with near, far, suppress(OSError, ValueError):
            while True:
                ready, _, _ = select.select([near, far], [], [])
                for source in ready:
                    data = source.recv(1 << 16)
                    if not data:
                        return
                    if source is far:
                        self._cut.wait(self._seconds)
                        if far not in self._open:
                            return
                    (near if source is far else far).sendall(data)


class Standby(Cluster):
    """A copy of a primary that goes on following it."""

    def __init__(self, folder, primary, port):
        reach = f"host=127.0.0.1 port={port} user=governance application_name={NAME}"
        super().__init__(folder, primary_conninfo=reach, hot_standby="on", wal_retrieve_retry_interval="100ms")
        self._primary = primary

    def create(self):
        primary = str(self._primary.socket)
        self.run("pg_basebackup", "-D", str(self.data), "-h", primary, "-U", "governance", "--no-sync", "-c", "fast")
        (self.data / "standby.signal").touch()


class Pair:
    """A primary, its standby, and the line between them."""

    def __init__(self, primary, standby, line):
        self.primary, self.standby, self.line = primary, standby, line

    def primary_is_killed(self):
        self.primary.kill()
        self.line.cut()

    def primary_comes_back(self):
        self.primary.start()
        self.wait_until_it_follows()

    def wait_until_it_follows(self):
        ends = time.monotonic() + _SECONDS_TO_FOLLOW
        query = "SELECT pg_current_wal_lsn() = replay_lsn FROM pg_stat_replication WHERE application_name = %s"
        while time.monotonic() < ends:
            with psycopg.connect(libpq(self.primary.url), autocommit=True) as connection:
                connection.execute("SET synchronous_commit = local")
                if connection.execute(query, [NAME]).fetchone() == (True,):
                    return
            time.sleep(0.05)
        raise AssertionError("the standby does not follow")


@contextmanager
def pair(*, synchronous):
    """Give two servers; a commit waits for the standby if it is `synchronous`."""
    with cluster(wal_level="replica") as primary, tempfile.TemporaryDirectory(dir=primary.folder.parent) as folder:
        line = Line(primary)
        Path(folder).chmod(0o755)
        (Path(folder) / "pg").mkdir()
        standby = Standby(Path(folder) / "pg", primary, line.port)
        try:
            standby.create()
            standby.start()
            if synchronous:
                with psycopg.connect(libpq(primary.url), autocommit=True) as connection:
                    connection.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{NAME}'")
                    connection.execute("SELECT pg_reload_conf()")
            both = Pair(primary, standby, line)
            both.wait_until_it_follows()
            yield both
        finally:
            standby.stop()
            line.close()
