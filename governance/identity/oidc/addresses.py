"""Which addresses of providers we talk to: https, or plain http on this machine alone; one origin each."""

from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

_PORTS: Final = {"https": 443, "http": 80}


def is_allowed_address(address: str) -> bool:
    """Say whether an address may carry secrets: https, or http to loopback; no user name in it."""
    parts = _split(address)
    if parts is None or not parts.hostname or parts.username is not None:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname))


def is_issuer(address: str) -> bool:
    """Say whether an address may name a provider: allowed, without query and fragment (Discovery 1.0, section 3)."""
    parts = _split(address)
    return is_allowed_address(address) and parts is not None and not parts.query and not parts.fragment


def same_origin(address: str, other: str) -> bool:
    """Say whether two addresses share scheme, host and port (RFC 6454); broken ones share nothing."""
    origin = _origin(address)
    return origin is not None and origin == _origin(other)


def _origin(address: str) -> tuple[str, str, int] | None:
    parts = _split(address)
    if parts is None or not parts.hostname or parts.username is not None or parts.scheme not in _PORTS:
        return None
    return parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme]


def _split(address: str) -> SplitResult | None:
    # Browsers and parsers read these differently; an address that needs them is none of ours.
    if not address.isascii() or not address.isprintable() or "\\" in address or " " in address:
        return None
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises on a port that is no number
    except ValueError:
        return None
    return parts


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
