"""The mail server: settings of their own, part of `Settings`, and what counts as an address."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from governance.config.errors import SettingsError, at_once
from governance.pep.secret_files import ExposedFileError, read_secret

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_PORTS: Final = {"starttls": 587, "tls": 465, "plain": 25}
_NO_ADDRESS: Final = "`GOVERNANCE_SMTP_FROM` must be a bare address such as `news@example.org`"
_LONGEST_ADDRESS: Final = 254
_ADDRESS: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
"""What every mail server understands; quoted and non-ASCII names are refused rather than guessed at."""


class MailSettingsError(SettingsError):
    """Mail cannot be sent with these settings; the message says what to change."""


class Security(StrEnum):
    """How the way to the mail server is protected; its certificate is verified in both good ways."""

    STARTTLS = "starttls"
    TLS = "tls"
    PLAIN = "plain"
    """On this machine alone."""


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The mail server that takes our messages."""

    host: str
    sender: str
    """The bare address that messages are from. Everybody on the way sees it: its domain should say nothing."""
    port: int = 587
    security: Security = Security.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    authorities: Path | None = None
    """Certificates to trust instead of the system's, in PEM."""
    desk: str = ""
    """The desk's own address, which is told when a clock ran out or somebody is in danger; it is told no more."""
    seconds: float = 20.0
    """How long to wait for the server at each step."""

    def __post_init__(self) -> None:
        """Refuse what would be sent in the clear. Raises `MailSettingsError` with all that is wrong."""
        faults = [what for is_wrong, what in self._faults() if is_wrong]
        if faults:
            raise MailSettingsError("; ".join(faults))

    def _faults(self) -> Iterator[tuple[bool, str]]:
        yield (
            self.security is Security.PLAIN and self.host not in _LOOPBACK,
            "`GOVERNANCE_SMTP_SECURITY=plain` is for this machine alone; use `starttls` or `tls`",
        )
        yield not is_address(self.sender), _NO_ADDRESS
        yield bool(self.desk) and not is_address(self.desk), "`GOVERNANCE_SMTP_DESK` must be a bare address, or nothing"
        yield (
            bool(self.user) != bool(self.password),
            "set both `GOVERNANCE_SMTP_USER` and `GOVERNANCE_SMTP_PASSWORD_FILE`, or neither",
        )

    @property
    def domain(self) -> str:
        """The sender's domain: the only name that we give of ourselves."""
        return self.sender.rpartition("@")[2]


def mail_settings(values: Mapping[str, str]) -> MailSettings | None:
    """Read `GOVERNANCE_SMTP_*`, the password also from `GOVERNANCE_SMTP_PASSWORD_FILE`; none if no host is set.

    Raises `MailSettingsError`.
    """
    said = {name.removeprefix("GOVERNANCE_SMTP_"): value for name, value in values.items() if value}
    if "HOST" not in said:
        return None
    way = said.get("SECURITY", str(Security.STARTTLS))
    security, sender, port, password = at_once(
        lambda: _one_of(way),
        lambda: _sender(said.get("FROM", "")),
        lambda: _port(said.get("PORT", str(_PORTS.get(way, 0) or _PORTS["starttls"]))),
        lambda: said.get("PASSWORD") or _password_in(said.get("PASSWORD_FILE", "")),
    )
    authorities = said.get("CA_FILE")
    return MailSettings(
        host=said["HOST"],
        sender=sender,
        port=port,
        security=security,
        user=said.get("USER", ""),
        password=password,
        authorities=Path(authorities) if authorities else None,
        desk=said.get("DESK", ""),
    )


def is_address(text: str) -> bool:
    """Say whether this is an address that we can write to."""
    return len(text) <= _LONGEST_ADDRESS and bool(_ADDRESS.fullmatch(text)) and ".." not in text


def _one_of(said: str) -> Security:
    try:
        return Security(said)
    except ValueError:
        raise MailSettingsError("`GOVERNANCE_SMTP_SECURITY` must be `starttls`, `tls`, or `plain`") from None


def _sender(said: str) -> str:
    if not is_address(said):
        raise MailSettingsError(_NO_ADDRESS)
    return said


def _port(said: str) -> int:
    if not (said.isascii() and said.isdigit() and 0 < int(said) <= 65_535):  # noqa: PLR2004 - the largest port there is
        raise MailSettingsError("`GOVERNANCE_SMTP_PORT` must be a number from 1 to 65535")
    return int(said)


def _password_in(path: str) -> str:
    if not path:
        return ""
    try:
        return read_secret(Path(path)).rstrip("\r\n")
    except ExposedFileError as error:
        raise MailSettingsError(f"`GOVERNANCE_SMTP_PASSWORD_FILE`: {error}") from None
    except (OSError, UnicodeDecodeError):
        raise MailSettingsError("the file named by `GOVERNANCE_SMTP_PASSWORD_FILE` cannot be read") from None
