"""What lies between a service and a replica: it delays, cuts, repeats, rewrites, as it is told."""

import io
import socket

SIGNED = "Feed-Signature"


class Answer:
    """An answer on its way."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def header(self, name, value):
        self.headers = [(n, v) for n, v in self.headers if n.lower() != name.lower()] + [(name, value)]

    def copy(self):
        return Answer(self.status, list(self.headers), self.body)


class Liar:
    """Passes on what was asked and answered, unless a lie is set for the path.

    A lie is called with the answer, and with all earlier answers of that path; it returns what arrives, or None for a
    connection that ends.
    """

    def __init__(self, application):
        self._application = application
        self.honest()

    def honest(self):
        """Forget all lies, and all that was heard."""
        self.lies = {}
        self.earlier = {}
        self.asked = []
        """Path and query of everything that was asked."""
        self.bodies = []
        self.hands = None
        self.before = self.after = 0.0
        """Seconds that a question for changes, or its answer, is on its way by the replica's clocks."""
        self.gone = False

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        self.asked.append(f"{path}?{environ.get('QUERY_STRING', '')}")
        on_its_way = path == "/v1/changes"
        self._wait(self.before * on_its_way)
        if self.gone:
            return _cut(environ, start_response)
        answer = self._answered(environ)
        self._wait(self.after * on_its_way)
        earlier = self.earlier.setdefault(path, [])
        lie = self.lies.get(path)
        told = answer.copy() if lie is None else lie(answer.copy(), list(earlier))
        if told is None:
            return _cut(environ, start_response)
        if answer.status.startswith("200"):
            earlier.append(answer)
        told.header("Content-Length", str(len(told.body)))
        start_response(told.status, told.headers)
        return [told.body]

    def _wait(self, seconds):
        if self.hands is not None:
            self.hands.steady += seconds

    def _answered(self, environ):
        length = int(environ.get("CONTENT_LENGTH") or 0)
        sent = environ["wsgi.input"].read(length)
        if environ["REQUEST_METHOD"] == "POST":
            self.bodies.append((environ["PATH_INFO"], sent))
        environ["wsgi.input"] = io.BytesIO(sent)
        begun = {}

        def start(status, headers, exc_info=None):  # noqa: ARG001 - as WSGI has it
            begun.update(status=status, headers=[(n, v) for n, v in headers if n.lower() != "connection"])

        parts = self._application(environ, start)
        body = b"".join(parts)
        if hasattr(parts, "close"):
            parts.close()
        return Answer(begun["status"], begun["headers"], body)


def _cut(environ, start_response):
    environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    start_response("200 OK", [])
    return []
