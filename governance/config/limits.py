"""How much one caller may ask for, who may look at our numbers, and what is written down about requests."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from governance.config.errors import SettingsError, at_once

METRICS_TOKEN: Final = "GOVERNANCE_METRICS_TOKEN"  # noqa: S105 - a name, no secret
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
    """Tokens for one client, and failed tries to get one from one address."""
    sends: str = "30/minute"
    """Pings and redeliveries that one forum may ask for, for all its webhooks together."""
    storage: str = field(default="memory://", repr=False)
    """Where the counts are; a shared one may hold a password in its address."""
    proxies: int = 0
    """How many proxies of ours stand in front and name the address they were called from."""
    metrics_token: str = field(default="", repr=False)
    """Opens `/metrics` from elsewhere than this machine; none keeps it to this machine."""
    access_log: bool = False
    """Whether a line is written for each request: what kind, how it ended, how long it took."""


def limit_settings(values: Mapping[str, str], metrics_token: str) -> LimitSettings:
    """Read the limits from settings. Raises `SettingsError` that names all that are wrong."""
    said = {**values, METRICS_TOKEN: metrics_token}
    fields, readers = zip(*READERS.values(), strict=True)
    read = at_once(*(partial(reader, said) for reader in readers))
    return LimitSettings(**dict(zip(fields, read, strict=True)))


def _rate(name: str, default: str) -> Callable[[Mapping[str, str]], str]:
    def read(values: Mapping[str, str]) -> str:
        rate = values.get(name) or default
        if not _RATE.fullmatch(rate):
            raise SettingsError(f"`{name}` must look like `{default}`")
        return rate

    return read


def _storage(values: Mapping[str, str]) -> str:
    storage = values.get("GOVERNANCE_LIMIT_STORAGE") or _DEFAULT.storage
    if not storage.startswith(_STORAGES):
        raise SettingsError("`GOVERNANCE_LIMIT_STORAGE` must begin with one of " + ", ".join(_STORAGES))
    return storage


def _metrics_token(values: Mapping[str, str]) -> str:
    token = values.get(METRICS_TOKEN) or ""
    if token and len(token) < _SHORTEST_TOKEN:
        raise SettingsError(f"`{METRICS_TOKEN}` must be {_SHORTEST_TOKEN} characters long or longer")
    return token


def _proxies(values: Mapping[str, str]) -> int:
    text = values.get("GOVERNANCE_PROXIES") or "0"
    if not text.isascii() or not text.isdecimal() or int(text) > _MOST_PROXIES:
        raise SettingsError("`GOVERNANCE_PROXIES` is how many proxies of yours stand in front: 0 to 9")
    return int(text)


def _access_log(values: Mapping[str, str]) -> bool:
    text = values.get("GOVERNANCE_ACCESS_LOG") or "on"
    if text not in ("on", "off"):
        raise SettingsError("`GOVERNANCE_ACCESS_LOG` must be `on` or `off`")
    return text == "on"


_DEFAULT: Final = LimitSettings()
READERS: Final[Mapping[str, tuple[str, Callable[[Mapping[str, str]], Any]]]] = {
    "GOVERNANCE_LIMIT_PLATFORM": ("platform", _rate("GOVERNANCE_LIMIT_PLATFORM", _DEFAULT.platform)),
    "GOVERNANCE_LIMIT_PERSON": ("person", _rate("GOVERNANCE_LIMIT_PERSON", _DEFAULT.person)),
    "GOVERNANCE_LIMIT_ANONYMOUS": ("anonymous", _rate("GOVERNANCE_LIMIT_ANONYMOUS", _DEFAULT.anonymous)),
    "GOVERNANCE_LIMIT_TOKENS": ("tokens", _rate("GOVERNANCE_LIMIT_TOKENS", _DEFAULT.tokens)),
    "GOVERNANCE_LIMIT_SENDS": ("sends", _rate("GOVERNANCE_LIMIT_SENDS", _DEFAULT.sends)),
    "GOVERNANCE_LIMIT_STORAGE": ("storage", _storage),
    "GOVERNANCE_PROXIES": ("proxies", _proxies),
    METRICS_TOKEN: ("metrics_token", _metrics_token),
    "GOVERNANCE_ACCESS_LOG": ("access_log", _access_log),
}
"""By setting: the field it fills, and how it is read; each by itself, so that one that is wrong hides no other."""
