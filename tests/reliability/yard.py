"""Starts services that are to be killed: a process that has everything loaded and forks, so that starts are quick.

It reads a JSON object a line, `{"words": [...], "environ": {...}, "log": PATH}`, and answers with a process id.
"""

import ctypes
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[2]
SECONDS_TO_START = 30
WORKS = "working with"
"""What a worker says once it does."""
_CHILDREN_OF_CHILDREN_TOO = 36


def run(words, environ, log):
    """Become a session of its own and run the command line; never returns."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with Path(log).open("ab") as file:
        for number in (1, 2):
            os.dup2(file.fileno(), number)
    os.environ.update(environ)
    from tests.reliability.broken import VARIANTS  # noqa: PLC0415 - it loads the service, as the process that forked did

    if words[0] in VARIANTS:
        VARIANTS[words[0]]()
        words = words[1:]
    from governance.cli import main as command  # noqa: PLC0415 - loaded already, by the process that forked

    command.main(words)


def main():
    for name in ("psycopg", "governance.cli.serve"):
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    if sys.platform == "linux":
        # The worker of a killed server comes to us, who let it go at once; others may take seconds.
        ctypes.CDLL(None).prctl(_CHILDREN_OF_CHILDREN_TOO, 1)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                run(**json.loads(line))
            finally:
                os._exit(1)
        print(child, flush=True)  # noqa: T201 - what whoever asked reads


class Service:
    """A running service: its process, and where it answers."""

    def __init__(self, pid, address):
        self.pid, self.address = pid, address

    def kill(self):
        """End the server and its worker at once, as the system does that runs out of memory."""
        os.killpg(self.pid, signal.SIGKILL)
        with suppress(ProcessLookupError):
            while True:
                os.killpg(self.pid, 0)
                time.sleep(0.005)


class Yard:
    """Where services are started."""

    def __init__(self, forker, folder):
        self._forker, self._log = forker, folder / "service.log"

    @property
    def log(self):
        return self._log.read_text() if self._log.exists() else ""

    @contextmanager
    def serving(self, house, *before, port=None):
        """Give a running service, which is not running any more afterwards; several of one house need several ports."""
        port = port or house.port
        words = [*before, "--dir", str(house.directory), "serve", "--port", str(port)]
        service = Service(self._start(words), f"http://127.0.0.1:{port}")
        try:
            self._wait_for(service)
            yield service
        finally:
            with suppress(ProcessLookupError):
                service.kill()

    @contextmanager
    def working(self, house):
        """Give a running worker, by the id of its process, once it works: what happens to it happens from then on."""
        before = self.log.count(WORKS)
        worker = Service(self._start(["--dir", str(house.directory), "worker"]), "")
        try:
            self._wait_until(lambda: self.log.count(WORKS) > before)
            yield worker.pid
        finally:
            with suppress(ProcessLookupError):
                worker.kill()

    def _start(self, words):
        asked = {"words": words, "environ": {}, "log": str(self._log)}
        self._forker.stdin.write(json.dumps(asked) + "\n")
        self._forker.stdin.flush()
        return int(self._forker.stdout.readline())

    def _wait_for(self, service):
        def answers():
            with suppress(requests.RequestException):
                return requests.get(f"{service.address}/healthz", timeout=3).ok
            return False

        self._wait_until(answers)

    def _wait_until(self, it_runs):
        ends = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < ends:
            if it_runs():
                return
            time.sleep(0.01)
        raise AssertionError(f"it did not start: {self.log[-2000:]}")


@contextmanager
def yard(folder):
    """Give a place to start services in, for as long as it is needed."""
    words = [sys.executable, "-m", "tests.reliability.yard"]
    forker = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Yard(forker, folder)
    finally:
        forker.stdin.close()
        forker.kill()
        forker.wait()
        forker.stdout.close()


if __name__ == "__main__":
    main()
