"""One receiver of hints: takes what was signed by a key it knows within the last minutes, and nothing else.

Source: Standard Webhooks 1.0.0 for headers and signed bytes, CloudEvents 1.0 for the body.
"""

import hmac
import time
from base64 import b64decode
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Final

from governance.pep.failures import UnansweredError
from governance.pep.strict import load_object

WINDOW_SECONDS: Final = 300
"""How far a hint's time may lie from ours, on either side: what was caught on the way is of no use later."""
LARGEST: Final = 64 * 1024
_REMEMBERED: Final = 10_000
_LONGEST_NAME: Final = 128
_SHORTEST_SECRET: Final = 24
_MOST_SIGNATURES: Final = 16
Check = Callable[[bytes, bytes], bool]
"""Says of a signature and the signed bytes whether they belong together."""


class WebhookRefusedError(Exception):
    """This is no hint that counts; answer 400 and do nothing.

    `code` says why, for logs: `headers`, `too_old`, `too_new`, `signature`, `body`.
    """

    def __init__(self, code: str) -> None:
        """Keep the code, which is all that is told."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Hint:
    """That there is something new; never what, and of nobody. `id` is the same at every try."""

    id: str
    type: str
    data: dict[str, object]


class Receiver:
    """What one address takes; safe to share between threads."""

    def __init__(self, keys: Iterable[str], *, clock: Callable[[], float] = time.time) -> None:
        """Trust these keys, as `POST /v1/webhooks` showed them: `whpk_…` or `whsec_…`; two of each while they change.

        Raises `ValueError` for a key that is none, and for none at all.
        """
        self._checks = [_check_of(key) for key in keys]
        if not self._checks:
            raise ValueError("without a key every hint would have to be refused; give those of the webhook")
        self._clock = clock
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._lock = Lock()

    def check(self, headers: Mapping[str, str], body: bytes) -> Hint:
        """Return the hint, if it is one. `body` must be the very bytes that came. Raises `WebhookRefusedError`."""
        name, timestamp, signatures = _headers_in(headers)
        age = self._clock() - int(timestamp)
        if abs(age) > WINDOW_SECONDS:
            raise WebhookRefusedError("too_old" if age > 0 else "too_new")
        if len(body) > LARGEST:
            raise WebhookRefusedError("body")
        signed = b".".join((name.encode(), timestamp.encode(), body))
        # Every key is asked about every signature: how long it takes tells nothing of which one fits.
        fits = [check(kind, signature, signed) for check in self._checks for kind, signature in signatures]
        if not any(fits):
            raise WebhookRefusedError("signature")
        return _hint_in(body, name)

    def is_new(self, hint: Hint) -> bool:
        """Say whether this hint comes for the first time, of the last ten thousand, and remember it."""
        with self._lock:
            if hint.id in self._seen:
                return False
            self._seen[hint.id] = None
            while len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)
            return True


def _headers_in(headers: Mapping[str, str]) -> tuple[str, str, list[tuple[str, bytes]]]:
    found: dict[str, str] = {}
    for name, value in headers.items():
        if found.setdefault(name.lower(), value) != value:
            raise WebhookRefusedError("headers")
    name, timestamp = found.get("webhook-id", ""), found.get("webhook-timestamp", "")
    plain = name.isascii() and name.isprintable() and "." not in name and 0 < len(name) <= _LONGEST_NAME
    # Of digits alone and no more of them than a time has: `int` reads much else, and other programs read it otherwise.
    if not plain or not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= len("99999999999")):
        raise WebhookRefusedError("headers")
    return name, timestamp, _signatures_in(found.get("webhook-signature", ""))


def _signatures_in(value: str) -> list[tuple[str, bytes]]:
    parts = [part.partition(",") for part in value.split(" ", _MOST_SIGNATURES)[:_MOST_SIGNATURES]]
    # Others than ours may stand beside them: kinds that are still to come.
    return [(kind, _bytes_in(text)) for kind, _, text in parts]


def _hint_in(body: bytes, name: str) -> Hint:
    try:
        members = load_object(body)
    except UnansweredError:
        raise WebhookRefusedError("body") from None
    kind, data = members.get("type"), members.get("data")
    if members.get("id") != name or not isinstance(kind, str) or not isinstance(data, dict):
        raise WebhookRefusedError("body")
    return Hint(name, kind, data)


def _check_of(key: str) -> Callable[[str, bytes, bytes], bool]:
    kind, _, text = key.partition("_")
    raw = _bytes_in(text)
    if kind == "whsec" and len(raw) >= _SHORTEST_SECRET:
        return _for("v1", lambda signature, signed: hmac.compare_digest(signature, hmac.digest(raw, signed, "sha256")))
    if kind == "whpk":
        # Here, so that who has a shared secret alone needs no further package.
        from governance.pep.webhooks.signatures import checking  # noqa: PLC0415

        return _for("v1a", checking(raw))
    raise ValueError("a key begins with `whpk_` or `whsec_` and goes on in base64, as the service showed it")


def _for(wanted: str, check: Check) -> Callable[[str, bytes, bytes], bool]:
    def asked(kind: str, signature: bytes, signed: bytes) -> bool:
        return kind == wanted and check(signature, signed)

    return asked


def _bytes_in(text: str) -> bytes:
    """Return what base64 stands for, or nothing, which no key signs."""
    try:
        return b64decode(text, validate=True)
    except ValueError:
        return b""
