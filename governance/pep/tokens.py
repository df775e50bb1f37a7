"""The platform's access token: OAuth 2.0 client credentials with `client_secret_basic` (RFC 6749 2.3.1, 4.4)."""

import base64
import re
import threading
import time
from typing import Final, Protocol
from urllib.parse import quote_plus, urlencode

from governance.pep.failures import UnansweredError
from governance.pep.strict import load_object
from governance.pep.transport import Address, Deadline

SCOPE: Final = "decisions:evaluate optouts:read"
_TOKEN: Final = re.compile(r"[A-Za-z0-9\-._~+/]{1,4096}=*")
_SPARE_SECONDS: Final = 30.0
"""A token is renewed this long before it ends, so that none ends on the way."""


class Bearer(Protocol):
    """Where the token of a request comes from."""

    def current(self, deadline: Deadline) -> str:
        """Return a token; raises `UnansweredError`."""

    def forget(self, token: str) -> None:
        """Drop a token that is no longer taken."""


class Tokens:
    """Gets a token when one is needed and keeps it while it lasts; safe to share between threads."""

    def __init__(self, address: Address, client_id: str, client_secret: str, scope: str = SCOPE) -> None:
        """Prepare the header only; nothing is asked yet."""
        self._scope = scope
        pair = f"{quote_plus(client_id)}:{quote_plus(client_secret)}"
        self._basic = "Basic " + base64.b64encode(pair.encode()).decode()
        self._address = address
        self._scope = scope
        self._lock = threading.Lock()
        self._token = ""
        self._good_until = 0.0

    def current(self, deadline: Deadline) -> str:
        """Return a token; raises `UnansweredError` (`no_token`, or how the service failed to answer)."""
        try:
            free = self._lock.acquire(timeout=deadline.left())
        except TimeoutError:
            free = False
        if not free:
            raise UnansweredError("timed_out")
        try:
            if time.monotonic() >= self._good_until:
                self._renew(deadline)
            return self._token
        finally:
            self._lock.release()

    def forget(self, token: str) -> None:
        """Drop a token that the service no longer takes, unless another thread already replaced it."""
        with self._lock:
            if token == self._token:
                self._good_until = 0.0

    def _renew(self, deadline: Deadline) -> None:
        sent = time.monotonic()
        body = urlencode({"grant_type": "client_credentials", "scope": self._scope}).encode()
        headers = {"Authorization": self._basic, "Content-Type": "application/x-www-form-urlencoded"}
        reply = self._address.post("/oauth/token", body, headers, deadline)
        if reply.status != 200 or not reply.is_json():  # noqa: PLR2004 - HTTP's own number
            raise UnansweredError("no_token")
        members = load_object(reply.body)
        token, kind, seconds = members.get("access_token"), members.get("token_type"), members.get("expires_in")
        if not isinstance(token, str) or not _TOKEN.fullmatch(token) or str(kind).lower() != "bearer":
            raise UnansweredError("no_token")
        # A life that is not told is taken as none: the token serves this one request.
        life = float(seconds) if type(seconds) is int else 0.0
        self._token, self._good_until = token, sent + life - _SPARE_SECONDS
