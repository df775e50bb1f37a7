"""A safe contact: given by the patient alone, confirmed by a code, removed at once; nothing sent says anything."""

import hmac
import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec
import structlog
from sqlalchemy.orm import Session

from governance.config.mail import is_address
from governance.crypto.data_keys import DataKeys, KeyGoneError, owner_of
from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import EpochGoneError, Keyring, length_prefixed
from governance.decision.vocabulary import Instant
from governance.ledger.outbox.mailing import Letter, enqueue_mail
from governance.ledger.rows import forget, keep
from governance.patients.contact.errors import BadContactError, TooSoonError
from governance.patients.contact.models import SafeContact
from governance.ui.clock import HERE, on_the_wall, to_instant
from governance.ui.mail import Notice

_PLACE: Final = ("safe_contact", "sealed_contact")
_MINUTE: Final = 60_000_000
CODE_LASTS: Final = 60 * _MINUTE
_BETWEEN_CODES: Final = _MINUTE
MOST_TRIES: Final = 5
_HOURS: Final = range(24)
_UNREADABLE: Final = (EnvelopeError, EpochGoneError, KeyGoneError)
_log = structlog.get_logger()


class Contact(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where to write, and between which hours not to (by the clock that pages speak of); both None: at any time."""

    address: str
    quiet_from: int | None = None
    quiet_to: int | None = None
    language: str = ""
    """Of the page where it was given, and so of what is sent; none of those that are older: they get English."""
    zone: str = HERE
    """By whose clock the hours are, by its IANA name."""

    def checked(self) -> "Contact":
        """Return it. Raises `BadContactError`."""
        if not is_address(self.address):
            raise BadContactError("we cannot write to this address; type it like name@example.org")
        hours = (self.quiet_from, self.quiet_to)
        if hours != (None, None) and (not all(hour in _HOURS for hour in hours) or self.quiet_from == self.quiet_to):
            raise BadContactError("give two different hours, or none")
        return self

    def next_time(self, now: Instant) -> Instant:
        """Return the next instant at which a message may be sent: now, or when the quiet hours end."""
        if self.quiet_from is None or self.quiet_to is None:
            return now
        at = on_the_wall(now, self.zone)
        if not _is_between(at.hour, self.quiet_from, self.quiet_to):
            return now
        end = at.replace(hour=self.quiet_to, minute=0, second=0, microsecond=0)
        # Of the wall's clock, not of hours gone by: the day that summer time ends has 25.
        return to_instant(end if end > at else end + timedelta(days=1))


def _is_between(hour: int, start: int, end: int) -> bool:
    return start <= hour < end if start < end else hour >= start or hour < end


def contact_of(session: Session, keyring: Keyring, patient_id: UUID) -> tuple[Contact, bool] | None:
    """Return where a patient may be written to and whether it is confirmed; none if nowhere, or if it does not open."""
    row = session.get(SafeContact, patient_id)
    if row is None:
        return None
    try:
        key = DataKeys(session, keyring).known(owner_of("patient", patient_id))
        sealed = key.unseal(row.sealed_contact, *_PLACE, str(patient_id))
    except _UNREADABLE as error:
        _log.critical("safe_contact_unreadable", code=error.code)
        return None
    return msgspec.json.decode(sealed, type=Contact), row.confirmed is not None


def set_contact(session: Session, keyring: Keyring, patient_id: UUID, wanted: Contact, now: Instant) -> None:
    """Note where a patient wants to be written to, and send a code there; the door has asked for proof.

    Nothing else is sent before the code comes back. Raises `BadContactError`, `TooSoonError`, `KeyGoneError`.
    """
    wanted.checked()
    row = session.get(SafeContact, patient_id, with_for_update=True) or SafeContact(patient_id=patient_id, code_until=0)
    if row.code_digest and now < row.code_until - CODE_LASTS + _BETWEEN_CODES:
        raise TooSoonError("we sent a code a moment ago; wait a minute, then ask for another one")
    code, owner = f"{secrets.randbelow(10**6):06}", owner_of("patient", patient_id)
    key = DataKeys(session, keyring).of(owner)
    row.sealed_contact = key.seal(msgspec.json.encode(wanted), *_PLACE, str(patient_id))
    row.confirmed, row.tries, row.code_until = None, 0, now + CODE_LASTS
    row.code_digest = _digest(keyring, patient_id, code)
    keep(session, keyring, row, of=owner)
    # At once, whatever the quiet hours: the person sits there and waits for it.
    enqueue_mail(session, keyring, Letter(owner, wanted.address, Notice.CODE, code, wanted.language), now=now)


def confirm(session: Session, keyring: Keyring, patient_id: UUID, code: str, now: Instant) -> bool:
    """Take the code that was sent; say whether it was the right one. After five wrong ones none is."""
    row = session.get(SafeContact, patient_id, with_for_update=True)
    if row is None or not row.code_digest or row.tries >= MOST_TRIES or now >= row.code_until:
        return False
    row.tries += 1
    good = hmac.compare_digest(row.code_digest, _digest(keyring, patient_id, code.strip()))
    if good:
        row.confirmed, row.code_digest = now, ""
    keep(session, keyring, row, of=owner_of("patient", patient_id))
    return good


def remove_contact(session: Session, keyring: Keyring, patient_id: UUID) -> None:
    """Write there no more, from this moment; any session of the patient may."""
    row = session.get(SafeContact, patient_id, with_for_update=True)
    if row is not None:
        forget(session, keyring, row)


def _digest(keyring: Keyring, patient_id: UUID, code: str) -> str:
    said = length_prefixed(str(patient_id), code)
    return hmac.digest(keyring.derive("safe_contact.code"), said, "sha256").hex()
