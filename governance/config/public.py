"""What pages say of whoever runs the service, and where *leave this page* leads to."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from governance.config.errors import SettingsError, at_once

EXIT_URL: Final = "GOVERNANCE_EXIT_URL"
PLACEHOLDERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "controller_name": "GOVERNANCE_CONTROLLER_NAME",
        "controller_contact": "GOVERNANCE_CONTROLLER_CONTACT",
        "dpo_contact": "GOVERNANCE_DPO_CONTACT",
        "authority": "GOVERNANCE_AUTHORITY",
        "hosting": "GOVERNANCE_HOSTING",
    }
)
"""By the word that `policies/privacy/` has in braces: the setting that fills it."""
_NEEDED: Final = ("controller_name", "controller_contact")
"""Who answers for people's data: the first thing the law has them told (GDPR, Article 13(1)(a))."""
_LONGEST: Final = 200
_NEUTRAL: Final = "https://www.bbc.co.uk/weather"
"""The page that the pattern *exit this page* of the GOV.UK Design System leads to; a forum may have a better one."""


@dataclass(frozen=True, slots=True)
class PublicSettings:
    """What everybody may know of this service."""

    exit_url: str = _NEUTRAL
    """Where somebody goes who must leave at once: a page that most people have been on, and that says nothing."""
    told: Mapping[str, str] = field(default_factory=dict)
    """What fills the placeholders of the privacy notice; those that are missing are open."""

    @property
    def open_placeholders(self) -> tuple[str, ...]:
        """Return the placeholders that no setting fills."""
        return tuple(name for name in PLACEHOLDERS if name not in self.told)


def public_settings(values: Mapping[str, str]) -> PublicSettings:
    """Read them. Raises `SettingsError` that names all that are wrong."""
    names = [name for name, setting in PLACEHOLDERS.items() if values.get(setting)]
    exit_url, *told = at_once(
        partial(exit_url_in, values), *(partial(text_in, values, PLACEHOLDERS[name]) for name in names)
    )
    return PublicSettings(exit_url, MappingProxyType(dict(zip(names, told, strict=True))))


def require_named(public_url: str, public: PublicSettings) -> None:
    """Raise `SettingsError` if people are served of whom nobody says who answers for their data.

    Where it is tried out, on this machine by plain http, the papers say what is missing, and that is enough.
    """
    missing = [f"`{PLACEHOLDERS[name]}`" for name in _NEEDED if name not in public.told]
    if missing and urlsplit(public_url).scheme == "https":
        raise SettingsError(
            f"set {' and '.join(missing)}, in the environment or in the directory's `settings.env`: patients are told "
            "who answers for their data before they choose"
        )


def readers(values: Mapping[str, str]) -> Iterator[tuple[str, Callable[[], str]]]:
    """Yield each setting that is set, and what reads it."""
    if values.get(EXIT_URL):
        yield EXIT_URL, partial(exit_url_in, values)
    for setting in PLACEHOLDERS.values():
        if values.get(setting):
            yield setting, partial(text_in, values, setting)


def exit_url_in(values: Mapping[str, str]) -> str:
    """Return where *leave this page* leads to. Raises `SettingsError`."""
    address = values.get(EXIT_URL) or _NEUTRAL
    plain = address.isascii() and address.isprintable() and not set(address) & set(' "<>\\')
    if not plain or not address.startswith("https://") or not urlsplit(address).hostname:
        raise SettingsError(f"`{EXIT_URL}` must be an https address such as `{_NEUTRAL}`")
    return address


def text_in(values: Mapping[str, str], name: str) -> str:
    """Return a line of text. Raises `SettingsError`."""
    text = " ".join(values.get(name, "").split())
    if len(text) > _LONGEST or not text.isprintable():
        raise SettingsError(f"`{name}` must be one line of at most {_LONGEST} letters and signs")
    return text
