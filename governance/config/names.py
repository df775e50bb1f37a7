"""Every setting's name: one that nobody reads is a mistake that shows nowhere else."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Final

_PREFIX: Final = "GOVERNANCE_"
KNOWN: Final = frozenset(
    f"{_PREFIX}{name}"
    for name in (
        "ACCESS_LOG",
        "AUTHORITY",
        "CONTROLLER_CONTACT",
        "CONTROLLER_NAME",
        "DATABASE_URL",
        "DATABASE_URL_FILE",
        "DIR",
        "DPO_CONTACT",
        "EXIT_URL",
        "HOSTING",
        "KEYS",
        "KEYS_COMMAND",
        "KEYS_FILE",
        "LIMIT_ANONYMOUS",
        "LIMIT_PERSON",
        "LIMIT_PLATFORM",
        "LIMIT_SENDS",
        "LIMIT_STORAGE",
        "LIMIT_TOKENS",
        "LOOK_UPS",
        "METRICS_TOKEN",
        "METRICS_TOKEN_FILE",
        "OIDC_CLIENT_SECRET",
        "OUTSIDE_DIR",
        "PROXIES",
        "PUBLIC_URL",
        "SMTP_CA_FILE",
        "SMTP_DESK",
        "SMTP_FROM",
        "SMTP_HOST",
        "SMTP_PASSWORD",
        "SMTP_PASSWORD_FILE",
        "SMTP_PORT",
        "SMTP_SECURITY",
        "SMTP_USER",
        "WEBHOOKS_TO_LOOPBACK",
    )
)


def unknown(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the names that no setting has, each with what to do about it."""
    after_prefix = [name.removeprefix(_PREFIX) for name in sorted(KNOWN)]
    for name in sorted(set(names) - KNOWN):
        near = get_close_matches(name.removeprefix(_PREFIX), after_prefix, 1)
        meant = f"; did you mean `{_PREFIX}{near[0]}`?" if near else ""
        yield name, f"no setting has this name{meant}"
