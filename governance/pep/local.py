"""The client of the sidecar on this machine: the same questions and answers as the service's, without the way there."""

import http.client
import socket

from governance.pep.client import Client
from governance.pep.transport import Address, Deadline, TimedSocket


class SidecarClient(Client):
    """One forum's line to its sidecar; safe to share between threads.

    What each member chose is the service's to tell: `opt_outs` says closed for everybody here.
    """

    def __init__(self, where: str, token: str, timeout_seconds: float = 1.0) -> None:
        """Take the path of the sidecar's socket, or its `http://127.0.0.1:PORT`, and its token.

        Raises `ValueError` for a URL that leads off this machine.
        """
        self._address = _SocketAddress(where) if where.startswith("/") else _loopback(where)
        self._tokens = _OneToken(token)
        self._timeout_seconds = timeout_seconds


class _OneToken:
    """The sidecar's token, which does not change."""

    def __init__(self, token: str) -> None:
        self._token = token

    def current(self, _deadline: Deadline) -> str:
        return self._token

    def forget(self, token: str) -> None:
        """Keep it: there is no other."""


class _SocketAddress(Address):
    def __init__(self, path: str) -> None:
        super().__init__("http://localhost")
        self._path = path

    def _connect(self, deadline: Deadline) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection("localhost")
        plain = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            plain.settimeout(deadline.left())
            plain.connect(self._path)
        except BaseException:
            plain.close()
            raise
        connection.sock = TimedSocket(plain, deadline)
        return connection


def _loopback(url: str) -> Address:
    if not url.startswith("http://"):
        raise ValueError("give the sidecar's socket as /path, or http://127.0.0.1:PORT")
    return Address(url)
