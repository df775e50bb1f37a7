"""What becomes of guardians' links when a forum tells of a guardian's account. No HTTP, no clock."""

from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.data_keys import KeyGoneError, owner_of
from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.ledger.rows import keep
from governance.patients.contact.notices import Kind, notify
from governance.patients.guardians.models import Guardianship
from governance.patients.guardians.service import Links
from governance.patients.service import find_patient

_LEFT = "account_left"


def guardian_left(session: Session, keyring: Keyring, account_id: UUID, now: Instant) -> None:
    """End every link of an account whose holder left: the next one is nobody's guardian.

    What the guardian refused stays until it is taken away, as after every end.
    """
    for link in open_links(session, account_id):
        _end(session, keyring, link, now)


def guardian_moved(session: Session, keyring: Keyring, old: UUID, new: UUID, now: Instant) -> None:
    """Have a guardian's links go on with the account that they have now; nobody becomes their own guardian."""
    own = find_patient(session, new)
    for link in open_links(session, old):
        if own is not None and own.id == link.patient_id:
            _end(session, keyring, link, now)
            continue
        link.account_id = new
        keep(session, keyring, link, of=owner_of("patient", link.patient_id))


def open_links(session: Session, account_id: UUID) -> list[Guardianship]:
    """Return the links of a guardian's account that nobody ended."""
    return [link for link in Guardianship.of_account(session, account_id) if link.ended is None]


def _end(session: Session, keyring: Keyring, link: Guardianship, now: Instant) -> None:
    try:
        Links(session, keyring, now).end(link.id, _LEFT)
    except KeyGoneError:
        # Nothing of it can be read any more, so nobody acts by it either.
        return
    notify(session, keyring, link.patient_id, Kind.GUARDIAN, now)
