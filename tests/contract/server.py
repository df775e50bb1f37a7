"""A running service and a program that talks to it over a real connection."""

import threading
from contextlib import contextmanager

import requests
from werkzeug.serving import make_server

_POLL = 0.02
"""Seconds between two looks whether it is to stop: whoever stops it waits for one."""


class Line:
    """A program's connection with its token."""

    def __init__(self, base, token=None):
        self.base, self.session = base, requests.Session()
        if token:
            self.session.headers["Authorization"] = f"Bearer {token}"

    def post(self, path, body=None, **headers):
        """Send bytes as they are, or a value as JSON."""
        sent = {"data": body} if isinstance(body, bytes) else {"json": body}
        return self.session.post(self.base + path, headers=headers, timeout=30, **sent)

    def get(self, path, **headers):
        return self.session.get(self.base + path, headers=headers, timeout=30)


@contextmanager
def serving(app):
    """Serve an app on a free port of this machine."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(_POLL,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def token(base, credentials, scope):
    sent = {"grant_type": "client_credentials", "scope": scope}
    pair = (credentials.client_id, credentials.client_secret)
    answer = requests.post(f"{base}/oauth/token", data=sent, auth=pair, timeout=30)
    return answer.json()["access_token"]
