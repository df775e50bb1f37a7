"""Putting right what somebody was made to choose, or chose by mistake: it closes only, so it counts at once."""

from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from governance.crypto.keys import Keyring
from governance.decision.vocabulary import AccountKey, Instant, Level
from governance.optout import service as optout
from governance.optout.choices import Named
from governance.optout.models import Directive
from governance.optout.waiting import End, drop_all
from governance.patients.hiding.service import hide_history
from governance.patients.service import patient_for


class What(StrEnum):
    """What to put in force instead."""

    HIDE = "hide"
    ONE = "one"
    STOP = "stop"
    """Nothing: what waits is stopped, and no more."""


class Wish(NamedTuple):
    """What a person wants put right."""

    what: What
    whom: AccountKey | None = None
    was_made: bool = False
    """Whether they were made to do what they undo: then nothing of it is told, here or anywhere."""


def put_right(
    session: Session, keyring: Keyring, account: tuple[UUID, UUID, AccountKey], wish: Wish, now: Instant
) -> Directive | None:
    """Stop everything that waits for the person behind an account (id, platform, key), and close what they say.

    Asks for no proof and sends nothing to anybody. Returns the newest version; None where nothing was ever chosen, or
    where it could not be sealed.
    """
    patient = patient_for(session, keyring, account, now)
    drop_all(session, keyring, patient.id, End.CANCELLED, now)
    if wish.was_made:
        hide_history(session, keyring, patient.id, now)
    match wish:
        case Wish(what=What.HIDE):
            return optout.hide(session, keyring, patient.id, now)
        case Wish(what=What.ONE, whom=whom) if whom is not None:
            return _say_no_to(session, keyring, patient.id, whom, now)
    return Directive.latest(session, patient.id)


def _say_no_to(session: Session, keyring: Keyring, patient_id: UUID, whom: AccountKey, now: Instant) -> Directive:
    body = optout.body_in_force(session, keyring, patient_id)
    chosen = body.choices
    others = {one for one in chosen.named if one.account != whom}
    wanted = chosen._replace(named=frozenset({*others, Named(whom, Level.CLOSED)}))
    # INVARIANT: this opens nothing, so it need not be asked of the ratchet: a refusal of everything by name binds
    # whatever else is permitted, and no line of anybody else is touched.
    return optout.put_in_force(session, keyring, patient_id, body.followed_by(wanted, now), now)
