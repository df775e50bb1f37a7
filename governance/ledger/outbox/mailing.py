"""The kind of job that sends mail: each message is one job, and says nothing but that there is something new."""

import hmac
from collections.abc import Callable
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from governance.config.mail import MailSettingsError
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.ledger.outbox.backoff import HOUR
from governance.ledger.outbox.errors import BadPayloadError, HopelessJobError
from governance.ledger.outbox.handlers import Effect, Handler, nothing
from governance.ledger.outbox.sealing import Parting, Personal
from governance.ledger.outbox.service import Work, enqueue
from governance.ui.mail import Filled, MailAddressError, MailRefusedError, Notice

MAIL: Final = "mail"
PARTING: Final = 24 * HOUR
"""How long the last message to somebody may be on its way."""
_REFERENCE_DIGITS: Final = 32


class MailGoneError(HopelessJobError):
    """This message cannot be delivered: the address is none, or its server refused it for good."""

    code = "mail_gone"


class Sender(Protocol):
    """What hands a message to a mail server: a `Mailer`."""

    def send(self, to: str, notice: Notice | Filled, reference: str, now: Instant) -> None:
        """Send a message."""


class Letter(NamedTuple):
    """To whom a message goes, and what it says."""

    owner: str
    """Whose address it is, as `owner_of` names them."""
    to: str
    notice: Notice
    code: str = ""
    """What stands in the text, where the notice has a place for it."""
    language: str = ""
    """In which one; English if the notice is not written in it."""

    @property
    def payload(self) -> dict[str, str | int]:
        """Return what the job holds."""
        told: dict[str, str | int] = {"to": self.to, "notice": self.notice.value}
        more = {"code": self.code, "language": self.language}
        return {**told, **{name: said for name, said in more.items() if said}}


def enqueue_mail(session: Session, keyring: Keyring, letter: Letter, *, now: Instant) -> UUID:
    """Have a message sent once the caller's transaction is committed. The address is sealed until then, and gone after.

    A person has one only if they gave it for this; a job that is done leaves nothing behind. Of somebody who is erased
    meanwhile it does not open, and nothing is sent. `now` may lie ahead: it is then sent no sooner.
    Raises `KeyGoneError` if they were erased before.
    """
    return enqueue(session, keyring, MAIL, Personal(letter.owner, letter.payload), now)


def enqueue_parting_mail(session: Session, keyring: Keyring, letter: Letter, *, now: Instant) -> UUID:
    """Have the last message sent to somebody who is erased in the caller's transaction: that they were.

    It cannot be sealed under their key. So it is sent within a day or not at all, and is no dead letter in any case.
    """
    payload = {**letter.payload, "until": now + PARTING}
    return enqueue(session, keyring, MAIL, Parting(letter.owner, payload), now)


def mail_handler(sender: Sender | None, keyring: Keyring, clock: Callable[[], Instant]) -> Handler:
    """Return what sends mail; without a sender, mail waits and the alarm says so."""

    def send(work: Work) -> Effect:
        to, notice = _address_and_notice(work)
        until = work.payload.get("until")
        if isinstance(until, int) and clock() >= until:
            return nothing
        if sender is None:
            raise MailSettingsError("no mail server is set; set `GOVERNANCE_SMTP_HOST` and `GOVERNANCE_SMTP_FROM`")
        try:
            sender.send(to, notice, reference_of(keyring, work.id), clock())
        except (MailAddressError, MailRefusedError) as error:
            if until is None:
                raise MailGoneError(str(error)) from error
        return nothing

    return send


def reference_of(keyring: Keyring, job_id: UUID) -> str:
    """Return the message's own name, the same at every try, so that whoever gets it twice can tell.

    Keyed: from a message nobody finds the job, or when it was written.
    """
    return hmac.digest(keyring.derive("mail.reference"), job_id.bytes, "sha256").hex()[:_REFERENCE_DIGITS]


def _address_and_notice(work: Work) -> tuple[str, Filled]:
    to, notice = work.payload.get("to"), work.payload.get("notice")
    if not isinstance(to, str) or notice not in set(Notice):
        raise BadPayloadError("a mail job needs an address and a notice")
    return to, Filled(Notice(notice), str(work.payload.get("code", "")), str(work.payload.get("language", "")))
