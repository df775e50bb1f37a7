"""Tokens that were verified once, known by digest until they end."""

from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from uuid import UUID

from governance.decision.vocabulary import Instant

_MOST: Final = 10_000


@dataclass(frozen=True, slots=True)
class PlatformCaller:
    """The platform behind a request."""

    platform_id: UUID
    client_id: str
    scopes: frozenset[str]


class RememberedTokens:
    """A bounded map from a token's digest to its caller; the oldest goes first when it is full.

    A token is remembered for no longer than it runs, so a client taken away ends within 10 minutes.
    """

    def __init__(self, most: int = _MOST) -> None:
        """Begin with none."""
        self._most = most
        self._callers: OrderedDict[bytes, tuple[PlatformCaller, Instant]] = OrderedDict()

    def caller(self, token: str, now: Instant) -> PlatformCaller | None:
        """Return who holds a token that was verified before and still runs."""
        known = self._callers.get(_digest(token))
        return known[0] if known is not None and now < known[1] else None

    def remember(self, token: str, caller: PlatformCaller, ends: Instant) -> None:
        """Know a verified token until it ends."""
        self._callers[_digest(token)] = caller, ends
        while len(self._callers) > self._most:
            self._callers.popitem(last=False)


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
