"""A decision service that misbehaves as told, spoken to over a real socket."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = {"access_token": "t0ken", "token_type": "Bearer", "expires_in": 600}


@dataclass
class Script:
    """What the next answers look like; `decide` says yes or no for each resource of an honest answer."""

    decide: object = staticmethod(lambda _resource: True)
    decide_action: object = staticmethod(lambda _action: True)
    status: int = 200
    content_type: str = "application/json"
    echo: bool = True
    body: bytes | None = None
    drip_seconds: float = 0.0
    token: dict = field(default_factory=lambda: dict(TOKEN))
    token_status: int = 200
    headers: list = field(default_factory=list)
    asked: list = field(default_factory=list)
    """Path, headers and body of every request."""
    location: str | None = None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    script: Script

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.script.asked.append((self.path, dict(self.headers), body))
        if self.path == "/oauth/token":
            self._send(self.script.token_status, json.dumps(self.script.token).encode(), "application/json")
        else:
            honest = json.dumps(_honest(self.script, self.path, json.loads(body))).encode()
            self._send(self.script.status, self.script.body or honest, self.script.content_type)

    def _send(self, status, body, content_type):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        if self.script.echo and "X-Request-ID" in self.headers:
            self.send_header("X-Request-ID", self.headers["X-Request-ID"])
        for name, value in self.script.headers:
            self.send_header(name, value)
        self.end_headers()
        self._drip(body) if self.script.drip_seconds and self.path != "/oauth/token" else self.wfile.write(body)

    def _drip(self, body):
        pause = threading.Event()
        for byte in body:
            try:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
            except OSError:
                return
            pause.wait(self.script.drip_seconds)

    def log_message(self, *_):
        pass


def _honest(script, path, question):
    if path == "/v1/opt-outs/query":
        return {
            "revision": 1,
            "opt_outs": [
                {
                    "account": account,
                    "hold": False,
                    "care_team": "answered",
                    "others": "seen",
                    "care_team_extras": ["quote"],
                    "others_extras": [],
                }
                for account in question["accounts"]
            ],
        }
    may = script.decide_action(question["action"]["name"])
    if path == "/access/v1/evaluation":
        return _decision(may and script.decide(question["resource"]))
    return {"evaluations": [_decision(may and script.decide(item["resource"])) for item in question["evaluations"]]}


def _decision(permit):
    return {"decision": permit, "context": {"id": "d-1", "reason": "permitted" if permit else "refused"}}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """Say nothing of clients that left: they are meant to."""


@contextmanager
def hostile_service() -> Iterator[tuple[str, Script]]:
    """Serve on a free loopback port; yields its URL and the script to change."""
    script = Script()
    handler = type("Handler", (_Handler,), {"script": script})
    server = _Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", script
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
