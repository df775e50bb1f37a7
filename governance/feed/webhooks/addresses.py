"""Where hints may go: public https addresses alone. A forum names the address, and our network must not be its tool.

THREAT: a name that leads to 127.0.0.1, to a cloud's metadata, to a neighbour's printer. So a name is looked up once,
every address it has must be public, and the connection goes to the very address that was looked at: a name that says
something else a moment later is not asked again.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from governance.feed.webhooks.errors import BadWebhookAddressError

LONGEST: Final = 1_000
_HTTPS: Final = 443
_HTTP: Final = 80
_FIRST_FREE_PORT: Final = 1_024
_LAST_PORT: Final = 65_535
_LOOPBACK_NAMES: Final = frozenset({"localhost"})
_NEVER_V4: Final = tuple(
    IPv4Network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24"),
        *("203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
    )
)
"""Written down beside what Python knows: its lists differ from version to version. Source: IANA's registry."""
_UNICAST_V6: Final = IPv6Network("2000::/3")
_NEVER_V6: Final = tuple(
    IPv6Network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")  # the first one holds Teredo
)


class Target(NamedTuple):
    """An address, taken apart."""

    secure: bool
    host: str
    port: int
    path: str
    """With its query."""


def target_of(address: str, *, loopback: bool = False) -> Target:
    """Return what an address names. Raises `BadWebhookAddressError` for one that nothing may be sent to.

    `loopback`: whether this machine may be named, by http too. No name is looked up here: whoever sets an address
    would learn by the answer what names our network knows.
    """
    # Programs read these in different ways.
    if len(address) > LONGEST or not address.isascii() or not address.isprintable() or set(address) & set(" \\#@"):
        raise _refused()
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise _refused() from None
    host, secure = (parts.hostname or "").rstrip("."), parts.scheme == "https"
    here = loopback and is_loopback(host)
    if not host or not (secure or (here and parts.scheme == "http")) or not (here or _may_be_public(host)):
        raise _refused()
    port = (_HTTPS if secure else _HTTP) if port is None else port
    if port != _HTTPS and not (here or _FIRST_FREE_PORT <= port <= _LAST_PORT):
        raise _refused()
    query = f"?{parts.query}" if parts.query else ""
    return Target(secure, host, port, f"{parts.path or '/'}{query}")


def is_public(address: str) -> bool:
    """Say whether an IP address is somebody's on the open net, and nothing in disguise."""
    # A zone (`fe80::1%eth0`) belongs to addresses of one link.
    if "%" in address:
        return False
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if not found.is_global or found.is_multicast or found.is_reserved or found.is_unspecified:
        return False
    return _is_public_v4(found) if isinstance(found, IPv4Address) else _is_public_v6(found)


def is_number(host: str) -> bool:
    """Say whether a host is an IP address, which nobody has to look up."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Say whether a host as written is this very machine, in plain words or numbers."""
    return host in _LOOPBACK_NAMES or (is_number(host) and ip_address(host).is_loopback)


def _is_public_v4(found: IPv4Address) -> bool:
    return not any(found in network for network in _NEVER_V4)


def _is_public_v6(found: IPv6Address) -> bool:
    # What holds an IPv4 address (mapped, compatible, NAT64, 6to4, Teredo) lies outside of these.
    return found in _UNICAST_V6 and not any(found in network for network in _NEVER_V6)


def _may_be_public(host: str) -> bool:
    """Say whether a host, before it is looked up, may be one: an IP address that is public, or a name with a dot."""
    if is_number(host):
        return is_public(host)
    # `0x7f.1` and `2130706433` are numbers to a resolver; no name of the open net ends in one.
    last = host.rpartition(".")[2]
    return "." in host and ":" not in host and not last[:1].isdigit() and last not in {"local", "internal"}


def _refused() -> BadWebhookAddressError:
    return BadWebhookAddressError(
        "an address for hints must begin with https://, name a host of the open net and port 443 or one above 1023, "
        f"hold no name, password or `#`, and be at most {LONGEST} characters long"
    )
