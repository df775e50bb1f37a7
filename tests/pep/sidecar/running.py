"""A sidecar that listens in a thread, and what asks it over its socket."""

import http.client
import json
import socket
import threading
from contextlib import contextmanager

from governance.pep.sidecar.doors import Doors
from governance.pep.sidecar.server import Door, on_loopback, on_socket

TOKEN = "t" * 40


@contextmanager
def serving(server):
    """Serve until the test is done."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def sidecar_on_socket(replica, path):
    """Serve a replica on a Unix socket; yields a caller."""
    with serving(on_socket(path, Door(Doors(replica).answer, TOKEN))):
        yield Caller(path)


@contextmanager
def sidecar_on_loopback(replica):
    """Serve a replica on a free port; yields the port."""
    with serving(on_loopback("127.0.0.1", 0, Door(Doors(replica).answer, TOKEN))) as server:
        yield server.server_address[1]


class _OverSocket(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=10)
        self._path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(10)
        self.sock.connect(self._path)


class Caller:
    """Asks as a forum's program would."""

    def __init__(self, path):
        self.path = path

    def call(self, method, target, body=None, headers=None):
        """Return status, headers and body as it came."""
        connection = _OverSocket(self.path)
        raw = json.dumps(body).encode() if isinstance(body, dict | list) else body
        told = {"Authorization": f"Bearer {TOKEN}"} | ({"Content-Type": "application/json"} if raw is not None else {})
        told |= headers or {}
        try:
            connection.request(method, target, raw, {name: value for name, value in told.items() if value is not None})
            reply = connection.getresponse()
            return reply.status, reply.headers, reply.read()
        finally:
            connection.close()

    def get(self, target):
        status, _, body = self.call("GET", target)
        return status, json.loads(body)

    def post(self, target, body):
        status, _, answer = self.call("POST", target, body)
        return status, json.loads(answer)
