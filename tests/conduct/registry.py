"""A registry of NPIs on this machine, over real HTTP, that says what a test tells it to say."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NORA = {"first_name": "NORA", "middle_name": "JANE", "last_name": "QUILL", "status": "A", "credential": "RN"}


def result(number="1234567893", kind="NPI-1", **basic):
    return {"number": number, "enumeration_type": kind, "basic": {**NORA, **basic}, "taxonomies": [], "addresses": []}


def found(*results):
    return json.dumps({"result_count": len(results), "results": list(results)})


class Registry:
    """What it answers next, and what it was asked."""

    def __init__(self):
        self.status, self.body, self.wait, self.asked, self.headers = 200, found(result()), 0.0, [], {}

    def answer(self, handler):
        self.asked.append(handler.path)
        time.sleep(self.wait)
        handler.send_response(self.status)
        for name, value in self.headers.items():
            handler.send_header(name, value)
        body = self.body.encode()
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


@contextmanager
def running():
    registry = Registry()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            try:
                registry.answer(self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, *_):
            """Be quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    registry.address = f"http://127.0.0.1:{server.server_port}/api/"
    try:
        yield registry
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
