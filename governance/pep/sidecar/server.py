"""The sidecar's HTTP: on a Unix socket, or on loopback, for whoever holds the token; a thread for each connection."""

import hmac
import io
import json
import logging
import os
import socket
import socketserver
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final

from governance.pep.sidecar.requests import Asked, ProblemError, read_body, read_length, read_request_id, read_target
from governance.pep.transport import Deadline

_LOG: Final = logging.getLogger("governance.pep")
_IDLE_SECONDS: Final = 30.0
"""How long a forum's program, once it showed the token, may keep a connection open without a request."""
_REQUEST_SECONDS: Final = 10.0
"""How long anybody may take for a whole request, and a stranger to begin one."""
_MOST_CONNECTIONS: Final = 128
_LOOKS_UP_SECONDS: Final = 0.2
_LONGEST_SOCKET: Final = 107 if sys.platform == "linux" else 103
"""Bytes that the system has room for in the address of a socket, its end not counted."""
_OPEN: Final = frozenset({"/healthz", "/readyz"})
"""Which addresses answer without the token: they say nothing of anybody."""

Answers = Callable[[Asked], tuple[int, dict[str, Any]]]


class Door:
    """What every connection needs: who answers, and the token."""

    def __init__(self, answers: Answers, token: str) -> None:
        """Take whoever answers. Raises `ValueError` for a token that can be guessed."""
        if len(token) < 32:  # noqa: PLR2004 - 128 bits written as hex
            raise ValueError("the token needs at least 32 characters; make one with `openssl rand -hex 32`")
        self.answers = answers
        self._expected = f"Bearer {token}".encode()
        self.places = threading.BoundedSemaphore(_MOST_CONNECTIONS)

    def is_opened_by(self, headers: list[str]) -> bool:
        """Say whether the token was sent; compared in a time that tells nothing of it."""
        return len(headers) == 1 and hmac.compare_digest(headers[0].encode("latin-1"), self._expected)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = False
    wbufsize = -1
    """Head and body leave together."""
    door: Door
    _known = False
    """Whether this connection brought the token before."""

    def setup(self) -> None:
        """Read with the time that is left: a plain time-out starts anew with every byte, and a drip never ends."""
        super().setup()
        self.rfile.close()
        self._timed = _Timed(self.connection)
        self.rfile = self._sent = io.BufferedReader(self._timed)

    def handle_one_request(self) -> None:
        """Wait for the first byte, and then for no longer than one request may take."""
        self._timed.begin(_IDLE_SECONDS if self._known else _REQUEST_SECONDS)
        try:
            self._sent.peek(1)
        except OSError:
            self.close_connection = True
            return
        self._timed.begin(_REQUEST_SECONDS)
        super().handle_one_request()

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        try:
            status, members = self._answered()
        except ProblemError as problem:
            # What follows in the connection may be the rest of a body that was not read.
            self.close_connection = True
            status, members = problem.status, {"title": problem.title, "status": problem.status}
        except OSError:
            # Nobody is there any more who could be answered.
            raise
        except Exception:  # noqa: BLE001 - whatever failed, a forum must get an answer that permits nothing
            # Without the traceback, which would hold account ids.
            _LOG.error("the sidecar failed to answer a request")
            self.close_connection = True
            status, members = 500, {"title": "the sidecar failed; nothing is permitted", "status": 500}
        self._send(status, members)

    def _answered(self) -> tuple[int, dict[str, Any]]:
        headers = self.headers
        length = read_length(headers.get_all("Content-Length", []), headers.get_all("Transfer-Encoding", []))
        # Read before anything is refused: who still sends when the connection ends never hears why.
        raw = self.rfile.read(length)
        if len(raw) != length:
            raise ProblemError(400, "the body ended early")
        path, query = read_target(self.path)
        self._known = self.door.is_opened_by(headers.get_all("Authorization", []))
        if path not in _OPEN and not self._known:
            raise ProblemError(401, "send the sidecar's token as `Authorization: Bearer …`")
        body = read_body(headers.get_all("Content-Type", []), raw) if self.command == "POST" else None
        return self.door.answers(Asked(self.command, path, query, body))

    def _send(self, status: int, members: dict[str, Any]) -> None:
        body = json.dumps(members, separators=(",", ":")).encode()
        self.send_response_only(status)
        self.send_header("Content-Type", "application/problem+json" if "title" in members else "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        request_id = read_request_id(self.headers.get_all("X-Request-ID", []))
        if request_id:
            self.send_header("X-Request-ID", request_id)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.connection.settimeout(_REQUEST_SECONDS)
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of its parent
        """Write nothing: the addresses that are asked for name people."""


class _Timed(io.RawIOBase):
    """What a connection sends, for as long as its deadline allows."""

    def __init__(self, plain: socket.socket) -> None:
        self._plain = plain
        self._deadline = Deadline(_REQUEST_SECONDS)

    def begin(self, seconds: float) -> None:
        """Count from now."""
        self._deadline = Deadline(seconds)

    def readable(self) -> bool:
        """Say so: a buffer asks."""
        return True

    def readinto(self, buffer: Any, /) -> int:  # noqa: ANN401 - as its parent has it
        """Read what is there, or wait for as long as is left. Raises `TimeoutError`."""
        self._plain.settimeout(self._deadline.left())
        return self._plain.recv_into(buffer)


class _Threads(socketserver.ThreadingMixIn, socketserver.BaseServer):
    daemon_threads = True
    request_queue_size = 128
    door: Door
    _ending = False

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as its parent has it
        """Give a connection a thread, while there are places; more than that wait in the queue of the system."""
        while not self.door.places.acquire(timeout=_LOOKS_UP_SECONDS):
            if self._ending:
                request.close()
                return
        try:
            super().process_request(request, client_address)
        except BaseException:
            self.door.places.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.door.places.release()

    def shutdown(self) -> None:
        """End, also while all places are taken: the loop waits for one of them then."""
        self._ending = True
        super().shutdown()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """Say nothing of a client that left; nothing of a request may be written anywhere."""


class _OnSocket(_Threads, socketserver.UnixStreamServer):
    own: os.stat_result

    def server_close(self) -> None:
        """Listen no more, and take the socket away unless somebody else's stands there by now."""
        super().server_close()
        path = Path(str(self.server_address))
        with suppress(OSError):
            if os.path.samestat(path.lstat(), self.own):
                path.unlink()


class _OnLoopback(_Threads, socketserver.TCPServer):
    allow_reuse_address = True


class _OnLoopback6(_OnLoopback):
    address_family = socket.AF_INET6


Server = _OnSocket | _OnLoopback


def on_socket(path: Path, door: Door, mode: int = 0o660) -> Server:
    """Listen on a Unix socket; who may write to it is said by its folder and `mode`, and by the token.

    Raises `FileExistsError` where something else stands, or somebody listens; a socket that was left is removed.
    Raises `ValueError` for a path that no socket can have.
    """
    _check_length(path)
    with _one_at_a_time(path.parent):
        _clear(path)
        before = os.umask(0o777)
        try:
            server = _OnSocket(str(path), _with(door))
        finally:
            os.umask(before)
    server.door = door
    server.own = path.lstat()
    path.chmod(mode)
    return server


def on_loopback(host: str, port: int, door: Door) -> Server:
    """Listen on this very machine. Raises `ValueError` for an address that others could reach."""
    address = ip_address("127.0.0.1" if host == "localhost" else host)
    if not address.is_loopback:
        raise ValueError("the sidecar listens on loopback or a Unix socket only: what it says is not encrypted")
    kind = _OnLoopback if address.version == 4 else _OnLoopback6  # noqa: PLR2004 - IPv4
    server = kind((str(address), port), _with(door))
    server.door = door
    return server


def _with(door: Door) -> type[BaseHTTPRequestHandler]:
    return type("Handler", (_Handler,), {"door": door})


def _check_length(path: Path) -> None:
    length = len(os.fsencode(path))
    if length > _LONGEST_SOCKET:
        raise ValueError(
            f"the path of the socket has {length} bytes and may have {_LONGEST_SOCKET}; name one in a folder with a "
            "shorter name, such as /run/hcp-governance/socket"
        )


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Let one sidecar take its place in a folder: of two, the one could take the other's fresh socket for a left one.

    Raises `OSError` for a folder that is not there.
    """
    import fcntl  # noqa: PLC0415 - nowhere but on machines that have such sockets

    try:
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except PermissionError:
        # Who may write there and not read cannot wait for anybody; all else goes as well.
        yield
        return
    try:
        # Ends with the process, too.
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _clear(path: Path) -> None:
    if not path.exists() and not path.is_symlink():
        return
    if path.is_symlink() or not stat.S_ISSOCK(path.lstat().st_mode):
        raise FileExistsError("there is a file where the socket should be; move it away, or name another path")
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
            return
        except OSError:
            # THREAT: one that is busy, or another user's, does not answer either, and is not for us to take away.
            pass
    raise FileExistsError("somebody listens on that socket; stop the other sidecar first")
