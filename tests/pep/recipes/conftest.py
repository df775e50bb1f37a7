"""A forum's program in another language, and a sidecar that lies."""

import json
import shutil
import subprocess
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import governance.pep
from tests.pep.sidecar.running import TOKEN

LANGUAGES = {"node": "mjs", "php": "php", "ruby": "rb"}
HERE = Path(__file__).parent
RECIPES = Path(governance.pep.__file__).parent / "recipes"


class Program:
    """Runs a recipe, call by call, in one process of its language."""

    def __init__(self, program, recipe):
        command = [shutil.which(program), HERE / f"driver{recipe.suffix}", recipe]
        self.name = program
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def call(self, where, name, *given, token=TOKEN):
        """Return what it said, and in how many seconds."""
        told = {"where": where, "token": token, "call": name, "given": given}
        self._process.stdin.write(json.dumps(told) + "\n")
        self._process.stdin.flush()
        said, _, took = self._process.stdout.readline().rpartition(" ")
        return json.loads(said), int(took) / 1_000

    def end(self):
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


@pytest.fixture(scope="module", params=LANGUAGES)
def program(request):
    if shutil.which(request.param) is None:
        pytest.skip(f"{request.param} is not installed here")
    program = Program(request.param, RECIPES / f"sidecar.{LANGUAGES[request.param]}")
    yield program
    program.end()


@pytest.fixture(scope="module")
def naive():
    """The control: a program that believes what it is told."""
    if shutil.which("node") is None:
        pytest.skip("node is not installed here")
    program = Program("node", HERE / "naive.mjs")
    yield program
    program.end()


class Lying(BaseHTTPRequestHandler):
    """Answers every question with what it was told to."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        lie = self.server.lie
        self.send_response_only(lie.get("status", 200))
        self.send_header("Content-Type", lie.get("type", "application/json"))
        self.send_header("X-Request-ID", lie.get("echo") or self.headers["X-Request-ID"])
        body = lie["body"]
        self.send_header("Content-Length", str(lie.get("length", len(body))))
        for name, value in lie.get("headers", ()):
            self.send_header(name, value)
        self.end_headers()
        self._write(body, lie.get("pause", 0))
        self.close_connection = True

    def _write(self, body, pause):
        self.wfile.flush()
        for start in range(0, len(body), 1 if pause else len(body) or 1):
            try:
                self.wfile.write(body[start : start + 1] if pause else body)
            except OSError:
                return
            time.sleep(pause)

    def log_message(self, *_):
        pass


@contextmanager
def liar(**lie):
    """Serve one lie on a free port; yields the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Lying)
    server.daemon_threads = True
    server.handle_error = lambda *_: None
    server.lie = lie
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
