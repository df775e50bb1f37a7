"""Whether hints may be sent to this very machine: for a demo or a test, never where people are served."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from governance.config.errors import SettingsError

TO_LOOPBACK: Final = "GOVERNANCE_WEBHOOKS_TO_LOOPBACK"


def to_loopback_in(values: Mapping[str, str], public_url: str) -> bool:
    """Return whether they may. Raises `SettingsError` where the service itself is reached from elsewhere.

    THREAT: on a machine that serves, a forum could have us call what listens on loopback alone.
    """
    said = values.get(TO_LOOPBACK) or "off"
    if said not in ("on", "off"):
        raise SettingsError(f"`{TO_LOOPBACK}` must be `on` or `off`")
    if said == "on" and urlsplit(public_url).scheme != "http":
        raise SettingsError(
            f"`{TO_LOOPBACK}` is for a demo or a test on one machine; leave it out where `GOVERNANCE_PUBLIC_URL` is "
            "https"
        )
    return said == "on"
