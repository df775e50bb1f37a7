"""Mail that tells nothing: whoever looks over a shoulder, or runs a mail server, learns that there is something new.

No name, no forum, no word of health, no address of ours to follow: a link would say what kind of site this is.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

from governance.config.mail import MailSettings, MailSettingsError, Security, is_address
from governance.decision.vocabulary import Instant
from governance.errors import BadInputError, GovernanceError
from governance.ui.clock import to_datetime

_TEXTS: Final = Path(__file__).parent / "templates" / "mail"
_FILES: Final = frozenset(path.name for path in _TEXTS.iterdir())
_PERMANENT: Final = range(500, 600)


class MailAddressError(BadInputError):
    """This is no address that we can write to."""

    code = "mail_address"


class MailDelayedError(GovernanceError):
    """The mail server did not take it now; it may later, or once an operator has corrected something."""

    code = "mail_delayed"


class MailRefusedError(GovernanceError):
    """The mail server refused this very message for good."""

    code = "mail_refused"


class Notice(StrEnum):
    """What a message may say; each is a file in `templates/mail`, beside it `.es.txt` in Spanish."""

    NEWS = "news"
    CODE = "code"
    """With a code in its text: that somebody reads what is sent there."""
    REGISTRATION_CODE = "registration_code"
    """With a code for a professional, to an address that their register or employer gave."""
    DESK = "desk"
    """To the address of the desk where reports are worked on: that something there is urgent."""
    DONE = "done"
    """The last one to somebody who had their record deleted."""


class Filled(NamedTuple):
    """A message with a code in its text, or in another language than English."""

    notice: Notice
    code: str = ""
    language: str = ""


class Mailer:
    """Sends one message at a time over a connection of its own."""

    def __init__(self, settings: MailSettings) -> None:
        """Send by this server; raises `MailSettingsError` if its certificates cannot be read."""
        self._settings = settings
        try:
            self._tls = ssl.create_default_context(cafile=settings.authorities)
        except (OSError, ssl.SSLError):
            raise MailSettingsError("the file named by `GOVERNANCE_SMTP_CA_FILE` holds no certificates") from None

    def send(self, to: str, notice: Notice | Filled, reference: str, now: Instant) -> None:
        """Hand a message to the mail server; `reference` is the same whenever the same message is sent again.

        Raises `MailAddressError` and `MailRefusedError`, after which trying again is in vain, and `MailDelayedError`.
        """
        if not is_address(to):
            raise MailAddressError("this is no address that we can write to")
        message = self._written(to, notice, reference, now)
        try:
            with self._connected() as server:
                _hand_over(server, message)
        except (smtplib.SMTPException, OSError) as error:
            # Without the cause: servers repeat the address in what they say.
            raise MailDelayedError(f"the mail server took nothing ({_said(error)})") from None

    def _written(self, to: str, notice: Notice | Filled, reference: str, now: Instant) -> EmailMessage:
        subject, text = _words(notice if isinstance(notice, Filled) else Filled(notice))
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"] = self._settings.sender, to
        message["Subject"] = subject.removeprefix("Subject: ")
        message["Date"] = format_datetime(to_datetime(now).replace(microsecond=0))
        message["Message-ID"] = f"<{reference}@{self._settings.domain}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no absence notes in return
        # Some servers still take no letter beyond ASCII as it is.
        message.set_content(text, cte="7bit" if text.isascii() else "quoted-printable")
        return message

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        server = self._opened()
        try:
            if self._settings.security is Security.STARTTLS:
                server.starttls(context=self._tls)
            if self._settings.user:
                server.login(self._settings.user, self._settings.password)
            yield server
        finally:
            # The message is taken or not by now; a server that is rude at the end changes nothing.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()

    def _opened(self) -> smtplib.SMTP:
        said = self._settings
        # Our own name would be this machine's, and stand in every message's headers.
        known_as = said.domain
        if said.security is Security.TLS:
            return smtplib.SMTP_SSL(said.host, said.port, known_as, timeout=said.seconds, context=self._tls)
        return smtplib.SMTP(said.host, said.port, known_as, timeout=said.seconds)


def _words(said: Filled) -> tuple[str, str]:
    theirs = f"{said.notice}.{said.language}.txt"
    file = theirs if theirs in _FILES else f"{said.notice}.txt"
    subject, _, text = (_TEXTS / file).read_text(encoding="utf-8").partition("\n\n")
    return subject, text.replace("{code}", said.code)


def _hand_over(server: smtplib.SMTP, message: EmailMessage) -> None:
    """Send a message; what the server says of the recipient or the message decides, what it says of us is a delay."""
    try:
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
    except smtplib.SMTPDataError as error:
        code = error.smtp_code
    else:
        return
    if code in _PERMANENT:
        raise MailRefusedError(f"the mail server refused this message for good ({code})")
    raise MailDelayedError(f"the mail server put this message off ({code})")


def _said(error: Exception) -> str:
    return str(error.smtp_code) if isinstance(error, smtplib.SMTPResponseException) else type(error).__name__
