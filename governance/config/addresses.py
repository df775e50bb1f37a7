"""Addresses that an operator types."""

from typing import Final
from urllib.parse import urlsplit

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


def is_safe(address: str) -> bool:
    """Say whether an address is plain enough to be read in one way, and kept from listeners on the way."""
    # Parsers and browsers read these differently.
    if not address.isascii() or not address.isprintable() or set(address) & set(" \\?#@"):
        return False
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises where it is no number
    except ValueError:
        return False
    on_loopback = parts.scheme == "http" and parts.hostname in _LOOPBACK
    return bool(parts.hostname) and (parts.scheme == "https" or on_loopback)
