"""What a patient's own pages call what their choices speak of: badge names, and what they typed themselves."""

from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import Instant
from governance.effective.roster import badge_names
from governance.identity.models import Platform
from governance.optout.own.places import place_names
from governance.patients.service import find_patient


def names_for(session: Session, keyring: Keyring, person: tuple[UUID, UUID], now: Instant) -> dict[str, str]:
    """Return names by the digests that stand for them: of accounts, places, organisations and the person's forum.

    `person` is an account's id and its forum's.
    """
    account_id, platform_id = person
    names = {str(key): name for key, name in badge_names(session, keyring, platform_id, now).items()}
    forum = session.get(Platform, platform_id)
    if forum is not None:
        names[str(forum.id)] = forum.shown
    patient = find_patient(session, account_id)
    return names if patient is None else {**names, **place_names(session, keyring, patient.id)}
