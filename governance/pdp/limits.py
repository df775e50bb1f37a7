"""How much one caller may ask for. Beyond it they are told to wait; no limit ever answers a question.

Flask-Limiter costs as much as a whole empty request; this is the library under it, with rates that are read once.
"""

import hmac
from ipaddress import IPv6Address, ip_address, ip_network
from threading import Timer
from typing import Final, NamedTuple, cast

import structlog
from flask import Flask
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from governance.config.limits import LimitSettings
from governance.crypto.keys import Keyring

COUNTED: Final = "governance.counted"
"""In a request's environment, where no header can put it: it was counted already."""
_NAME: Final = "governance.limits"
_FORGET_EVERY: Final = 4096
"""Requests, after which callers that were not seen for long are forgotten."""
_log = structlog.get_logger()


class _Busy:
    """Stands where the storage would start its timer."""

    def is_alive(self) -> bool:
        """Say that a timer runs."""
        return True


class Budget(NamedTuple):
    """Which limit counts for a request, and for whom."""

    policy: str
    rate: RateLimitItem
    who: str


class Caller(NamedTuple):
    """Who calls, as far as we know; nobody we know is neither."""

    client: str | None = None
    session: str | None = None
    """The digest of a session of somebody who signed in."""


class Limits:
    """The limits of one app and what was used of them."""

    def __init__(self, settings: LimitSettings, keyring: Keyring) -> None:
        """Count where the settings say."""
        self._keyring = keyring
        self._platform = parse(settings.platform)
        self._person = parse(settings.person)
        self._anonymous = parse(settings.anonymous)
        self._tokens = parse(settings.tokens)
        self._storage = storage_from_string(settings.storage, wrap_exceptions=True)
        if isinstance(self._storage, MemoryStorage):
            # Its own way to forget starts a thread a hundred times a second, a sixth of what a decision costs.
            self._storage.timer = cast("Timer", _Busy())
        self._used = FixedWindowRateLimiter(self._storage)
        self._counted = 0

    def budget(self, caller: Caller, address: str | None) -> Budget:
        """Return what a request is counted against: its client or its session if we know it, else its address."""
        if caller.client is not None:
            return Budget("platform", self._platform, caller.client)
        if caller.session is not None:
            # A clinic's or a school's whole network is one address: nobody there may keep others from saying no.
            return Budget("person", self._person, caller.session)
        return Budget("anonymous", self._anonymous, self._hashed(address or ""))

    def token_budget(self, proven: str | None, address: str | None) -> Budget:
        """Return what a request for a token is counted against once it is known who proved themselves.

        THREAT: a stranger who fails on purpose, with a forum's own client id, from its network or behind our proxy.
        What fails counts for the address alone, what succeeds for the client alone: nobody else can use that up.
        A secret is 256 random bits and compared by one SHA-256, so that no guess is worth, or costs, anything.
        """
        if proven is not None:
            return Budget("tokens", self._tokens, f"client:{proven}")
        return Budget("tokens", self._tokens, self._hashed(address or ""))

    def takes(self, budget: Budget) -> bool:
        """Count one request; say whether it is still within the limit. While nothing can be counted, all are."""
        self._counted += 1
        if self._counted % _FORGET_EVERY == 0:
            self._forget()
        try:
            return self._used.hit(budget.rate, budget.policy, budget.who)
        except StorageError as error:
            # Who cannot count must not keep a patient from saying no.
            _log.error("limits_not_counted", error=type(error.__cause__ or error).__qualname__)
            return True

    def _forget(self) -> None:
        """Let go of callers whose time is over; the storage does so itself with each one that is looked at."""
        if isinstance(self._storage, MemoryStorage):
            for key in list(self._storage.expirations):
                self._storage.get(key)

    def begins_anew(self, budget: Budget) -> float:
        """Return the time, in seconds since 1970, at which the budget is full again."""
        return float(self._used.get_window_stats(budget.rate, budget.policy, budget.who).reset_time)

    def _hashed(self, address: str) -> str:
        """Return what we remember an address by; of IPv6 the network, since one caller has all the rest of it."""
        try:
            found = ip_address(address)
            network = str(ip_network((found, 64), strict=False)) if isinstance(found, IPv6Address) else str(found)
        except ValueError:
            network = ""
        return hmac.new(self._keyring.derive("limits"), network.encode(), "sha256").hexdigest()


def keep_limits(app: Flask, limits: Limits) -> Limits:
    """Give an app its limits; return them."""
    app.extensions[_NAME] = limits
    return limits


def limits_of(app: Flask) -> Limits:
    """Return the limits of an app."""
    limits: Limits = app.extensions[_NAME]
    return limits
