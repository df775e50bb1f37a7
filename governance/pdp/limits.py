"""How much one caller may ask for. Beyond it they are told to wait; no limit ever answers a question."""

import hmac
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final, NamedTuple

from flask import Flask
from limits import parse

from governance.config.limits import LimitSettings
from governance.crypto.keys import Keyring
from governance.ui.budgets import Budget

COUNTED: Final = "governance.counted"
"""In a request's environment, where no header can put it: it was counted already."""
_NAME: Final = "governance.limits"


class Caller(NamedTuple):
    """Who calls, as far as we know; nobody we know is neither."""

    client: str | None = None
    session: str | None = None
    """The digest of a session of somebody who signed in."""


class Limits:
    """The limits of one app: against which budget a request counts."""

    def __init__(self, settings: LimitSettings, keyring: Keyring) -> None:
        """Read the rates."""
        self._keyring = keyring
        self._platform = parse(settings.platform)
        self._person = parse(settings.person)
        self._anonymous = parse(settings.anonymous)
        self._tokens = parse(settings.tokens)

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
