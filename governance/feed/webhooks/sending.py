"""One POST to an address of a forum: looked up once, connected to what was looked at, and never led elsewhere.

Of an answer the status counts and nothing else: its body is not read. One deadline holds for all of it.
"""

import http.client
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final, NamedTuple

from governance.feed.webhooks.addresses import Target, is_loopback, is_number, is_public, target_of
from governance.feed.webhooks.errors import BadWebhookAddressError
from governance.pep.transport import Deadline, TimedSocket

SECONDS: Final = 10.0
"""For one try, look-up of the name included. A receiver should say yes first and work then."""
_MOST_ADDRESSES: Final = 3
_LOOKUP_SECONDS: Final = 4.0
_SUCCESS: Final = range(200, 300)
_REDIRECT: Final = range(300, 400)
_GONE: Final = 410
_LONGEST_PAUSE: Final = 3_600
"""Seconds that a receiver may ask us to wait."""
_TROUBLES: Final[tuple[tuple[type[Exception], str], ...]] = (
    (BadWebhookAddressError, "refused_address"),
    (socket.gaierror, "unresolved"),
    (ssl.SSLError, "bad_certificate"),
    (TimeoutError, "timed_out"),
    (http.client.HTTPException, "not_understood"),
    (OSError, "unreachable"),
    (ValueError, "not_understood"),
)
"""The first that fits."""
Resolve = Callable[[str, int], Sequence[str]]
"""Returns the IP addresses of a name."""


class Outcome(NamedTuple):
    """What became of one try."""

    delivered: bool
    trouble: str = ""
    """A code, as the forum reads it; nothing of what its program answered."""
    away: bool = False
    """Whether nobody answered at all, so that further tries make no sense now."""
    gone: bool = False
    retry_after: int = 0
    """Seconds that the receiver asked for."""


class Sender:
    """Sends to public addresses; to this machine as well where the settings of a demo or a test say so."""

    def __init__(
        self,
        *,
        loopback: bool = False,
        resolve: Resolve | None = None,
        tls: ssl.SSLContext | None = None,
        seconds: float = SECONDS,
    ) -> None:
        """`tls`: whom to trust, this machine's authorities unless said."""
        self._loopback, self._seconds = loopback, seconds
        self._resolve = resolve or _resolved
        self._given_tls = tls

    def send(self, address: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """Try once; never raises for anything that is the receiver's doing."""
        try:
            deadline = Deadline(self._seconds)
            target = target_of(address, loopback=self._loopback)
            return self._sent(target, self._chosen(target, deadline), (body, headers), deadline)
        except (BadWebhookAddressError, OSError, http.client.HTTPException, ValueError) as failed:
            trouble = next(code for kind, code in _TROUBLES if isinstance(failed, kind))
            return Outcome(delivered=False, trouble=trouble, away=True)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        # Late: reading the machine's authorities takes longer than all else that an app does to begin.
        return self._given_tls or ssl.create_default_context()

    def _chosen(self, target: Target, deadline: Deadline) -> Sequence[str]:
        """Return the addresses of a target. Raises `BadWebhookAddressError` if one of them is not for us to reach."""
        found: Sequence[str] = [target.host]
        if not is_number(target.host):
            found = _within(lambda: self._resolve(target.host, target.port), min(_LOOKUP_SECONDS, deadline.left()))
        if not found:
            raise socket.gaierror
        here = self._loopback and is_loopback(target.host)
        # One that is not public among others that are is no mistake of an honest name.
        if not all(is_loopback(one) if here else is_public(one) for one in found):
            raise BadWebhookAddressError("a name leads to an address that is not public")
        return found[:_MOST_ADDRESSES]

    def _sent(
        self, target: Target, addresses: Sequence[str], parcel: tuple[bytes, Mapping[str, str]], deadline: Deadline
    ) -> Outcome:
        body, headers = parcel
        connection = http.client.HTTPSConnection if target.secure else http.client.HTTPConnection
        line = connection(target.host, target.port)
        plain = _connected(addresses, target.port, deadline)
        try:
            if target.secure:
                plain.settimeout(deadline.left())
                plain = self._tls.wrap_socket(plain, server_hostname=target.host)
            line.sock = TimedSocket(plain, deadline)
            line.request("POST", target.path, body, {**headers, "Connection": "close"})
            return _read(line.getresponse())
        finally:
            line.close()
            plain.close()


def _connected(addresses: Sequence[str], port: int, deadline: Deadline) -> socket.socket:
    error: OSError = OSError("no address")
    for address in addresses:
        try:
            # By number: nothing is looked up a second time.
            return socket.create_connection((address, port), deadline.left())
        except OSError as failed:
            error = failed
    raise error


def _read(answer: http.client.HTTPResponse) -> Outcome:
    status = answer.status
    if status in _SUCCESS:
        return Outcome(delivered=True)
    if status in _REDIRECT:
        # THREAT: followed, an address that was looked at would lead to one that was not.
        return Outcome(delivered=False, trouble="redirected")
    said = answer.headers.get("Retry-After", "")
    # The form with a date is left to our own pace.
    pause = min(int(said), _LONGEST_PAUSE) if said.isascii() and said.isdecimal() and len(said) < len("1234567") else 0
    return Outcome(delivered=False, trouble=f"status_{status}", gone=status == _GONE, retry_after=pause)


def _resolved(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def _within(look_up: Callable[[], Sequence[str]], seconds: float) -> Sequence[str]:
    """Return what a look-up finds in time: the system's own takes no limit, and may wait for half a minute."""
    answers: SimpleQueue[Sequence[str] | OSError] = SimpleQueue()

    def ask() -> None:
        try:
            answers.put(look_up())
        except (OSError, UnicodeError) as failed:
            answers.put(failed if isinstance(failed, OSError) else socket.gaierror())

    Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except Empty:
        raise TimeoutError from None
    if isinstance(answer, OSError):
        raise answer
    return answer
