"""How much one caller may ask for, who may look at our numbers, and what is written down about requests."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from governance.config.errors import SettingsError

_RATE: Final = re.compile(r"[1-9][0-9]{0,7}/(second|minute|hour|day)")
_STORAGES: Final = ("memory://", "redis://", "rediss://", "memcached://")
_SHORTEST_TOKEN: Final = 32
_MOST_PROXIES: Final = 9


@dataclass(frozen=True, slots=True)
class LimitSettings:
    """Limits, each for one worker process unless the storage is shared."""

    platform: str = "60000/minute"
    """Requests of one client with a good token."""
    person: str = "300/minute"
    """Requests of one session of somebody who signed in, wherever they come from."""
    anonymous: str = "600/minute"
    """Requests of one address by nobody we know: first pages, metadata, mistakes."""
    tokens: str = "120/minute"
    """Requests of one address for a token."""
    storage: str = field(default="memory://", repr=False)
    """Where the counts are; a shared one may hold a password in its address."""
    proxies: int = 0
    """How many proxies of ours stand in front and name the address they were called from."""
    metrics_token: str = field(default="", repr=False)
    """Opens `/metrics` from elsewhere than this machine; none keeps it to this machine."""
    access_log: bool = False
    """Whether a line is written for each request: what kind, how it ended, how long it took."""


def limit_settings(values: Mapping[str, str], metrics_token: str) -> LimitSettings:
    """Read the limits from settings. Raises `SettingsError`."""
    default = LimitSettings()
    storage = values.get("GOVERNANCE_LIMIT_STORAGE") or default.storage
    if not storage.startswith(_STORAGES):
        raise SettingsError("`GOVERNANCE_LIMIT_STORAGE` must begin with one of " + ", ".join(_STORAGES))
    if metrics_token and len(metrics_token) < _SHORTEST_TOKEN:
        raise SettingsError(f"`GOVERNANCE_METRICS_TOKEN` must be {_SHORTEST_TOKEN} characters long or longer")
    return LimitSettings(
        platform=_rate(values, "GOVERNANCE_LIMIT_PLATFORM", default.platform),
        person=_rate(values, "GOVERNANCE_LIMIT_PERSON", default.person),
        anonymous=_rate(values, "GOVERNANCE_LIMIT_ANONYMOUS", default.anonymous),
        tokens=_rate(values, "GOVERNANCE_LIMIT_TOKENS", default.tokens),
        storage=storage,
        proxies=_proxies(values.get("GOVERNANCE_PROXIES") or "0"),
        metrics_token=metrics_token,
        access_log=_on(values.get("GOVERNANCE_ACCESS_LOG") or "on"),
    )


def _rate(values: Mapping[str, str], name: str, default: str) -> str:
    rate = values.get(name) or default
    if not _RATE.fullmatch(rate):
        raise SettingsError(f"`{name}` must look like `{default}`")
    return rate


def _proxies(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text) > _MOST_PROXIES:
        raise SettingsError("`GOVERNANCE_PROXIES` is how many proxies of yours stand in front: 0 to 9")
    return int(text)


def _on(text: str) -> bool:
    if text not in ("on", "off"):
        raise SettingsError("`GOVERNANCE_ACCESS_LOG` must be `on` or `off`")
    return text == "on"
