"""Guessing of receipt codes is slowed down, a network at a time and in all; nobody is ever locked out.

A code has 120 bits, so no guess is worth anything; this keeps a crowd of them from taking the machine. Wrong codes
alone are counted: who has a right one comes in, unless somebody on the same network tried twenty wrong ones, and then a
minute later. No code and no report is ever closed by it. Addresses are kept as digests, in memory.
"""

import hmac
import secrets
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

_OF_ONE_NETWORK: Final = parse("20/minute")
_OF_ALL: Final = parse("600/minute")
_ANY: Final = "all"


class Guesses:
    """Wrong codes of the last minute."""

    def __init__(self) -> None:
        """Begin with none; the key by which addresses are known lives as long as this process."""
        self._key = secrets.token_bytes(32)
        self._used = FixedWindowRateLimiter(MemoryStorage())

    def may_try(self, address: str) -> bool:
        """Say whether somebody may try a code now.

        When all networks together guess too much, those wait that guessed themselves; whoever comes for the first time
        may try.
        """
        network = self._network(address)
        if not self._used.test(_OF_ONE_NETWORK, network):
            return False
        is_new = self._used.get_window_stats(_OF_ONE_NETWORK, network).remaining == _OF_ONE_NETWORK.amount
        return is_new or self._used.test(_OF_ALL, _ANY)

    def was_wrong(self, address: str) -> None:
        """Count a wrong code."""
        self._used.hit(_OF_ONE_NETWORK, self._network(address))
        self._used.hit(_OF_ALL, _ANY)

    def _network(self, address: str) -> str:
        """Return what an address is counted under: of IPv6 the network, since one caller has all the rest of it."""
        try:
            found = ip_address(address)
            network = str(ip_network((found, 64), strict=False)) if isinstance(found, IPv6Address) else str(found)
        except ValueError:
            network = ""
        return hmac.new(self._key, network.encode(), "sha256").hexdigest()
