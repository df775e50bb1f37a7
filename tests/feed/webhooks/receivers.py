"""Receivers of hints over real sockets: honest ones, and such as do whatever a test wants."""

import socket
import threading
import time
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SLOW_SECONDS = 0.4


class Log:
    """What arrived at one address, and how it answers: `answer(name, number)` returns the name of a way."""

    def __init__(self):
        self.answer = lambda _name, _number: "ok"
        self.bodies, self.headers = [], []
        self.seen, self.taken = Counter(), Counter()
        self.elsewhere = ""
        self._lock = threading.Lock()
        self._news = threading.Condition(self._lock)

    def arrives(self, headers, body):
        name = headers.get("webhook-id", "")
        with self._lock:
            self.seen[name] += 1
            self.bodies.append(body)
            self.headers.append(dict(headers.items()))
            return name, self.answer(name, self.seen[name])

    def took(self, name):
        with self._lock:
            self.taken[name] += 1
            self._news.notify_all()

    def waits_for(self, many, seconds=15):
        """Say whether so many were taken in time."""
        with self._lock:
            return self._news.wait_for(lambda: len(self.taken) >= many, seconds)


class _Handler(BaseHTTPRequestHandler):
    log: Log

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        name, way = self.log.arrives(self.headers, body)
        getattr(self, f"_{way}", self._status)(name, way)

    def do_GET(self):
        self.do_POST()

    def _ok(self, name, _way):
        self.log.took(name)
        self._plain(204)

    def _status(self, _name, way):
        self._plain(int(way))

    def _later(self, _name, _way):
        self._plain(503, ("Retry-After", "1800"))

    def _redirect(self, _name, _way):
        self._plain(307, ("Location", self.log.elsewhere))

    def _reset(self, _name, _way):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.connection.close()
        self.close_connection = True

    def _lost(self, name, _way):
        """Take it, and let the answer get lost on the way."""
        self.log.took(name)
        self._reset(name, "")

    def _slow(self, _name, _way):
        time.sleep(SLOW_SECONDS)
        self._plain(204)

    def _drip(self, _name, _way):
        for byte in b"HTTP/1.1 204 No Content\r\nX-A: " + b"a" * 4_000:
            try:
                self.wfile.write(bytes([byte]))
            except OSError:
                return
            time.sleep(0.02)

    def _garbage(self, _name, _way):
        self.wfile.write(b"\x16\x03\x01 this is no answer\r\n\r\n")

    def _endless(self, _name, _way):
        """A head without an end."""
        with_room = b"X-A: " + b"a" * 60_000 + b"\r\n"
        try:
            self.wfile.write(b"HTTP/1.1 204 No Content\r\n")
            for _ in range(200):
                self.wfile.write(with_room)
        except OSError:
            return

    def _body(self, name, _way):
        """Say yes with a body that goes on and on: nobody reads it."""
        self.log.took(name)
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(64):
                self.wfile.write(b"x" * 65_536)
        except OSError:
            return

    def _plain(self, status, *headers):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_):
        """Say nothing of clients that left: they are meant to."""


@contextmanager
def receiving(tls=None):
    """Serve on a free loopback port; yields its port and what arrives."""
    log = Log()
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"log": log}))
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_port, log
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
