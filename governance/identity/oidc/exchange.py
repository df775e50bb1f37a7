"""Talking to a forum's provider: one total time for a whole step of a sign-in, one largest size for each answer.

Time limits of sockets, and so of `requests`, hold for a single read: who sends one byte a second would keep a
server thread for hours. So both limits are kept where bytes come in, below every client, for heads and bodies.
"""

import socket
from http import client as http
from io import BufferedReader, RawIOBase
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LONGEST_STEP: Final = 10.0
"""Seconds for all of a provider's answers to one request of a person."""
LARGEST_ANSWER: Final = 256 * 1024
"""Bytes of one answer as they arrive, head included."""
_CONNECT: Final = 3.05
"""Seconds for all addresses of a host together, and once more for the TLS handshake."""


class Exchange:
    """One step of a sign-in: every request to the provider, all within one total time."""

    def __init__(self, seconds: float = LONGEST_STEP) -> None:
        """Start the clock."""
        self._ends = monotonic() + seconds

    def bind(self, session: requests.Session) -> None:
        """Hold a session to the limits. Its requests raise `requests.RequestException` beyond them."""
        for scheme in ("https://", "http://"):
            session.mount(scheme, _Bounded(self._ends))
        # A few packed bytes can unfold to any size.
        session.headers["Accept-Encoding"] = "identity"


class _Bounded(HTTPAdapter):
    """Sends requests by our connections, with what is left of the time."""

    def __init__(self, ends: float) -> None:
        super().__init__()
        self._ends = ends
        _use_our_connections(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> PoolManager:  # noqa: ANN401 - handed on
        if not proxy.lower().startswith(("http://", "https://")):
            raise requests.exceptions.InvalidProxyURL("only an http proxy keeps the limits; set another one")
        manager: PoolManager = super().proxy_manager_for(proxy, **kwargs)
        _use_our_connections(manager)
        return manager

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # type: ignore[override]  # noqa: ANN401 - handed on
        left = self._ends - monotonic()
        if left <= 0:
            raise requests.Timeout("the provider took too long")
        kwargs["timeout"] = Timeout(total=left, connect=_CONNECT)
        response = super().send(request, **kwargs)
        _refuse_packed(response)
        return response


def _refuse_packed(response: requests.Response) -> None:
    if response.headers.get("Content-Encoding", "identity") != "identity":
        response.close()
        raise requests.exceptions.ContentDecodingError("the provider packed an answer that we asked for unpacked")


class _Answer(http.HTTPResponse):
    """Python's own reader of answers, over bytes that are counted and timed."""

    def __init__(self, sock: socket.socket, debuglevel: int = 0, method: str | None = None) -> None:
        super().__init__(sock, debuglevel, method)
        self.fp = BufferedReader(_Incoming(sock, self.fp.detach()))


class _Incoming(RawIOBase):
    """The bytes of one answer. What a socket takes as the time for one read is the time for all of them."""

    def __init__(self, sock: socket.socket, raw: RawIOBase) -> None:
        self._sock, self._raw = sock, raw
        self._ends = monotonic() + (sock.gettimeout() or 0)
        self._room = LARGEST_ANSWER

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int | None:
        left = self._ends - monotonic()
        if left <= 0:
            raise TimeoutError("the provider took too long")
        self._sock.settimeout(left)
        count: int | None = self._raw.readinto(buffer)
        self._room -= count or 0
        if self._room < 0:
            raise OSError("the provider's answer is too large")
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Connecting(HTTPConnection):
    """Tries the addresses of a host within one time: a name can have as many as its owner likes."""

    response_class = _Answer

    def _new_conn(self) -> socket.socket:
        error: Exception = ConnectTimeoutError(self, "no address of the host answered in time")
        ends = monotonic() + float(self.timeout or 0)
        for address in self._addresses():
            left = ends - monotonic()
            if left <= 0:
                break
            try:
                return create_connection((address, self.port), left, self.source_address, self.socket_options)
            except OSError as failed:
                error = NewConnectionError(self, str(failed))
        raise error

    def _addresses(self) -> list[str]:
        try:
            found = socket.getaddrinfo(self._dns_host, self.port, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        return [str(address[0]) for *_, address in found]


class _ConnectingByTLS(_Connecting, HTTPSConnection):
    """The same over TLS."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connecting


class _PoolByTLS(HTTPSConnectionPool):
    ConnectionCls = _ConnectingByTLS


def _use_our_connections(manager: PoolManager) -> None:
    manager.pool_classes_by_scheme = {"http": _Pool, "https": _PoolByTLS}
