"""One POST over `http.client`, bounded in time and size; redirects, proxies and environment are never followed."""

import http.client
import io
import socket
import time
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

from governance.pep.failures import UnansweredError

MAX_REPLY_BYTES: Final = 1 << 20
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; several headers of one name count as none that we know."""

    status: int
    content_type: str
    request_id: str
    body: bytes

    def is_json(self) -> bool:
        """Say whether the media type is JSON itself, no `+json` relative."""
        return self.content_type.partition(";")[0].strip().lower() == "application/json"


class Deadline:
    """A moment on the monotonic clock by which the whole answer must be here, drip-fed replies included."""

    def __init__(self, timeout_seconds: float) -> None:
        """Count from now: the time in which the request travels is ours as well."""
        self._ends = time.monotonic() + timeout_seconds

    def left(self) -> float:
        """Return the seconds left, more than 0; raises `TimeoutError` when there are none."""
        seconds = self._ends - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds


class Address:
    """Where the service lives."""

    def __init__(self, base_url: str) -> None:
        """Take the service's public URL; raises `ValueError` unless it is https, or http on this very machine.

        Without TLS the client secret and every question would be readable on the way.
        """
        parts = urlsplit(base_url)
        if not parts.hostname or parts.query or parts.fragment or parts.username is not None:
            raise ValueError("give the service's URL as https://host[:port][/path]")
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise ValueError("the service is asked over https, or over http on loopback only")
        self._parts: SplitResult = parts

    def post(self, path: str, body: bytes, headers: dict[str, str], deadline: Deadline) -> Reply:
        """Send `body` and return the reply; raises `UnansweredError` when there is none in time."""
        try:
            connection = self._connected(deadline)
            try:
                connection.request("POST", self._parts.path.rstrip("/") + path, body, headers)
                return _read(connection.getresponse())
            finally:
                connection.close()
        except TimeoutError:
            raise UnansweredError("timed_out") from None
        except (OSError, http.client.HTTPException, ValueError):
            raise UnansweredError("unreachable") from None

    def _connected(self, deadline: Deadline) -> http.client.HTTPConnection:
        """Connect, once more if nobody listened: a service that is just restarting is back at once."""
        try:
            return self._connect(deadline)
        except ConnectionRefusedError:
            return self._connect(deadline)

    def _connect(self, deadline: Deadline) -> http.client.HTTPConnection:
        secure = self._parts.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(self._parts.hostname or "", self._parts.port, timeout=deadline.left())
        connection.connect()
        connection.sock = TimedSocket(connection.sock, deadline)
        return connection


def _read(response: http.client.HTTPResponse) -> Reply:
    body = response.read(MAX_REPLY_BYTES + 1)
    if len(body) > MAX_REPLY_BYTES:
        raise UnansweredError("too_large")
    header = response.headers.get_all
    return Reply(
        status=response.status,
        content_type=_only(header("Content-Type")),
        request_id=_only(header("X-Request-ID")),
        body=body,
    )


def _only(values: list[str] | None) -> str:
    return values[0] if values and len(values) == 1 else ""


class TimedSocket:
    """What `http.client` uses of a socket, each read and write with the time that is left.

    THREAT: a plain socket time-out starts anew with every byte, so a server that drips could hold a page for ever.
    """

    def __init__(self, plain: socket.socket, deadline: Deadline) -> None:
        """Speak by a connected socket."""
        self._plain = plain
        self._deadline = deadline

    def sendall(self, data: bytes) -> None:
        """Send all of it."""
        self._plain.settimeout(self._deadline.left())
        self._plain.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Return what comes in."""
        return io.BufferedReader(_TimedReader(self._plain, self._deadline))

    def close(self) -> None:
        """Hang up."""
        self._plain.close()


class _TimedReader(io.RawIOBase):
    def __init__(self, plain: socket.socket, deadline: Deadline) -> None:
        self._plain = plain
        self._deadline = deadline
        self._raw = plain.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int | None:  # type: ignore[override]
        self._plain.settimeout(self._deadline.left())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()
