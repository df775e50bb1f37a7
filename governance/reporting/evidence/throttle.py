"""No network fills the room that all reports being written share: each has a share of it, smaller as the room fills.

Addresses are kept as digests, in memory, and no row says from where a picture came. Whoever has many networks still
needs one for every few pictures; nobody's report waits for it, for a picture can be added with the code later.
"""

import hmac
import secrets
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from governance.reporting.evidence.errors import PictureRefusedError
from governance.reporting.evidence.service import FULL, MOST_PICTURES, MOST_WAITING

_USUAL: Final = parse(f"{8 * MOST_PICTURES}/2 hours")
"""Of one network while there is room: a clinic or a school has many people behind one address."""
_NARROW: Final = parse(f"{MOST_PICTURES}/2 hours")
"""Of one network once half of the room is taken: one report's."""
_CALLER_V6: Final = 48


class Uploads:
    """Pictures that networks sent in the last two hours, to this process."""

    def __init__(self) -> None:
        """Begin with none; the key by which addresses are known lives as long as this process."""
        self._key = secrets.token_bytes(32)
        self._used = MovingWindowRateLimiter(MemoryStorage())

    def take(self, address: str, waiting: int) -> None:
        """Take a picture of a network. Raises `PictureRefusedError` beyond its share."""
        if not self.may_send(address, waiting):
            raise PictureRefusedError(FULL)

    def may_send(self, address: str, waiting: int) -> bool:
        """Count a picture of a network, and say whether it is within its share; `waiting`: how many wait of all."""
        network = self._network(address)
        within = self._used.hit(_USUAL, network)
        narrow = self._used.hit(_NARROW, network)
        return within and (narrow or waiting * 2 < MOST_WAITING)

    def _network(self, address: str) -> str:
        """Return what an address is counted under: of IPv6 what one customer usually has all of."""
        try:
            found = ip_address(address)
            wide = str(ip_network((found, _CALLER_V6), strict=False)) if isinstance(found, IPv6Address) else str(found)
        except ValueError:
            wide = ""
        return hmac.new(self._key, wide.encode(), "sha256").hexdigest()
