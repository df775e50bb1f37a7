"""What a patient's own page says: what is in force for them now, since when, and for whom."""

from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from governance.crypto.data_keys import KeyGoneError
from governance.crypto.envelope import EnvelopeError
from governance.crypto.keys import EpochGoneError, Keyring
from governance.decision.vocabulary import AccountKey, Instant
from governance.disclosure.service import current_acknowledgement
from governance.effective.roster import Professional, professionals_on
from governance.identity.models import Account
from governance.identity.service import account_name
from governance.optout import service as optout
from governance.optout.ages import Age
from governance.optout.choices import Choices
from governance.optout.models import Directive
from governance.optout.words import Person, people_named
from governance.patients.service import find_patient, patient_for

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Standing:
    """A patient's choices in force; none of it while they have chosen nothing.

    `team` are those of the care team who are on this forum, `elsewhere` counts the others.
    """

    choices: Choices | None
    since: Instant | None
    team: tuple[Professional, ...]
    elsewhere: int
    was_told: bool
    people: tuple[Person, ...] = ()
    """Who has a level or a refusal of their own."""
    age: Age = Age.UNKNOWN


def standing(session: Session, keyring: Keyring, account_id: UUID, platform_id: UUID, now: Instant) -> Standing:
    """Return what is in force for the person behind an account; looking leaves nothing behind."""
    patient = find_patient(session, account_id)
    if patient is None:
        return Standing(None, None, (), 0, was_told=False)
    was_told = current_acknowledgement(session, patient.id) is not None
    chosen = optout.chosen(session, keyring, patient.id)
    if chosen is None:
        return Standing(None, None, (), 0, was_told=was_told)
    choices = chosen.choices
    here = professionals_on(session, keyring, platform_id, now, choices.spoken_of)
    team = tuple(professional for professional in here if professional.key in choices.team)
    people = people_named(choices, {professional.key: professional.name for professional in here})
    elsewhere, age = len(choices.team) - len(team), Age.at(patient.adult_from, now)
    return Standing(choices, chosen.since, team, elsewhere, was_told=was_told, people=people, age=age)


def name_at_the_forum(session: Session, keyring: Keyring, account_id: UUID) -> str:
    """Return the id by which a forum calls an account, for the eyes of its owner alone.

    Nothing if it cannot be read, as after an erasure: no page, and no press on it, depends on a name.
    """
    account = session.get_one(Account, account_id)
    try:
        return account_name(session, keyring, account)
    except (EnvelopeError, EpochGoneError) as error:
        _log.critical("account_name_unreadable", code=error.code)
    except KeyGoneError:
        # Erased: what was meant to be gone is gone.
        pass
    return ""


def hide(session: Session, keyring: Keyring, account: tuple[UUID, UUID, AccountKey], now: Instant) -> Directive | None:
    """Hide the person behind an account (id, platform, key) from everyone signed in as a professional, at once."""
    patient = patient_for(session, keyring, account, now)
    return optout.hide(session, keyring, patient.id, now)
